package dev.unroll.testing.reference;

import java.math.BigDecimal;

/**
 * Dot products without any error, rounded to double once at the end: for products whose terms
 * cancel so far that double is not enough either. A sum of condition number K loses log2(K) of the
 * 53 bits of double; from about 2^27, some 10^8, on, it can no longer judge an ULP of float.
 *
 * <p>Slow: every number is a decimal of as many digits as it takes.
 */
public final class ExactDot {

  private ExactDot() {}

  /**
   * {@code start + sum over q of a[aOffset + q aStride] b[bOffset + q bStride]}, q from 0 to k - 1,
   * rounded once.
   *
   * @throws NumberFormatException if a number is infinite or NaN
   */
  public static double dot(
      double start,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int k) {
    BigDecimal sum = new BigDecimal(start);
    for (int q = 0; q < k; q++) {
      BigDecimal left = new BigDecimal(a[aOffset + q * aStride]);
      sum = sum.add(left.multiply(new BigDecimal(b[bOffset + q * bStride])));
    }
    return sum.doubleValue();
  }

  /** {@code sum of a b}. */
  public static double dot(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("a has " + a.length + " elements, b " + b.length);
    }
    return dot(0, a, 0, 1, b, 0, 1, a.length);
  }

  /**
   * {@code sum |a b| / |sum a b|}: how much more the terms are than what is left of them. Infinite
   * when nothing is, 1 when all have the same sign.
   */
  public static double condition(float[] a, float[] b) {
    float[] left = new float[a.length];
    float[] right = new float[b.length];
    for (int i = 0; i < a.length; i++) {
      left[i] = Math.abs(a[i]);
      right[i] = Math.abs(b[i]);
    }
    return dot(left, right) / Math.abs(dot(a, b));
  }

  /** Like {@link ReferenceMatmul#product}, each element without error until it is rounded once. */
  public static double[] product(MatmulCase p) {
    double[] result = new double[Math.multiplyExact(p.m(), p.n())];
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        BigDecimal sum = new BigDecimal(p.biasOf(j));
        if (p.beta() != 0) {
          sum = sum.add(new BigDecimal(p.beta()).multiply(new BigDecimal(p.c().get(i, j))));
        }
        if (p.alpha() != 0) {
          BigDecimal alpha = new BigDecimal(p.alpha());
          for (int q = 0; q < p.k(); q++) {
            BigDecimal scaled = alpha.multiply(new BigDecimal(p.opA(i, q)));
            sum = sum.add(scaled.multiply(new BigDecimal(p.opB(q, j))));
          }
        }
        result[i * p.n() + j] = sum.doubleValue();
      }
    }
    return result;
  }
}
