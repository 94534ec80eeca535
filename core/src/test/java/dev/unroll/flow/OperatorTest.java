package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class OperatorTest {

  @Test
  void powerIterationFindsTheLargestSingularValue() {
    Random random = new Random(1);
    for (int n = 1; n <= 40; n += 3) {
      double[] a = Approx.normal(random, n * (n + 2), 1);
      double norm = OperatorNorm.of(LinearOperator.dense(n, n + 2, a));
      Approx.relative(SingularValues.of(n, n + 2, a)[0], norm, 1e-10);
    }
  }

  @Test
  void normsOfExtremeOperators() {
    assertEquals(0, OperatorNorm.of(LinearOperator.dense(2, 2, new double[4])), 0);
    double[] huge = {1e300, 0, 0, 1e-300};
    Approx.relative(1e300, OperatorNorm.of(LinearOperator.dense(2, 2, huge)), 1e-15);
    double[] nan = {1, Double.NaN, 0, 1};
    assertTrue(Double.isNaN(OperatorNorm.of(LinearOperator.dense(2, 2, nan))));
  }

  @Test
  void singularValuesOfKnownMatrices() {
    // Diagonal, permuted; and of rank 1.
    Approx.relative(
        new double[] {5, 3, 0},
        SingularValues.of(3, 3, new double[] {0, -3, 0, 5, 0, 0, 0, 0, 0}),
        1e-15);
    Approx.relative(
        new double[] {Math.sqrt(14.0 * 5), 0},
        SingularValues.of(2, 3, new double[] {1, 2, 3, 2, 4, 6}),
        1e-15);
    // The Hilbert matrix of order 4; squares sum to the squared Frobenius norm, product = det.
    double[] hilbert = new double[16];
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        hilbert[i * 4 + j] = 1.0 / (i + j + 1);
        squares += hilbert[i * 4 + j] * hilbert[i * 4 + j];
      }
    }
    double[] values = SingularValues.of(4, 4, hilbert);
    double sum = 0;
    double product = 1;
    for (double value : values) {
      sum += value * value;
      product *= value;
    }
    Approx.relative(squares, sum, 1e-15);
    Approx.relative(1.0 / 6048000, product, 1e-11);
    Approx.relative(1.5002142800592426, values[0], 1e-14);
  }

  @Test
  void singularValuesAreThoseOfTheTransposed() {
    Random random = new Random(3);
    double[] a = Approx.normal(random, 7 * 4, 1);
    double[] transposed = new double[a.length];
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 4; j++) {
        transposed[j * 7 + i] = a[i * 4 + j];
      }
    }
    assertArrayEquals(SingularValues.of(7, 4, a), SingularValues.of(4, 7, transposed), 0);
    assertEquals(0, SingularValues.of(0, 3, new double[0]).length);
  }

  @Test
  void singularValuesSurviveExtremeScales() {
    for (double scale : new double[] {1e-300, 1e300}) {
      double[] values = SingularValues.of(2, 2, new double[] {scale, scale, 0, scale});
      double golden = (1 + Math.sqrt(5)) / 2;
      Approx.relative(golden * scale, values[0], 1e-15);
      Approx.relative(scale / golden, values[1], 1e-15);
    }
  }

  @Test
  void spectralRadiusOfKnownMatrices() {
    // A rotation by 1 radian, scaled: complex eigenvalues.
    double c = 0.8 * Math.cos(1);
    double s = 0.8 * Math.sin(1);
    Approx.relative(0.8, SpectralRadius.of(2, new double[] {c, -s, s, c}), 1e-10);
    Approx.relative(3, SpectralRadius.of(2, new double[] {1, 0, 0, -3}), 1e-10);
    Approx.relative(1e200, SpectralRadius.of(2, new double[] {1e200, 1e200, 0, 1e200}), 1e-9);
    assertEquals(0, SpectralRadius.of(3, new double[] {0, 1, 5, 0, 0, 2, 0, 0, 0}), 0);
    Approx.relative(2, SpectralRadius.of(1, new float[] {-2}), 1e-12);
  }

  @Test
  void productsMustFit() {
    LinearOperator tall = LinearOperator.dense(3, 2, new double[] {1, 2, 3, 4, 5, 6});
    LinearOperator wide = LinearOperator.dense(1, 3, new double[] {1, 0, -1});
    JacobianProduct product = new JacobianProduct(List.of(tall, wide));
    assertArrayEquals(new double[] {-4, -4}, product.toArray(), 0);
    assertThrows(IllegalArgumentException.class, () -> new JacobianProduct(List.of(wide, wide)));
    assertThrows(IllegalArgumentException.class, () -> new JacobianProduct(List.of()));
    assertThrows(IllegalArgumentException.class, () -> LinearOperator.dense(2, 2, new double[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> SingularValues.of(1, 1, new double[] {Double.POSITIVE_INFINITY}));
  }

  @Test
  void matricesComeFromEitherProduct() {
    double[] a = {1, 2, 3, 4, 5, 6};
    for (int rows : new int[] {2, 3}) {
      LinearOperator dense = LinearOperator.dense(rows, 6 / rows, a);
      assertArrayEquals(a, new JacobianProduct(List.of(dense)).toArray(), 0);
    }
  }
}
