package dev.unroll.bench.probe;

import java.util.Arrays;

/** The middle and the ends of repeated measurements of one quantity. */
public record Spread(double min, double median, double max) {

  /** Summarises the samples; the order does not matter. */
  public static Spread of(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return new Spread(sorted[0], middle(sorted), sorted[sorted.length - 1]);
  }

  /** The median of the samples. */
  public static double median(double[] samples) {
    return of(samples).median();
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
