package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.ActivationConstants.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The constants in the code are those that their program finds. */
@Tag("once")
class ActivationCoefficientsTest {

  @Test
  void polynomials() {
    assertArrayEquals(
        new float[] {EXP_Q0, EXP_Q1, EXP_Q2, EXP_Q3, EXP_Q4, EXP_Q5}, ActivationCoefficients.exp());
    assertArrayEquals(
        new float[] {TANH_Q0, TANH_Q1, TANH_Q2, TANH_Q3, TANH_Q4, TANH_Q5},
        ActivationCoefficients.tanh());
    assertArrayEquals(
        new float[] {SIGMOID_Q0, SIGMOID_Q1, SIGMOID_Q2, SIGMOID_Q3, SIGMOID_Q4},
        ActivationCoefficients.sigmoid());
  }

  @Test
  void logarithms() {
    BigDecimal ln2 = new BigDecimal("0.693147180559945309417232121458176568");
    assertEquals(ln2.floatValue(), LN2_HIGH);
    assertEquals(ln2.subtract(new BigDecimal(LN2_HIGH)).floatValue(), LN2_LOW);
    assertEquals((float) (1 / Math.log(2)), LOG2_E);
  }
}
