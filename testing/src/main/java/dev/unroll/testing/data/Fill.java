package dev.unroll.testing.data;

import java.util.SplittableRandom;

/**
 * Kinds of test data, from the simplest to the nastiest, each a pure function of a seed. The order
 * is the order in which property testers shrink: a failure that also shows with {@link #ONES} is
 * reported with ones.
 */
public enum Fill {
  /** +0 everywhere. */
  ZEROS,
  /** 1 everywhere. */
  ONES,
  /**
   * Integers from -8 to 8: products and sums are exact in float while partial sums stay below 2^24.
   */
  SMALL_INTEGERS,
  /** Random significands, exponents from -4 to 3, both signs. */
  MODERATE,
  /** Random significands, exponents from -40 to 40, both signs: no product overflows. */
  WIDE,
  /** Half subnormal, half moderate. */
  SUBNORMALS,
  /** Moderate, with one value in eight a signed zero, an infinity, a NaN or an extreme. */
  SPECIALS,
  /** Every bit pattern equally likely. */
  BITS;

  private static final float[] SPECIAL_VALUES = {
    0.0f,
    -0.0f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  /**
   * Whether values are finite and sums of a few million of their products do not overflow in float,
   * so that forward error bounds apply.
   */
  public boolean bounded() {
    return this != SPECIALS && this != BITS;
  }

  /** A new array of {@code length} values. */
  public float[] array(int length, long seed) {
    float[] values = new float[length];
    fill(values, 0, 1, length, length, seed);
    return values;
  }

  /**
   * Fills the matrix in place, row by row, and leaves everything around it alone. The values depend
   * on the seed and the shape only, not on offset or leading dimension.
   */
  public void fill(
      float[] data, int offset, int rows, int columns, int leadingDimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MatrixView view = new MatrixView(data, offset, leadingDimension);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        data[view.index(row, column)] = next(random);
      }
    }
  }

  private float next(SplittableRandom random) {
    return switch (this) {
      case ZEROS -> 0.0f;
      case ONES -> 1.0f;
      case SMALL_INTEGERS -> random.nextInt(-8, 9);
      case MODERATE -> normal(random, -4, 3);
      case WIDE -> normal(random, -40, 40);
      case SUBNORMALS ->
          random.nextBoolean()
              ? Float.intBitsToFloat(random.nextInt() & 0x807fffff)
              : normal(random, -4, 3);
      case SPECIALS ->
          random.nextInt(8) == 0
              ? SPECIAL_VALUES[random.nextInt(SPECIAL_VALUES.length)]
              : normal(random, -4, 3);
      case BITS -> Float.intBitsToFloat(random.nextInt());
    };
  }

  private static float normal(SplittableRandom random, int minExponent, int maxExponent) {
    int exponent = random.nextInt(minExponent, maxExponent + 1) + Float.MAX_EXPONENT;
    return Float.intBitsToFloat((random.nextInt() & 0x807fffff) | exponent << 23);
  }
}
