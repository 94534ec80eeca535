package dev.unroll.internal.scalar;

import dev.unroll.internal.spi.Capabilities;

/**
 * {@code a * b + c}, rounded once, at a bearable speed on every JVM.
 *
 * <p>{@link Math#fma(float, float, float)} is one instruction where the CPU has it and a detour
 * through {@code BigDecimal}, thousands of times slower, where it does not. There the same bits
 * come from double arithmetic.
 */
public final class Fma {

  private static final boolean HARDWARE = Capabilities.current().fma();

  private Fma() {}

  /** {@code a * b + c} rounded once to nearest even: the bits of {@link Math#fma}. */
  public static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : software(a, b, c);
  }

  /**
   * The same through doubles: the product of two floats is exact in a double; the sum is rounded to
   * odd, which keeps, in its last bit, whether anything was lost, so that the second rounding, to
   * float, cannot mistake an inexact sum for a tie.
   *
   * <p>Source: S. Boldo, G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved
   * algorithms using rounding to odd", IEEE Transactions on Computers 57(4), 2008. A double has 53
   * bits, and 24 + 2 suffice. The products and sums of floats neither overflow nor underflow in
   * double, so the error term below is exact.
   */
  static float software(float a, float b, float c) {
    double product = (double) a * b;
    double addend = c;
    double sum = product + addend;
    // Knuth's two-sum: sum + lost == product + addend exactly. NaN when sum is not finite.
    double added = sum - product;
    double lost = (product - (sum - added)) + (addend - added);
    long bits = Double.doubleToRawLongBits(sum);
    if ((bits & 1) == 0 && (lost > 0 || lost < 0)) {
      // Towards the lost part: one step away from zero when its sign is the sum's, else one back.
      bits += (lost > 0) == (sum > 0) ? 1 : -1;
      sum = Double.longBitsToDouble(bits);
    }
    return (float) sum;
  }
}
