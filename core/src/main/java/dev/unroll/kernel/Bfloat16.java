package dev.unroll.kernel;

/**
 * The 16-bit floats whose bits are the upper half of an f32: 8 bits of precision, the range of f32.
 *
 * <p>Source: the format of the name; conversion rounds to nearest, ties to even, as IEEE 754 does.
 */
public final class Bfloat16 {

  private static final int HALF = 0x7FFF;
  private static final int UPPER = 0xFFFF0000;
  private static final int QUIET = 0x00400000;

  private Bfloat16() {}

  /**
   * The nearest bfloat16, as a float. Values that are beyond the largest one by half a unit become
   * infinite; a NaN stays one.
   */
  public static float round(float x) {
    return Float.intBitsToFloat(roundedBits(x));
  }

  /** The bits of {@link #round}; the lower half is 0. */
  public static int roundedBits(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (bits | QUIET) & UPPER;
    }
    return (bits + HALF + ((bits >>> 16) & 1)) & UPPER;
  }
}
