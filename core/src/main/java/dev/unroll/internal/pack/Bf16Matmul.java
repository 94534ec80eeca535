package dev.unroll.internal.pack;

import static dev.unroll.internal.spi.Bf16Kernels.GROUP_VECTORS;

import dev.unroll.internal.spi.Bf16Kernels;
import dev.unroll.internal.spi.MatmulKernels;

/**
 * Products C = C + A B with a B stored as bfloat16, see {@link Bf16Kernels}; with the buffer that
 * one thread needs for it.
 *
 * <p>One row is bound by the bytes of B, which are half as many as of floats: it reads them as they
 * are. Several rows are bound by arithmetic: a block of a group becomes floats, which stay in the
 * L2 cache while all rows pass.
 */
public final class Bf16Matmul {

  /** Rows of B that become floats at once. */
  private static final int K_BLOCK = 256;

  private final Bf16Kernels kernels;
  private final MatmulKernels matmul;
  private final TileShape shape;
  private final int lanes;
  private float[] floats = {};

  /** Products by these kernels. */
  public Bf16Matmul(Bf16Kernels kernels, MatmulKernels matmul) {
    this.kernels = kernels;
    this.matmul = matmul;
    shape = matmul.shape();
    lanes = shape.lanes();
  }

  /** The groups of so many columns, which are whole vectors. */
  public static int groups(int columns, int lanes) {
    int vectors = columns / lanes;
    return vectors / GROUP_VECTORS + vectors % GROUP_VECTORS;
  }

  /** The first vector of a group. */
  public static int firstVector(int group, int columns, int lanes) {
    int full = columns / lanes / GROUP_VECTORS;
    return group <= full ? group * GROUP_VECTORS : full * GROUP_VECTORS + group - full;
  }

  /** The first int of a group of a matrix with {@code k} rows. */
  public static int firstInt(int group, int columns, int lanes, int k) {
    int full = columns / lanes / GROUP_VECTORS;
    int half = GROUP_VECTORS / 2;
    int vectors = group <= full ? group * half : full * half + group - full;
    return vectors * lanes * k;
  }

  /** What the buffer takes at the moment. */
  public long bytes() {
    return 4L * floats.length;
  }

  /**
   * All rows, the groups [group0, group1).
   *
   * @param columns of B and C, whole vectors
   */
  public void run(
      int rows,
      int columns,
      int k,
      float[] a,
      int a0,
      int lda,
      int[] b,
      float[] c,
      int c0,
      int ldc,
      int group0,
      int group1) {
    for (int group = group0; group < group1; group++) {
      int first = firstVector(group, columns, lanes);
      int vectors = firstVector(group + 1, columns, lanes) - first;
      int column = first * lanes;
      int b0 = firstInt(group, columns, lanes, k);
      if (rows == 1) {
        kernels.row(vectors, k, a, a0, b, b0, c, c0 + column);
      } else {
        group(rows, vectors, k, a, a0, lda, b, b0, c, c0 + column, ldc);
      }
    }
  }

  private void group(
      int rows,
      int vectors,
      int k,
      float[] a,
      int a0,
      int lda,
      int[] b,
      int b0,
      float[] c,
      int c0,
      int ldc) {
    int width = vectors * lanes;
    if (floats.length < K_BLOCK * GROUP_VECTORS * lanes) {
      floats = new float[K_BLOCK * GROUP_VECTORS * lanes];
    }
    for (int k0 = 0; k0 < k; k0 += K_BLOCK) {
      int kc = Math.min(K_BLOCK, k - k0);
      kernels.unpack(vectors, k0, kc, b, b0, floats, 0);
      int left = vectors;
      while (left > 0) {
        int panel = shape.nextPanel(left);
        int at = (vectors - left) * lanes;
        int to = c0 + at;
        matmul.panel(panel, rows, kc, a, a0 + k0, lda, floats, at, width, c, to, ldc, c, to, ldc);
        left -= panel;
      }
    }
  }
}
