package dev.unroll.cell;

import dev.unroll.internal.parallel.SplitMatmul;
import dev.unroll.internal.parallel.Splitter;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import java.util.function.IntConsumer;

/** Matrix products over the threads of a {@link Parallelism}. */
final class Splits {

  private Splits() {}

  static SplitMatmul of(KernelSet kernels, Parallelism threads) {
    return new SplitMatmul(kernels.matmul(), new Over(threads));
  }

  private record Over(Parallelism parallelism) implements Splitter {
    @Override
    public int threads() {
      return parallelism.threads();
    }

    @Override
    public void run(int parts, IntConsumer task) {
      parallelism.run(parts, task);
    }

    /** The threads are the caller's to end. */
    @Override
    public void close() {}
  }
}
