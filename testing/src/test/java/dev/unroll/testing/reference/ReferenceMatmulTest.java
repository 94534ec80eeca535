package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.unroll.testing.data.MatrixView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The references against products worked out by hand. */
class ReferenceMatmulTest {

  private static final float NAN = Float.NaN;

  // A = [1 2 3; 4 5 6], B = [7 -8; 9 10; -11 12]
  private static final double[] PRODUCT = {-8, 48, 7, 90};
  private static final double[] MAGNITUDE = {58, 64, 139, 154};

  private static MatrixView a(boolean transposed) {
    return transposed
        ? new MatrixView(new float[] {NAN, 1, 4, 2, 5, 3, 6}, 1, 2)
        : new MatrixView(new float[] {NAN, NAN, 1, 2, 3, NAN, 4, 5, 6}, 2, 4);
  }

  private static MatrixView b(boolean transposed) {
    return transposed
        ? new MatrixView(new float[] {7, 9, -11, NAN, NAN, -8, 10, 12}, 0, 5)
        : new MatrixView(new float[] {NAN, 7, -8, NAN, 9, 10, NAN, -11, 12}, 1, 3);
  }

  private static MatmulCase scaled(float alpha, float beta, MatrixView c, float @Nullable [] bias) {
    return new MatmulCase(
        false, false, 2, 2, 3, alpha, a(false), b(false), beta, c, bias, bias == null ? 0 : 1);
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void allTransposes(boolean transposeA, boolean transposeB) {
    MatrixView unread = MatrixView.dense(new float[] {NAN, NAN, NAN, NAN}, 2);
    MatmulCase p =
        new MatmulCase(
            transposeA, transposeB, 2, 2, 3, 1, a(transposeA), b(transposeB), 0, unread, null, 0);
    assertArrayEquals(PRODUCT, ReferenceMatmul.product(p));
    assertArrayEquals(MAGNITUDE, ReferenceMatmul.magnitude(p));
    assertArrayEquals(narrow(PRODUCT), FmaChain.product(p));
  }

  @Test
  void alphaBetaAndBias() {
    MatrixView c = new MatrixView(new float[] {NAN, 1, -2, NAN, 3, 4}, 1, 3);
    MatmulCase p = scaled(2, -3, c, new float[] {NAN, 100, -200});
    double[] expected = {-16 - 3 + 100, 96 + 6 - 200, 14 - 9 + 100, 180 - 12 - 200};
    double[] magnitude = {116 + 3 + 100, 128 + 6 + 200, 278 + 9 + 100, 308 + 12 + 200};
    assertArrayEquals(expected, ReferenceMatmul.product(p));
    assertArrayEquals(magnitude, ReferenceMatmul.magnitude(p));
    assertArrayEquals(narrow(expected), FmaChain.product(p));
  }

  @Test
  void biasAloneStartsTheSum() {
    MatrixView unread = MatrixView.dense(new float[] {NAN, NAN, NAN, NAN}, 2);
    MatmulCase p = scaled(1, -0.0f, unread, new float[] {NAN, 100, -200});
    double[] expected = {92, -152, 107, -110};
    assertArrayEquals(expected, ReferenceMatmul.product(p));
    assertArrayEquals(narrow(expected), FmaChain.product(p));
  }

  @Test
  void zeroAlphaDoesNotReadTheOperands() {
    MatrixView nan = MatrixView.dense(new float[] {NAN, NAN, NAN, NAN, NAN, NAN}, 3);
    MatrixView c = MatrixView.dense(new float[] {1, 2, 3, 4}, 2);
    MatmulCase p = new MatmulCase(false, false, 2, 2, 3, 0, nan, nan, 2, c, null, 0);
    assertArrayEquals(new double[] {2, 4, 6, 8}, ReferenceMatmul.product(p));
    assertArrayEquals(new double[] {2, 4, 6, 8}, ReferenceMatmul.magnitude(p));
    assertArrayEquals(new float[] {2, 4, 6, 8}, FmaChain.product(p));
  }

  @Test
  void withoutInnerDimensionOnlyTheStartIsLeft() {
    MatmulCase p = MatmulCase.of(1, 2, 0, new float[0], new float[0]);
    assertArrayEquals(new double[2], ReferenceMatmul.product(p));
    assertArrayEquals(new float[2], FmaChain.product(p));
  }

  @Test
  void nanAndInfinityAreNotSkippedForAZero() {
    float[] a = {0, 0};
    float[] b = {NAN, Float.POSITIVE_INFINITY, 1, 1};
    MatmulCase p = MatmulCase.of(1, 2, 2, a, b);
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, ReferenceMatmul.product(p));
    assertArrayEquals(new float[] {NAN, NAN}, FmaChain.product(p));
  }
}
