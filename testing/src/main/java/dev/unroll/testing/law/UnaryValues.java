package dev.unroll.testing.law;

import java.util.SplittableRandom;

/** Arguments to try functions of one float with. */
final class UnaryValues {

  /** Quiet and signalling, of both signs, the ends of the payloads. */
  static final int[] NANS = {
    0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff
  };

  private static final float[] SPECIALS = {
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
    Float.NaN
  };

  private static final int NEIGHBOURS = 8;

  private UnaryValues() {}

  /**
   * The specials, the neighbours of the thresholds of both signs, and about {@code count} floats
   * spread evenly over all bit patterns, whose distance is odd, so that they have all kinds of
   * significands.
   */
  static float[] sample(int count, float... thresholds) {
    int extra = SPECIALS.length + 2 * thresholds.length * (2 * NEIGHBOURS + 1);
    int step = (int) ((1L << Integer.SIZE) / Math.max(2, count)) | 1;
    int spread = (int) ((1L << Integer.SIZE) / step);
    float[] x = new float[extra + spread];
    int at = 0;
    for (float special : SPECIALS) {
      x[at++] = special;
    }
    for (float threshold : thresholds) {
      int bits = Float.floatToRawIntBits(threshold);
      for (int i = -NEIGHBOURS; i <= NEIGHBOURS; i++) {
        x[at++] = Float.intBitsToFloat(bits + i);
        x[at++] = -Float.intBitsToFloat(bits + i);
      }
    }
    for (int i = 0; i < spread; i++) {
      x[at++] = Float.intBitsToFloat(i * step);
    }
    return x;
  }

  /** Mostly moderate numbers, among them specials, thresholds and their neighbours, any bits. */
  static float[] mixed(int count, float[] thresholds, SplittableRandom random) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] =
          switch (random.nextInt(8)) {
            case 0 -> SPECIALS[random.nextInt(SPECIALS.length)];
            case 1 -> Float.intBitsToFloat(random.nextInt());
            case 2 -> near(thresholds, random);
            default -> moderate(random);
          };
    }
    return x;
  }

  private static float near(float[] thresholds, SplittableRandom random) {
    if (thresholds.length == 0) {
      return moderate(random);
    }
    int bits = Float.floatToRawIntBits(thresholds[random.nextInt(thresholds.length)]);
    float value = Float.intBitsToFloat(bits + random.nextInt(-2, 3));
    return random.nextBoolean() ? value : -value;
  }

  /** Exponents from -8 to 7. */
  private static float moderate(SplittableRandom random) {
    int exponent = random.nextInt(-8, 8) + Float.MAX_EXPONENT;
    return Float.intBitsToFloat((random.nextInt() & 0x807fffff) | exponent << 23);
  }
}
