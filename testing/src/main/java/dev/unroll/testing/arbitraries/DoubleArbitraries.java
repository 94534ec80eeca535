package dev.unroll.testing.arbitraries;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Doubles from bit patterns: as {@link FloatArbitraries}. */
@SuppressWarnings("exports") // whoever calls this has jqwik
public final class DoubleArbitraries {

  private static final long SIGN = 1L << 63;
  private static final long QUIET = 1L << 51;
  private static final long INFINITY = 0x7ffL << 52;
  private static final int SIGNIFICAND_BITS = 52;
  private static final long SIGNIFICAND = (1L << SIGNIFICAND_BITS) - 1;

  private DoubleArbitraries() {}

  /** +0 or normal numbers of both signs with exponents from -8 to 8. Shrinks to +0. */
  public static Arbitrary<Double> moderate() {
    return moderate(-8, 8);
  }

  /** +0 or normal numbers of both signs, exponents from {@code min} to {@code max}. */
  public static Arbitrary<Double> moderate(int min, int max) {
    if (min < Double.MIN_EXPONENT || max > Double.MAX_EXPONENT || min > max) {
      throw new IllegalArgumentException("exponents from " + min + " to " + max);
    }
    return Combinators.combine(
            Bits.uniform(0, max - min + 1), longs(0, SIGNIFICAND), Bits.table(0, 1))
        .as(
            (rank, significand, sign) ->
                rank == 0
                    ? 0.0
                    : Double.longBitsToDouble(
                        sign * SIGN
                            | (long) (Bits.nearestToZero(rank - 1, min, max) + Double.MAX_EXPONENT)
                                << SIGNIFICAND_BITS
                            | Bits.reverse(significand, SIGNIFICAND_BITS)));
  }

  /** Every bit pattern equally likely. */
  public static Arbitrary<Double> anyBits() {
    return Combinators.combine(Bits.uniform(0, 2047), longs(0, SIGNIFICAND), Bits.table(0, 1))
        .as(
            (rank, significand, sign) ->
                Double.longBitsToDouble(
                    sign * SIGN
                        | (long)
                                (Bits.nearestToZero(
                                        rank, -Double.MAX_EXPONENT, Double.MAX_EXPONENT + 1)
                                    + Double.MAX_EXPONENT)
                            << SIGNIFICAND_BITS
                        | Bits.reverse(significand, SIGNIFICAND_BITS)));
  }

  /** Subnormals of both signs, uniform over their bits, smallest and largest as edge cases. */
  public static Arbitrary<Double> subnormals() {
    return Combinators.combine(longs(1, SIGNIFICAND), Bits.table(0, 1))
        .as((bits, sign) -> Double.longBitsToDouble(sign * SIGN | bits));
  }

  /** +0 and -0. */
  public static Arbitrary<Double> zeros() {
    return table(0.0, -0.0);
  }

  /** Both infinities. */
  public static Arbitrary<Double> infinities() {
    return table(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  /** Quiet and signalling NaNs of both signs with every payload. */
  public static Arbitrary<Double> nans() {
    return Combinators.combine(longs(1, QUIET - 1), Bits.table(1, 0), Bits.table(0, 1))
        .as(
            (payload, quiet, sign) ->
                Double.longBitsToDouble(sign * SIGN | INFINITY | quiet * QUIET | payload));
  }

  /** The given values, of both signs, and the {@code steps} nearest doubles on each side. */
  public static Arbitrary<Double> neighbours(int steps, double... thresholds) {
    return Combinators.combine(
            Bits.index(thresholds.length),
            Arbitraries.integers()
                .between(-steps, steps)
                .withDistribution(RandomDistribution.uniform())
                .edgeCases(edges -> edges.includeOnly(-1, 0, 1)),
            Bits.table(0, 1))
        .as(
            (which, step, sign) -> {
              double value = thresholds[which];
              for (int i = 0; i < Math.abs(step); i++) {
                value = step > 0 ? Math.nextUp(value) : Math.nextDown(value);
              }
              return Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ sign * SIGN);
            });
  }

  /** Signed zeros and ones, extremes of both signs, infinities, quiet and signalling NaN. */
  public static Arbitrary<Double> specials() {
    return table(
        0.0,
        -0.0,
        1.0,
        -1.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Math.nextDown(Double.MIN_NORMAL),
        -Math.nextDown(Double.MIN_NORMAL),
        Double.MIN_NORMAL,
        -Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        Double.longBitsToDouble(INFINITY | 1));
  }

  /** A mixture of everything above; {@code thresholds} may be empty. */
  public static Arbitrary<Double> all(double... thresholds) {
    Arbitrary<Double> edges = thresholds.length == 0 ? specials() : neighbours(8, thresholds);
    return Arbitraries.frequencyOf(
        Tuple.of(8, moderate()),
        Tuple.of(4, specials()),
        Tuple.of(4, edges),
        Tuple.of(2, subnormals()),
        Tuple.of(1, nans()),
        Tuple.of(8, anyBits()));
  }

  /** One of the given values; shrinks to the first. All of them are edge cases. */
  public static Arbitrary<Double> table(double... values) {
    return Bits.index(values.length).map(i -> values[i]);
  }

  private static Arbitrary<Long> longs(long min, long max) {
    return Arbitraries.longs()
        .between(min, max)
        .withDistribution(RandomDistribution.uniform())
        .edgeCases(edges -> edges.includeOnly(min, max));
  }
}
