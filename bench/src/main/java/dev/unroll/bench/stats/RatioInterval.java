package dev.unroll.bench.stats;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A confidence interval of the ratio of two positive quantities, each known by one figure for each
 * JVM: Welch's interval of the difference of the means of the logarithms, so of the ratio of the
 * geometric means. The two may scatter differently.
 *
 * @param low lower end
 * @param ratio the second over the first
 * @param high upper end
 */
public record RatioInterval(double low, double ratio, double high) {

  /**
   * The interval of {@code after / before}.
   *
   * @param confidence for example 0.99
   * @throws IllegalArgumentException when one of them has fewer than two figures: a single JVM says
   *     nothing about how JVMs scatter
   */
  public static RatioInterval of(double[] before, double[] after, double confidence) {
    if (before.length < 2 || after.length < 2) {
      throw new IllegalArgumentException(
          "an interval needs two JVMs on both sides: " + before.length + " and " + after.length);
    }
    double difference = meanLog(after) - meanLog(before);
    double a = varianceLog(before) / before.length;
    double b = varianceLog(after) / after.length;
    double half = 0;
    if (a + b > 0) {
      double degrees =
          (a + b) * (a + b) / (a * a / (before.length - 1) + b * b / (after.length - 1));
      double t = TDistribution.of(degrees).inverseSurvivalProbability((1 - confidence) / 2);
      half = t * Math.sqrt(a + b);
    }
    return new RatioInterval(
        Math.exp(difference - half), Math.exp(difference), Math.exp(difference + half));
  }

  private static double meanLog(double[] values) {
    double sum = 0;
    for (double value : values) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("a ratio needs positive figures: " + value);
      }
      sum += Math.log(value);
    }
    return sum / values.length;
  }

  private static double varianceLog(double[] values) {
    double mean = meanLog(values);
    double sum = 0;
    for (double value : values) {
      sum += (Math.log(value) - mean) * (Math.log(value) - mean);
    }
    return sum / (values.length - 1);
  }
}
