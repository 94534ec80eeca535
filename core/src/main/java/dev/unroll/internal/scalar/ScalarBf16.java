package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.Fma.fma;

import dev.unroll.internal.spi.Bf16Kernels;

/** Products with a matrix stored as bfloat16, the plain twin. */
public final class ScalarBf16 implements Bf16Kernels {

  private static final int LANES = 8;
  private static final int UPPER = 0xFFFF0000;

  /** Stateless. */
  public ScalarBf16() {}

  @Override
  public void row(int vectors, int k, float[] a, int a0, int[] b, int b0, float[] c, int c0) {
    int ints = ints(vectors);
    for (int p = 0; p < k; p++) {
      float x = a[a0 + p];
      int from = b0 + p * ints;
      for (int j = 0; j < ints; j++) {
        c[c0 + j] = fma(x, lower(b[from + j]), c[c0 + j]);
      }
      for (int j = ints; j < vectors * LANES; j++) {
        c[c0 + j] = fma(x, upper(b[from + j - ints]), c[c0 + j]);
      }
    }
  }

  @Override
  public void pair(
      int k, float[] a, int a0, int[] b, int b0, int step, float[] c, int c0, int cStep) {
    row(GROUP_VECTORS, k, a, a0, b, b0, c, c0);
    row(GROUP_VECTORS, k, a, a0, b, b0 + step, c, c0 + cStep);
  }

  @Override
  public void unpack(
      int vectors, int k0, int rows, int[] b, int b0, float[] to, int to0, int ldTo) {
    int ints = ints(vectors);
    int width = vectors * LANES;
    for (int p = 0; p < rows; p++) {
      int from = b0 + (k0 + p) * ints;
      int at = to0 + p * ldTo;
      for (int j = 0; j < ints; j++) {
        to[at + j] = lower(b[from + j]);
      }
      for (int j = ints; j < width; j++) {
        to[at + j] = upper(b[from + j - ints]);
      }
    }
  }

  /** Ints of one row of a group. */
  private static int ints(int vectors) {
    return (vectors == GROUP_VECTORS ? GROUP_VECTORS / 2 : 1) * LANES;
  }

  private static float lower(int pair) {
    return Float.intBitsToFloat(pair << 16);
  }

  private static float upper(int pair) {
    return Float.intBitsToFloat(pair & UPPER);
  }
}
