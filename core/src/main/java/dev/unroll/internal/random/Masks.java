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

  private static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }
}
