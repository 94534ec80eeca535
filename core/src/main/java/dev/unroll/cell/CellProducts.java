package dev.unroll.cell;

import dev.unroll.internal.pack.Bf16Matmul;
import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.parallel.SplitMatmul;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Products with the packed matrices of a cell, in whichever way they are stored, over threads. */
final class CellProducts {

  private static final float[] NONE = {};

  /**
   * Multiplications of halves below which another thread is not worth its waking. Floats, which are
   * twice the bytes to read, are split earlier, see {@link SplitMatmul}.
   */
  private static final long WORTH_SPLITTING = 1L << 19;

  private final SplitMatmul floats;
  private final Bf16Matmul[] halves;
  private final Parallelism parallelism;
  private final int lanes;
  private final Product p = new Product();
  private final IntConsumer part = this::part;
  private int @Nullable [] b;
  private int width;
  private int parts;
  private boolean inTurns;
  private boolean backwards;

  CellProducts(KernelSet kernels, Parallelism threads) {
    floats = Splits.of(kernels, threads);
    parallelism = threads;
    lanes = kernels.matmul().shape().lanes();
    halves = new Bf16Matmul[threads.threads()];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = new Bf16Matmul(kernels.bf16(), kernels.matmul());
    }
  }

  /** The products of floats, for matrices that are not packed. */
  SplitMatmul floats() {
    return floats;
  }

  long bytes() {
    long bytes = floats.workspaceBytes();
    for (Bf16Matmul half : halves) {
      bytes += half.bytes();
    }
    return bytes;
  }

  /** How the next products walk through B, see {@link Product#inTurns}. */
  void walk(boolean turns, boolean fromTheEnd) {
    inTurns = turns;
    backwards = turns && fromTheEnd;
  }

  /**
   * {@code c = c + a B} when {@code add}, else {@code c = bias + a B}, for all columns of B,
   * padding included.
   *
   * @param bias a row that all chains start from; null for 0
   */
  void run(
      PackedPart with,
      boolean add,
      float @Nullable [] bias,
      int rows,
      float[] a,
      int a0,
      int lda,
      float[] c,
      int c0,
      int ldc) {
    p.m = rows;
    p.n = with.width();
    p.k = with.k();
    p.beta = add ? 1 : 0;
    p.bias = bias;
    p.a = a;
    p.a0 = a0;
    p.lda = lda;
    p.c = c;
    p.c0 = c0;
    p.ldc = ldc;
    int[] stored = with.halves();
    if (stored == null) {
      p.b = with.floats();
      p.b0 = Packing.START;
      p.panels = with.panels();
      p.inTurns = inTurns;
      p.backwards = backwards;
      floats.run(p, with.panels());
    } else {
      runHalves(stored, add);
    }
    p.release();
    p.bias = null;
  }

  private void runHalves(int[] stored, boolean add) {
    if (!add) {
      start();
    }
    b = stored;
    width = p.n;
    int groups = Bf16Matmul.groups(p.n, lanes);
    long work = (long) p.m * p.n * p.k;
    parts = work < WORTH_SPLITTING ? 1 : Math.min(halves.length, groups);
    if (parts == 1) {
      part(0);
    } else {
      parallelism.run(parts, part);
    }
    b = null;
  }

  private void start() {
    float[] bias = p.bias;
    for (int row = 0; row < p.m; row++) {
      int at = p.c0 + row * p.ldc;
      if (bias == null) {
        Arrays.fill(p.c, at, at + p.n, 0f);
      } else {
        System.arraycopy(bias, 0, p.c, at, p.n);
      }
    }
  }

  private void part(int index) {
    int[] stored = b;
    if (stored == null) {
      throw new IllegalStateException("no product is running");
    }
    int groups = Bf16Matmul.groups(width, lanes);
    int from = (int) ((long) groups * index / parts);
    int to = (int) ((long) groups * (index + 1) / parts);
    halves[index].run(
        p.m, width, p.k, p.a, p.a0, p.lda, stored, p.c, p.c0, p.ldc, from, to, backwards);
  }

  /** Lets go of what the last call has seen. */
  void release() {
    p.a = NONE;
    p.c = NONE;
  }
}
