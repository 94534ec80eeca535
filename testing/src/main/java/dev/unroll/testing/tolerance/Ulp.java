package dev.unroll.testing.tolerance;

/**
 * Distance of a float from the exact result, in units in the last place.
 *
 * <p>{@code error = |got - exact| / 2^(max(floor(log2 |exact|), -126) - 23)}: the unit is that of
 * the exact result's binade, and below the smallest normal it stays 2^-149. The exact result is
 * given as a double, so what is measured is off by no more than 2^-29 of a unit for each ulp that
 * the double is off.
 */
public final class Ulp {

  /** What an infinite float stands for: the first power of two beyond the largest float. */
  private static final double OVERFLOW = 0x1p128;

  private static final int SIGNIFICAND_BITS = 23;

  private Ulp() {}

  /** The unit: spacing of floats in the binade of {@code exact}, at least 2^-149. */
  public static double size(double exact) {
    int exponent = Math.max(Math.getExponent(exact), Float.MIN_EXPONENT);
    return Math.scalb(1.0, exponent - SIGNIFICAND_BITS);
  }

  /**
   * Error of {@code got} in units.
   *
   * <p>NaN matches NaN only: 0 when both are, infinite when one is. An infinite {@code exact} is
   * matched by the same infinity only. An infinite {@code got} counts as 2^128 of its sign, and as
   * exact when {@code exact} is at least as far out: overflow at the right place is an error of at
   * most one half. The sign of zero does not count; compare bits for that.
   */
  public static double error(float got, double exact) {
    if (Double.isNaN(exact) || Float.isNaN(got)) {
      return Double.isNaN(exact) && Float.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Double.isInfinite(exact)) {
      return got == exact ? 0 : Double.POSITIVE_INFINITY;
    }
    double value = got;
    if (Float.isInfinite(got)) {
      value = Math.copySign(OVERFLOW, got);
      if (Math.abs(exact) >= OVERFLOW && Math.signum(exact) == Math.signum(value)) {
        return 0;
      }
    }
    return Math.abs(value - exact) / size(exact);
  }

  /**
   * How many floats apart two floats are: 0 for equal values (also -0 and +0), 1 for neighbours.
   * Infinities are the neighbours of the largest floats. Two NaNs are 0 apart; a NaN and a number
   * {@link Long#MAX_VALUE}.
   */
  public static long distance(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.isNaN(a) && Float.isNaN(b) ? 0 : Long.MAX_VALUE;
    }
    return Math.abs(ordinal(a) - ordinal(b));
  }

  /** Position on the line of floats: consecutive floats have consecutive numbers, both zeros 0. */
  private static long ordinal(float value) {
    int bits = Float.floatToRawIntBits(value);
    long magnitude = bits & 0x7fffffff;
    return bits < 0 ? -magnitude : magnitude;
  }
}
