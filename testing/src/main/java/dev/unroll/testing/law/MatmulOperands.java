package dev.unroll.testing.law;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;

/** Dense operands of one shape, moderate data, and how two ways to one product are compared. */
record MatmulOperands(MatmulLaws laws, int m, int n, int k, long seed) {

  float[] a() {
    return Fill.MODERATE.array(m * k, seed);
  }

  float[] b() {
    return Fill.MODERATE.array(k * n, seed + 1);
  }

  Reproducer where(String law) {
    return laws.start.with("law", law).shape("m=" + m + " n=" + n + " k=" + k).seed(seed);
  }

  float[] product() {
    return multiply(m, n, k, a(), b());
  }

  /** A plain product by the kernel; C is NaN before. */
  float[] multiply(int rows, int columns, int depth, float[] a, float[] b) {
    float[] c = new float[rows * columns];
    java.util.Arrays.fill(c, Float.NaN);
    laws.gemm.multiply(
        false, false, rows, columns, depth, 1, a, 0, depth, b, 0, columns, 0, c, 0, columns);
    return c;
  }

  /**
   * Two ways to the product of {@link #a} and {@link #b}: the same bits with one order, else within
   * twice the bound, each way having its error.
   */
  void same(float[] got, float[] expected, Reproducer where) {
    if (laws.oneOrder) {
      bits(got, expected, where);
      return;
    }
    double[] bound = ErrorBounds.matmul(MatmulCase.of(m, n, k, a(), b()));
    double[] wide = new double[expected.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = expected[i];
      bound[i] *= 2;
    }
    FloatAssert.assertWithin(got, 0, wide, bound, got.length, where);
  }

  static void bits(float[] got, float[] expected, Reproducer where) {
    FloatAssert.assertBitsEqual(got, 0, expected, 0, expected.length, where);
  }

  /** {@code |A| |X|} for an X of the shape of B. */
  double[] magnitude(float[] x) {
    return ReferenceMatmul.magnitude(MatmulCase.of(m, n, k, a(), x));
  }

  static float[] transpose(float[] x, int rows, int columns) {
    float[] y = new float[x.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[j * rows + i] = x[i * columns + j];
      }
    }
    return y;
  }

  static float[] scaled(float[] x, float scale) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = scale * x[i];
    }
    return y;
  }
}
