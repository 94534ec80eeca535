/**
 * References, error measures, generators and laws for numerical code, ours or anybody's; depends on
 * nothing of Unroll.
 */
module dev.unroll.testing {
  requires static org.jspecify;
  // Only the package mutation compiles.
  requires java.compiler;
  requires java.management;
  // Optional: the package arbitraries alone needs it, and who uses that requires jqwik anyway.
  requires static net.jqwik.api;

  exports dev.unroll.testing.arbitraries;
  exports dev.unroll.testing.data;
  exports dev.unroll.testing.golden;
  exports dev.unroll.testing.gradient;
  exports dev.unroll.testing.guard;
  exports dev.unroll.testing.jvm;
  exports dev.unroll.testing.law;
  exports dev.unroll.testing.mutation;
  exports dev.unroll.testing.reference;
  exports dev.unroll.testing.structure;
  exports dev.unroll.testing.sweep;
  exports dev.unroll.testing.tolerance;
}
