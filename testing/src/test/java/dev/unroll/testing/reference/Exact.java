package dev.unroll.testing.reference;

import java.math.BigDecimal;
import java.math.MathContext;

/** The same functions once more from their series, to 120 digits. */
final class Exact {

  private static final MathContext DIGITS = new MathContext(120);

  private Exact() {}

  /** {@code e^x = (e^(x / 2^n))^(2^n)}, the inner one by its Taylor series. */
  static BigDecimal exp(BigDecimal x) {
    int halvings = 0;
    BigDecimal small = x;
    while (small.abs().compareTo(new BigDecimal("0.01")) > 0) {
      small = small.divide(BigDecimal.TWO, DIGITS);
      halvings++;
    }
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i <= 60; i++) {
      term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** {@code (e^2x - 1) / (e^2x + 1)}: 120 digits leave 70 where the difference cancels 50. */
  static BigDecimal tanh(BigDecimal x) {
    BigDecimal e = exp(x.multiply(BigDecimal.TWO));
    return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
  }

  static BigDecimal sigmoid(BigDecimal x) {
    return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(x.negate())), DIGITS);
  }

  /** {@code 4 / (e^x + e^-x)^2}. */
  static BigDecimal tanhGrad(BigDecimal x) {
    BigDecimal sum = exp(x).add(exp(x.negate()));
    return BigDecimal.valueOf(4).divide(sum.multiply(sum), DIGITS);
  }

  static BigDecimal sigmoidGrad(BigDecimal x) {
    return sigmoid(x).multiply(sigmoid(x.negate()), DIGITS);
  }

  static BigDecimal tanhGradFromOutput(BigDecimal y) {
    return BigDecimal.ONE.subtract(y.multiply(y));
  }

  static BigDecimal sigmoidGradFromOutput(BigDecimal y) {
    return y.subtract(y.multiply(y));
  }
}
