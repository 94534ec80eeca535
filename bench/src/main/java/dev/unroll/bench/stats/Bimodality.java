package dev.unroll.bench.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Whether figures of identical JVMs fall into two modes, as they do when compilation is a matter of
 * luck.
 *
 * <p>The statistic is that of Engelman and Hartigan: over all ways of cutting the sorted figures in
 * two, with at least two on each side, the largest ratio of the sum of squares between the parts to
 * the sum of squares within them. It counts as 0 unless the valley between the parts is at least
 * half as wide as the distance of their means. What a single mode gives depends on its shape and on
 * the number of figures, but on no unit: the distributions for a normal, a flat and an exponential
 * mode come from {@value #SIMULATIONS} simulated samples each, with a fixed seed, and the p-value
 * is the largest of the three.
 *
 * <p>Two modes are reported when the p-value is below {@value #LEVEL} and the means differ by at
 * least {@value #RELEVANT} of the smaller one: smaller differences matter to nobody. Ten figures
 * show two modes that take half of them each and scatter by a tenth of their distance in four cases
 * of five; fewer figures, or a mode that only one of them fell into, show nothing.
 *
 * <p>Source: L. Engelman and J. A. Hartigan, "Percentage points of a test for clusters", Journal of
 * the American Statistical Association 64, 1969; the valley and the other two shapes are ours.
 *
 * @param statistic between over within, of the best cut; infinite when both parts are constant, 0
 *     without a valley
 * @param pValue the share of single modes, of the shape that is worst, with as large a statistic
 * @param below how many figures the lower part has
 * @param low mean of the lower part
 * @param high mean of the upper part
 */
public record Bimodality(double statistic, double pValue, int below, double low, double high) {

  /** Fewer figures than this show no modes. */
  public static final int LEAST = 6;

  private static final double LEVEL = 0.01;
  private static final double RELEVANT = 0.03;
  private static final double WIDE = 0.5;
  private static final int SIMULATIONS = 10_000;
  private static final long SEED = 0x5eed;

  private static final Map<Integer, List<double[]>> SINGLE_MODES = new ConcurrentHashMap<>();

  /**
   * Examines figures in any order.
   *
   * @throws IllegalArgumentException for fewer than {@value #LEAST}
   */
  public static Bimodality of(double[] figures) {
    int n = figures.length;
    if (n < LEAST) {
      throw new IllegalArgumentException("modes need " + LEAST + " figures, not " + n);
    }
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int cut = bestCut(sorted);
    double statistic = statistic(sorted, cut);
    double p = 0;
    for (double[] single : SINGLE_MODES.computeIfAbsent(n, Bimodality::simulate)) {
      p = Math.max(p, (1.0 + atLeast(single, statistic)) / (1.0 + single.length));
    }
    return new Bimodality(statistic, p, cut, mean(sorted, 0, cut), mean(sorted, cut, n));
  }

  /** Whether there are two modes. */
  public boolean twoModes() {
    return pValue < LEVEL && high - low >= RELEVANT * Math.abs(low);
  }

  private static List<double[]> simulate(int n) {
    return List.of(
        simulate(n, RandomGenerator::nextGaussian),
        simulate(n, RandomGenerator::nextDouble),
        simulate(n, RandomGenerator::nextExponential));
  }

  private static double[] simulate(int n, ToDoubleFunction<RandomGenerator> mode) {
    RandomGenerator random = new SplittableRandom(SEED);
    double[] statistics = new double[SIMULATIONS];
    double[] sample = new double[n];
    for (int s = 0; s < SIMULATIONS; s++) {
      for (int i = 0; i < n; i++) {
        sample[i] = mode.applyAsDouble(random);
      }
      Arrays.sort(sample);
      statistics[s] = statistic(sample, bestCut(sample));
    }
    Arrays.sort(statistics);
    return statistics;
  }

  private static int atLeast(double[] sorted, double value) {
    int from = 0;
    while (from < sorted.length && sorted[from] < value) {
      from++;
    }
    return sorted.length - from;
  }

  private static double statistic(double[] sorted, int cut) {
    double distance = mean(sorted, cut, sorted.length) - mean(sorted, 0, cut);
    double valley = sorted[cut] - sorted[cut - 1];
    return valley >= WIDE * distance ? ratio(sorted, cut) : 0;
  }

  private static int bestCut(double[] sorted) {
    int best = 2;
    double highest = -1;
    for (int cut = 2; cut <= sorted.length - 2; cut++) {
      double ratio = ratio(sorted, cut);
      if (ratio > highest) {
        highest = ratio;
        best = cut;
      }
    }
    return best;
  }

  private static double ratio(double[] sorted, int cut) {
    int n = sorted.length;
    double low = mean(sorted, 0, cut);
    double high = mean(sorted, cut, n);
    double within = squares(sorted, 0, cut, low) + squares(sorted, cut, n, high);
    double distance = high - low;
    double between = distance * distance * cut * (n - cut) / n;
    return between == 0 ? 0 : between / within;
  }

  private static double mean(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum / (to - from);
  }

  private static double squares(double[] values, int from, int to, double mean) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum;
  }
}
