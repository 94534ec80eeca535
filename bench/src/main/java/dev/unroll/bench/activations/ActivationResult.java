package dev.unroll.bench.activations;

import dev.unroll.bench.probe.Spread;
import java.util.List;

/**
 * One function on one kind of data.
 *
 * @param entries our kernel first
 */
public record ActivationResult(
    ActivationFunction function, DataKind data, int values, List<Entry> entries) {

  /**
   * One contender's figures.
   *
   * @param rounds nanoseconds for each value in each round
   * @param nanos the same, summarised
   * @param maxUlp largest error over the values that were timed
   */
  public record Entry(String name, double[] rounds, Spread nanos, double maxUlp) {}

  /** Median nanoseconds for each value; 0 when that contender is absent. */
  public double nanos(String name) {
    return entries.stream()
        .filter(e -> e.name().equals(name))
        .mapToDouble(e -> e.nanos().median())
        .findFirst()
        .orElse(0);
  }

  /** Time of another contender over ours, round by round, then the median; 0 when it is absent. */
  public double speedUpOver(String name) {
    Entry ours = entries.getFirst();
    for (Entry other : entries) {
      if (other.name().equals(name)) {
        double[] ratios = new double[ours.rounds.length];
        for (int i = 0; i < ratios.length; i++) {
          ratios[i] = other.rounds[i] / ours.rounds[i];
        }
        return Spread.median(ratios);
      }
    }
    return 0;
  }
}
