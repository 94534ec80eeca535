/**
 * Fast recurrent networks on the CPU in plain Java, with the same bits on every machine.
 *
 * <p>The Vector API is optional: without its module the scalar kernels run.
 */
module dev.unroll.core {
  requires static jdk.incubator.vector;
  requires static org.jspecify;
  // The VM's flags tell whether vectors and fused multiply-adds are instructions here.
  requires java.management;
  requires jdk.management;

  exports dev.unroll;
  exports dev.unroll.cell;
  exports dev.unroll.flow;
  exports dev.unroll.flow.attractor;
  exports dev.unroll.flow.task;
  exports dev.unroll.io;
  exports dev.unroll.kernel;
  exports dev.unroll.layer;
  exports dev.unroll.train;
  exports dev.unroll.internal.pack to
      dev.unroll.bench;
  exports dev.unroll.internal.scalar to
      dev.unroll.bench;
  exports dev.unroll.internal.simd to
      dev.unroll.bench;
  exports dev.unroll.internal.spi to
      dev.unroll.bench;
  exports dev.unroll.internal.svg to
      dev.unroll.bench;
}
