package dev.unroll.testing.data;

import java.math.BigDecimal;
import java.util.SplittableRandom;

/**
 * A dot product of a chosen condition number, {@code 2 |a|.|b| / |a.b|}: what the relative error of
 * its operands is multiplied with. With 1 nothing cancels, with 2^24 every bit of a float sum may
 * be wrong.
 *
 * <p>Source: T. Ogita, S. M. Rump, S. Oishi, "Accurate Sum and Dot Product", 2005, algorithm 6.1:
 * half of the products have random exponents, the other half are chosen such that the sum so far
 * shrinks step by step to the wanted size.
 *
 * @param a left factors
 * @param b right factors
 * @param exact the sum of the products, rounded once to double
 * @param condition the condition number that was reached, near the one that was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
public record ConditionedDot(float[] a, float[] b, double exact, double condition) {

  /**
   * A dot product.
   *
   * @param n how many products, at least 4
   * @param log2Condition 2 to this is the condition number wanted, from 1 to 40
   */
  public static ConditionedDot of(int n, int log2Condition, long seed) {
    if (n < 4 || log2Condition < 1 || log2Condition > 40) {
      throw new IllegalArgumentException("n " + n + ", condition number 2^" + log2Condition);
    }
    SplittableRandom random = new SplittableRandom(seed);
    float[] a = new float[n];
    float[] b = new float[n];
    int half = n / 2;
    int most = log2Condition / 2;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      // The first and the last product have the exponents that make the condition number.
      int exponent;
      if (i < half) {
        exponent = i == 0 ? most : random.nextInt(most + 1);
        a[i] = Math.scalb(signed(random), exponent);
        b[i] = Math.scalb(signed(random), exponent);
      } else {
        int left = n - 1 - i;
        exponent = Math.round((float) most * left / Math.max(1, n - 1 - half));
        a[i] = Math.scalb(signed(random), exponent);
        double target =
            Math.scalb(signed(random), 2 * exponent - (left == 0 ? log2Condition % 2 : 0));
        b[i] = (float) ((target - sum.doubleValue()) / a[i]);
      }
      sum = sum.add(new BigDecimal(a[i]).multiply(new BigDecimal(b[i])));
    }
    double magnitude = 0;
    for (int i = 0; i < n; i++) {
      magnitude += Math.abs((double) a[i] * b[i]);
    }
    double exact = sum.doubleValue();
    return new ConditionedDot(a, b, exact, 2 * magnitude / Math.abs(exact));
  }

  /** From -1 to 1, but not near 0. */
  private static float signed(SplittableRandom random) {
    float value = 0.5f + random.nextInt(1 << 23) * 0x1p-24f;
    return random.nextBoolean() ? value : -value;
  }

  @Override
  public String toString() {
    return "dot of %d, condition %.3g, exactly %s".formatted(a.length, condition, exact);
  }
}
