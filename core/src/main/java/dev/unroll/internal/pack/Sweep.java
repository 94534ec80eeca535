package dev.unroll.internal.pack;

import dev.unroll.internal.spi.MatmulKernels;
import java.util.Arrays;

/**
 * Few rows against a B that stands row by row and is larger than the L1 cache.
 *
 * <p>Tiles would walk down a panel of B: a step of a leading dimension at a time, which no
 * prefetcher follows and which, for a power of two, falls into the same few sets of the caches.
 * Here rows of B are read from their start to their end, and C stays in the L1 cache instead: in a
 * buffer whose rows follow each other closely, so that they spread over all sets, but lie at
 * different places of a page. Rows of C itself would often be whole pages apart, and a load waits
 * for an earlier store to the same place of another page.
 */
final class Sweep {

  /** Floats of C: half an L1 cache, beside the rows of B that pass. */
  private static final int C_FLOATS = 4 * 1024;

  private static final int PAGE_FLOATS = 1024;

  /** Floats between the places in a page of two rows that one kernel takes at once. */
  private static final int SKEW = 64;

  private final MatmulKernels kernels;
  private float[] block = {};

  Sweep(MatmulKernels kernels) {
    this.kernels = kernels;
  }

  /** What the buffer takes at the moment. */
  long bytes() {
    return 4L * block.length;
  }

  /**
   * The rows [row, row + rows) and columns [column, column + columns), a whole number of vectors
   * unless there is one row, over the kc rows of B from k0 on.
   *
   * @param a alpha op(A), from element (row, k0) on
   */
  void run(
      Product p,
      int row,
      int rows,
      int column,
      int columns,
      int k0,
      int kc,
      float[] a,
      int a0,
      int lda) {
    int lanes = kernels.shape().lanes();
    int parts = Math.ceilDiv(columns, Math.max(lanes, C_FLOATS / rows));
    int width = Math.ceilDiv(Math.ceilDiv(columns, parts), lanes) * lanes;
    // A single row has no other to be kept apart from.
    boolean direct = rows == 1;
    int ld = direct ? 0 : distance(width, lanes);
    if (block.length < rows * ld) {
      block = new float[rows * ld];
    }
    int b0 = p.b0 + k0 * p.ldb;
    boolean started = k0 > 0 || p.beta != 0;
    for (int j = column; j < column + columns; j += width) {
      int count = Math.min(width, column + columns - j);
      int c = p.c0 + row * p.ldc + j;
      float[] to = direct ? p.c : block;
      int to0 = direct ? c : 0;
      for (int i = 0; i < rows; i++) {
        int y = to0 + i * ld;
        if (!started && p.bias != null) {
          System.arraycopy(p.bias, p.bias0 + j, to, y, count);
        } else if (!started) {
          Arrays.fill(to, y, y + count, 0f);
        } else if (!direct) {
          System.arraycopy(p.c, c + i * p.ldc, to, y, count);
        }
      }
      kernels.sweep(rows, count, kc, a, a0, lda, p.b, b0 + j, p.ldb, to, to0, ld);
      for (int i = 0; i < rows && !direct; i++) {
        System.arraycopy(to, i * ld, p.c, c + i * p.ldc, count);
      }
    }
  }

  /**
   * From one row of the buffer to the next: no two of four have nearly the same place in a page.
   */
  private static int distance(int width, int lanes) {
    int ld = width;
    while (near(ld) || near(2 * ld) || near(3 * ld)) {
      ld += lanes;
    }
    return ld;
  }

  private static boolean near(int distance) {
    int inPage = distance % PAGE_FLOATS;
    return Math.min(inPage, PAGE_FLOATS - inPage) < SKEW;
  }
}
