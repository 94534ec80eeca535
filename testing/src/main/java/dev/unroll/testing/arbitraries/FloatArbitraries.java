package dev.unroll.testing.arbitraries;

import dev.unroll.testing.data.ConditionedDot;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Floats from bit patterns.
 *
 * <p>Every generator shrinks: the significand to fewer leading bits, the exponent towards 0 (values
 * near 1), the sign to plus, a table to its first entry, a mixture to its first part.
 */
@SuppressWarnings("exports") // whoever calls this has jqwik
public final class FloatArbitraries {

  private static final int SIGN = 0x80000000;
  private static final int QUIET = 0x00400000;
  private static final int INFINITY = 0x7f800000;
  private static final int SIGNIFICAND_BITS = 23;

  private FloatArbitraries() {}

  /**
   * Zero or normal numbers of both signs with exponents from -8 to 8: data that neither overflows
   * nor underflows. Shrinks to +0.
   */
  public static Arbitrary<Float> moderate() {
    return moderate(-8, 8);
  }

  /** +0 or normal numbers of both signs, exponents from {@code min} to {@code max}. */
  public static Arbitrary<Float> moderate(int min, int max) {
    if (min < Float.MIN_EXPONENT || max > Float.MAX_EXPONENT || min > max) {
      throw new IllegalArgumentException("exponents from " + min + " to " + max);
    }
    // Rank 0 is zero, the others are exponents, the ones nearest to 0 first.
    return Combinators.combine(
            Bits.uniform(0, max - min + 1), Bits.uniform(0, (1 << SIGNIFICAND_BITS) - 1), sign())
        .as(
            (rank, significand, sign) ->
                rank == 0
                    ? 0.0f
                    : Float.intBitsToFloat(
                        sign
                            | (Bits.nearestToZero(rank - 1, min, max) + Float.MAX_EXPONENT)
                                << SIGNIFICAND_BITS
                            | Bits.reverse(significand, SIGNIFICAND_BITS)));
  }

  /** Every bit pattern equally likely, NaN in one of 256. */
  public static Arbitrary<Float> anyBits() {
    return Combinators.combine(
            Bits.uniform(0, 255), Bits.uniform(0, (1 << SIGNIFICAND_BITS) - 1), sign())
        .as(
            (rank, significand, sign) ->
                Float.intBitsToFloat(
                    sign
                        | (Bits.nearestToZero(rank, -Float.MAX_EXPONENT, Float.MAX_EXPONENT + 1)
                                + Float.MAX_EXPONENT)
                            << SIGNIFICAND_BITS
                        | Bits.reverse(significand, SIGNIFICAND_BITS)));
  }

  /** Subnormals of both signs, uniform over their bits, smallest and largest as edge cases. */
  public static Arbitrary<Float> subnormals() {
    int largest = (1 << SIGNIFICAND_BITS) - 1;
    return Combinators.combine(
            Arbitraries.integers()
                .between(1, largest)
                .withDistribution(RandomDistribution.uniform())
                .edgeCases(edges -> edges.includeOnly(1, largest)),
            sign())
        .as((bits, sign) -> Float.intBitsToFloat(sign | bits));
  }

  /** +0 and -0. */
  public static Arbitrary<Float> zeros() {
    return table(0.0f, -0.0f);
  }

  /** Both infinities. */
  public static Arbitrary<Float> infinities() {
    return table(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  /** Quiet and signalling NaNs of both signs with every payload. */
  public static Arbitrary<Float> nans() {
    return Combinators.combine(
            Arbitraries.integers()
                .between(1, QUIET - 1)
                .withDistribution(RandomDistribution.uniform())
                .edgeCases(edges -> edges.includeOnly(1, QUIET - 1)),
            Bits.table(QUIET, 0),
            sign())
        .as((payload, quiet, sign) -> Float.intBitsToFloat(sign | INFINITY | quiet | payload));
  }

  /**
   * The given values, of both signs, and the {@code steps} nearest floats on each side: for the
   * places where a function changes its formula, saturates or underflows.
   */
  public static Arbitrary<Float> neighbours(int steps, float... thresholds) {
    return Combinators.combine(
            Bits.index(thresholds.length),
            Arbitraries.integers()
                .between(-steps, steps)
                .withDistribution(RandomDistribution.uniform())
                .edgeCases(edges -> edges.includeOnly(-1, 0, 1)),
            sign())
        .as(
            (which, step, sign) -> {
              float value = step(thresholds[which], step);
              return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ sign);
            });
  }

  /**
   * The values a reviewer tries first: signed zeros, ones, the smallest and largest subnormal and
   * normal of both signs, infinities, a quiet and a signalling NaN.
   */
  public static Arbitrary<Float> specials() {
    return table(
        0.0f,
        -0.0f,
        1.0f,
        -1.0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Math.nextDown(Float.MIN_NORMAL),
        -Math.nextDown(Float.MIN_NORMAL),
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(INFINITY | 1));
  }

  /** A mixture of everything above; {@code thresholds} may be empty. */
  public static Arbitrary<Float> all(float... thresholds) {
    Arbitrary<Float> edges = thresholds.length == 0 ? specials() : neighbours(8, thresholds);
    return Arbitraries.frequencyOf(
        Tuple.of(8, moderate()),
        Tuple.of(4, specials()),
        Tuple.of(4, edges),
        Tuple.of(2, subnormals()),
        Tuple.of(1, nans()),
        Tuple.of(8, anyBits()));
  }

  /** The same without NaNs and infinities. */
  public static Arbitrary<Float> finite(float... thresholds) {
    return all(thresholds).filter(Float::isFinite);
  }

  /**
   * Arrays with elements from {@code elements} and lengths as in {@link ShapeArbitraries#sizes}: up
   * to {@code maxLength}, mostly around multiples of {@code units}. Shrinks to few elements first,
   * then to simple ones.
   */
  public static Arbitrary<float[]> arrays(Arbitrary<Float> elements, int maxLength, int... units) {
    return elements
        .array(float[].class)
        .ofMaxSize(maxLength)
        .withSizeDistribution(ShapeArbitraries.distribution(0, maxLength, units));
  }

  /**
   * Arrays whose sums are exact in float in every order: multiples of one power of two, from -40 to
   * 40, that together stay below 2^24 of it. Shrinks to few zeros, then to ones.
   */
  public static Arbitrary<float[]> exactSums(int maxLength, int... units) {
    int most = Math.max(1, ((1 << 24) - 1) / Math.max(1, maxLength));
    Arbitrary<Integer> multiples =
        Arbitraries.integers()
            .between(-most, most)
            .withDistribution(RandomDistribution.uniform())
            .shrinkTowards(0)
            .edgeCases(edges -> edges.includeOnly(0, 1, -most, most));
    Arbitrary<int[]> arrays =
        multiples
            .array(int[].class)
            .ofMaxSize(maxLength)
            .withSizeDistribution(ShapeArbitraries.distribution(0, maxLength, units));
    return Combinators.combine(arrays, Bits.index(81))
        .as(
            (values, rank) -> {
              float[] x = new float[values.length];
              for (int i = 0; i < x.length; i++) {
                x[i] = Math.scalb((float) values[i], Bits.nearestToZero(rank, -40, 40));
              }
              return x;
            });
  }

  /**
   * Dot products of {@code sizes} products, at least 4, whose condition number is near a power of
   * two between the given ones. Shrinks to short and well-conditioned ones.
   */
  public static Arbitrary<ConditionedDot> dots(
      Arbitrary<Integer> sizes, int minLog2Condition, int maxLog2Condition) {
    return Combinators.combine(
            sizes, Bits.uniform(minLog2Condition, maxLog2Condition), Bits.uniform(0, 1 << 30))
        .as((n, condition, seed) -> ConditionedDot.of(Math.max(4, n), condition, seed));
  }

  /** One of the given values; shrinks to the first. All of them are edge cases. */
  public static Arbitrary<Float> table(float... values) {
    return Bits.index(values.length).map(i -> values[i]);
  }

  private static Arbitrary<Integer> sign() {
    return Bits.table(0, SIGN);
  }

  private static float step(float value, int steps) {
    float stepped = value;
    for (int i = 0; i < Math.abs(steps); i++) {
      stepped = steps > 0 ? Math.nextUp(stepped) : Math.nextDown(stepped);
    }
    return stepped;
  }
}
