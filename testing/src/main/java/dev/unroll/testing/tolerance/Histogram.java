package dev.unroll.testing.tolerance;

/** How many errors are how large, in one line: whether one value is wrong, or all are a little. */
final class Histogram {

  /** Upper ends, in units in the last place. */
  private static final double[] ENDS = {
    0, 0.5, 1, 2, 4, 8, 16, 64, 0x1p10, 0x1p16, 0x1p24, Double.MAX_VALUE
  };

  private static final String[] NAMES = {
    "0", "0.5", "1", "2", "4", "8", "16", "64", "2^10", "2^16", "2^24", "2^128"
  };

  private final int[] counts = new int[ENDS.length];
  private int endless;

  /** Counts an error; NaN counts as infinite. */
  void add(double ulps) {
    for (int bucket = 0; bucket < ENDS.length; bucket++) {
      if (ulps <= ENDS[bucket]) {
        counts[bucket]++;
        return;
      }
    }
    endless++;
  }

  /** {@code errors in ulp: 3 to 0, 5 to 0.5, 1 to 2^10, 1 beyond}, without the empty ones. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder("errors in ulp:");
    for (int bucket = 0; bucket < ENDS.length; bucket++) {
      if (counts[bucket] > 0) {
        line.append(' ').append(counts[bucket]).append(" to ").append(NAMES[bucket]).append(',');
      }
    }
    if (endless > 0) {
      return line.append(' ').append(endless).append(" beyond").toString();
    }
    return line.substring(0, line.length() - 1);
  }
}
