package dev.unroll.testing.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each operation against a central difference of itself. */
class DualTest {

  private static void assertDerivative(double x, UnaryOperator<Dual> f) {
    Dual got = f.apply(new Dual(x, 1));
    Derivative expected = Derivative.of(h -> f.apply(new Dual(x + h, 0)).value());
    assertEquals(expected.value(), got.dot(), 8 * expected.error() + 1e-15);
    assertEquals(-3 * got.dot(), f.apply(new Dual(x, -3)).dot(), 1e-14);
  }

  @Test
  void operations() {
    for (double x : new double[] {-1.25, 0.3, 0.75}) {
      Dual other = new Dual(-0.7, 0);
      assertDerivative(x, v -> v.times(other));
      assertDerivative(x, v -> v.times(v));
      assertDerivative(x, Dual::oneMinus);
      assertDerivative(x, v -> v.mix(other, v));
      assertDerivative(x, v -> other.mix(v, other));
      assertDerivative(x, Dual::sigmoid);
      assertDerivative(x, Dual::tanh);
      assertDerivative(x, Dual::relu);
      assertDerivative(x, Dual::sigmoidGradFromOutput);
      assertDerivative(x, Dual::tanhGradFromOutput);
      assertDerivative(x, Dual::reluGradFromOutput);
      assertDerivative(x, v -> v.clamp(0.5));
      assertDerivative(x, v -> v.clampGrad(0.5));
      assertDerivative(x, v -> Dual.ARITHMETIC.sum().add(v).add(v, other).subtract(v, v).total());
    }
  }

  @Test
  void atAKinkTheDerivativeIsZero() {
    assertEquals(0, new Dual(0, 1).relu().dot());
    assertEquals(0, new Dual(0.5, 1).clamp(0.5).dot());
    assertEquals(0, new Dual(-0.5, 1).clamp(0.5).dot());
  }

  @Test
  void tensorsWithADirection() {
    Tensor<Plain> values = Tensor.of(Plain.ARITHMETIC, new double[] {1, 2}, 2);
    Tensor<Dual> dual = Dual.tensor(values, new double[] {3, 4});
    assertArrayEquals(new double[] {1, 2}, dual.values());
    assertArrayEquals(new double[] {3, 4}, Dual.dots(dual));
    assertThrows(IllegalArgumentException.class, () -> Dual.tensor(values, new double[3]));
  }
}
