package dev.unroll.internal.random;

/**
 * Bernoulli masks whose bits are functions of a key, a row, a step and a unit: so whoever needs a
 * mask again makes it again, and how a batch or a sequence is cut does not change it.
 *
 * <pre>
 *   key(seed, site, layer, direction) -> stream(key, row, step) -> 32 bits for each unit
 * </pre>
 *
 * <p>Each arrow is the finalizer of SplitMix64, a bijection of 64 bits that passes BigCrush as the
 * output of a counter; a stream is a SplitMix64 generator, two units for each of its numbers.
 *
 * <p>Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014; counters as keys: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
public final class Masks {

  /** The golden ratio, in 64 bits. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /** The probabilities that a mask can have are multiples of 2^-24, as a float's steps below 1. */
  private static final int BITS = 24;

  private Masks() {}

  /**
   * The key of all masks of one place in a network.
   *
   * @param site what the mask is for
   */
  public static long key(long seed, int site, int layer, int direction) {
    return mix(mix(mix(mix(seed + GAMMA) + site) + GAMMA * layer) + direction);
  }

  /** The stream of a row and a step. */
  public static long stream(long key, long row, long step) {
    return mix(mix(key + GAMMA * row) + GAMMA * step);
  }

  /** What {@link #drops} compares with. */
  public static int threshold(float probability) {
    return Math.round(probability * (1 << BITS));
  }

  /** Whether a unit is dropped: with the probability of the threshold. */
  public static boolean drops(long stream, int unit, int threshold) {
    return bits(stream, unit) < threshold;
  }

  private static int bits(long stream, int unit) {
    long number = mix(stream + GAMMA * ((unit >> 1) + 1L));
    int half = (int) ((unit & 1) == 0 ? number : number >>> Integer.SIZE);
    return half >>> (Integer.SIZE - BITS);
  }

  /** {@code y = 0} where a unit is dropped, {@code y = y * scale} elsewhere. */
  public static void apply(long stream, int threshold, float scale, float[] y, int y0, int units) {
    for (int unit = 0; unit < units; unit++) {
      y[y0 + unit] = drops(stream, unit, threshold) ? 0f : y[y0 + unit] * scale;
    }
  }

  /** {@code y = kept} where a unit is dropped. */
  public static void select(
      long stream, int threshold, float[] kept, int kept0, float[] y, int y0, int units) {
    long counter = stream;
    for (int unit = 0; unit < units; unit += 2) {
      counter += GAMMA;
      long number = mix(counter);
      int at = y0 + unit;
      y[at] = choose(chosen((int) number, threshold), kept[kept0 + unit], y[at]);
      if (unit + 1 < units) {
        int second = chosen((int) (number >>> Integer.SIZE), threshold);
        y[at + 1] = choose(second, kept[kept0 + unit + 1], y[at + 1]);
      }
    }
  }

  /** {@code to = to + y} and {@code y = 0} where a unit is dropped. */
  public static void move(
      long stream, int threshold, float[] y, int y0, float[] to, int to0, int units) {
    long counter = stream;
    for (int unit = 0; unit < units; unit += 2) {
      counter += GAMMA;
      long number = mix(counter);
      move(chosen((int) number, threshold), y, y0 + unit, to, to0 + unit);
      if (unit + 1 < units) {
        int second = chosen((int) (number >>> Integer.SIZE), threshold);
        move(second, y, y0 + unit + 1, to, to0 + unit + 1);
      }
    }
  }

  private static void move(int chosen, float[] y, int y0, float[] to, int to0) {
    float value = y[y0];
    to[to0] = choose(chosen, to[to0] + value, to[to0]);
    y[y0] = choose(chosen, 0f, value);
  }

  /** All ones where a unit is dropped, else 0. Bits and no branch: no processor can guess these. */
  private static int chosen(int half, int threshold) {
    return ((half >>> (Integer.SIZE - BITS)) - threshold) >> (Integer.SIZE - 1);
  }

  private static float choose(int chosen, float a, float b) {
    int bits = (Float.floatToRawIntBits(a) & chosen) | (Float.floatToRawIntBits(b) & ~chosen);
    return Float.intBitsToFloat(bits);
  }

  private static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }
}
