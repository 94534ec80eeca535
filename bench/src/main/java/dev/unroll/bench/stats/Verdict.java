package dev.unroll.bench.stats;

import dev.unroll.bench.results.Measurement;
import org.jspecify.annotations.Nullable;

/**
 * What two measurements of one thing, before and after, allow to be said.
 *
 * <p>The speed is the figure, or its reciprocal where lower is better. With {@code [low, high]} the
 * confidence interval of the speed after over the speed before, and t the threshold:
 *
 * <ul>
 *   <li>{@code SLOWER}: the whole interval lies below {@code 1 - t};
 *   <li>{@code FASTER}: the whole interval lies above {@code 1 + t};
 *   <li>{@code SAME}: the whole interval lies within {@code 1 - t} and {@code 1 + t};
 *   <li>{@code UNDECIDED}: anything else: too much noise for a verdict. So are two modes on either
 *       side, and a side with fewer than two JVMs.
 * </ul>
 *
 * @param interval speed after over speed before; null when there is none
 * @param reason why it is undecided; empty otherwise
 */
public record Verdict(String key, Kind kind, @Nullable RatioInterval interval, String reason) {

  /** The four verdicts. */
  public enum Kind {
    SLOWER,
    FASTER,
    SAME,
    UNDECIDED
  }

  /** Judges one measurement. */
  public static Verdict of(
      Measurement before, Measurement after, double threshold, double confidence) {
    String key = before.key();
    if (before.forks().size() < 2 || after.forks().size() < 2) {
      return new Verdict(key, Kind.UNDECIDED, null, "a single JVM is no distribution");
    }
    double[] first = before.forkMedians();
    double[] second = after.forkMedians();
    RatioInterval interval =
        before.higherIsBetter()
            ? RatioInterval.of(first, second, confidence)
            : RatioInterval.of(second, first, confidence);
    if (twoModes(first) || twoModes(second)) {
      return new Verdict(key, Kind.UNDECIDED, interval, "two modes");
    }
    if (interval.high() < 1 - threshold) {
      return new Verdict(key, Kind.SLOWER, interval, "");
    }
    if (interval.low() > 1 + threshold) {
      return new Verdict(key, Kind.FASTER, interval, "");
    }
    if (interval.low() > 1 - threshold && interval.high() < 1 + threshold) {
      return new Verdict(key, Kind.SAME, interval, "");
    }
    return new Verdict(key, Kind.UNDECIDED, interval, "too noisy");
  }

  private static boolean twoModes(double[] figures) {
    return figures.length >= Bimodality.LEAST && Bimodality.of(figures).twoModes();
  }
}
