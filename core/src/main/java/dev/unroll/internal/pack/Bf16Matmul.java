package dev.unroll.internal.pack;

import static dev.unroll.internal.spi.Bf16Kernels.GROUP_VECTORS;

import dev.unroll.internal.spi.Bf16Kernels;
import dev.unroll.internal.spi.MatmulKernels;

/**
 * Products C = C + A B with a B stored as bfloat16, see {@link Bf16Kernels}; with the buffer that
 * one thread needs for it.
 *
 * <p>One row is bound by the bytes of B, which are half as many as of floats: it reads them as they
 * are. Several rows are bound by arithmetic: a block of some groups becomes floats, which stay in
 * the L2 cache while all rows pass.
 */
public final class Bf16Matmul {

  /** Rows of B that become floats at once. */
  private static final int K_BLOCK = 256;

  /** Vectors of columns that become floats at once: whole groups, and whole panels. */
  private static final int BLOCK_VECTORS = 3 * GROUP_VECTORS;

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

  /** The first int of a group of a matrix with {@code k} rows, {@link Packing#START} included. */
  public static int firstInt(int group, int columns, int lanes, int k) {
    return Packing.START + intsOfRow(group, columns, lanes) * k;
  }

  /**
   * The ints of a matrix with {@code k} rows, {@link Packing#START} included.
   *
   * @throws ArithmeticException if they are too many for one array
   */
  public static int ints(int columns, int lanes, int k) {
    int row = intsOfRow(groups(columns, lanes), columns, lanes);
    return Math.addExact(Packing.START, Math.multiplyExact(k, row));
  }

  /** The ints that one row takes in the groups before {@code group}. */
  private static int intsOfRow(int group, int columns, int lanes) {
    int full = columns / lanes / GROUP_VECTORS;
    int half = GROUP_VECTORS / 2;
    return lanes * (group <= full ? group * half : full * half + group - full);
  }

  /** What the buffer takes at the moment. */
  public long bytes() {
    return 4L * floats.length;
  }

  /**
   * All rows, the groups [group0, group1).
   *
   * @param columns of B and C, whole vectors
   * @param backwards whether one row walks from the last group to the first, see {@link
   *     Product#backwards}
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
      int group1,
      boolean backwards) {
    if (rows == 1) {
      row(columns, k, a, a0, b, c, c0, group0, group1, backwards);
      return;
    }
    int end;
    for (int group = group0; group < group1; group = end) {
      end = group + 1;
      int first = firstVector(group, columns, lanes);
      while (end < group1 && firstVector(end + 1, columns, lanes) - first <= BLOCK_VECTORS) {
        end++;
      }
      block(rows, columns, k, a, a0, lda, b, c, c0 + first * lanes, ldc, group, end);
    }
  }

  /** One row: pairs of full groups, as far apart as they are many; then what is left. */
  private void row(
      int columns,
      int k,
      float[] a,
      int a0,
      int[] b,
      float[] c,
      int c0,
      int group0,
      int group1,
      boolean backwards) {
    int full = Math.max(0, Math.min(group1, columns / lanes / GROUP_VECTORS) - group0);
    int pairs = full / 2;
    int visits = group1 - group0 - pairs;
    for (int visit = 0; visit < visits; visit++) {
      int i = backwards ? visits - 1 - visit : visit;
      int group = i < pairs ? group0 + i : group1 - visits + i;
      int first = firstVector(group, columns, lanes);
      int b0 = firstInt(group, columns, lanes, k);
      int to = c0 + first * lanes;
      if (i < pairs) {
        int cStep = pairs * GROUP_VECTORS * lanes;
        kernels.pair(k, a, a0, b, b0, k * cStep / 2, c, to, cStep);
      } else {
        int vectors = firstVector(group + 1, columns, lanes) - first;
        kernels.row(vectors, k, a, a0, b, b0, c, to);
      }
    }
  }

  /** Several rows: groups that are neighbours become panels of floats. */
  private void block(
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
    int first = firstVector(group0, columns, lanes);
    int all = firstVector(group1, columns, lanes) - first;
    int width = all * lanes;
    if (floats.length < K_BLOCK * BLOCK_VECTORS * lanes) {
      floats = new float[K_BLOCK * BLOCK_VECTORS * lanes];
    }
    for (int k0 = 0; k0 < k; k0 += K_BLOCK) {
      int kc = Math.min(K_BLOCK, k - k0);
      for (int group = group0; group < group1; group++) {
        int vector = firstVector(group, columns, lanes);
        int vectors = firstVector(group + 1, columns, lanes) - vector;
        int b0 = firstInt(group, columns, lanes, k);
        kernels.unpack(vectors, k0, kc, b, b0, floats, (vector - first) * lanes, width);
      }
      int left = all;
      while (left > 0) {
        int panel = shape.nextPanel(left);
        int at = (all - left) * lanes;
        int to = c0 + at;
        matmul.panel(panel, rows, kc, a, a0 + k0, lda, floats, at, width, c, to, ldc, c, to, ldc);
        left -= panel;
      }
    }
  }
}
