/** What this machine can do at most, and what each kernel reaches of it. */
module dev.unroll.bench {
  requires static org.jspecify;
  requires static jdk.incubator.vector;
  requires dev.unroll.core;
  requires dev.unroll.testing;
}
