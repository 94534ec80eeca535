/**
 * References, error measures, generators and laws for numerical code, ours or anybody's; depends on
 * nothing of Unroll.
 */
module dev.unroll.testing {
  requires static transitive org.jspecify;
  requires java.management;
  requires transitive net.jqwik.api;

  exports dev.unroll.testing.data;
  exports dev.unroll.testing.golden;
  exports dev.unroll.testing.guard;
  exports dev.unroll.testing.reference;
  exports dev.unroll.testing.structure;
  exports dev.unroll.testing.tolerance;
}
