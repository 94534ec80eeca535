package dev.unroll.bench.results;

import dev.unroll.bench.probe.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One quantity of one contender, measured in rounds, in one JVM or in several.
 *
 * @param group what is measured, for example {@code matmul}
 * @param subject at which shape or on which data, for example {@code 64,64,64}
 * @param contender whose code, and which way of it, for example {@code Unroll: packed}
 * @param unit for example {@code GFLOP/s}
 * @param higherIsBetter whether a greater figure is the better one
 * @param forks the samples of each JVM, in the order in which they were taken
 * @param facts what else is known: work done, its ceiling, accuracy
 */
public record Measurement(
    String group,
    String subject,
    String contender,
    String unit,
    boolean higherIsBetter,
    List<double[]> forks,
    Map<String, Double> facts) {

  /** GFLOP/s. */
  public static final String GFLOPS = "GFLOP/s";

  /** GB/s. */
  public static final String GBS = "GB/s";

  /** Name of the fact that gives the ceiling, in the unit of the measurement. */
  public static final String CEILING = "ceiling";

  /** Name of the fact that gives floating-point operations for each byte moved. */
  public static final String INTENSITY = "flops per byte";

  private static final String WAY = ": ";

  /** Name of the fact that gives the largest error in ULP. */
  public static final String MAX_ULP = "max ULP";

  public Measurement {
    forks = List.copyOf(forks);
    if (forks.isEmpty() || forks.stream().anyMatch(f -> f.length == 0)) {
      throw new IllegalArgumentException(
          "no samples of " + group + "/" + subject + "/" + contender);
    }
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  /** The contender's name of one way of a library; of a library that has one way, its name. */
  public static String contender(String library, String way) {
    return way.isEmpty() ? library : library + WAY + way;
  }

  /** A rate, the higher the better, measured in this JVM. */
  public static Measurement rate(
      String group, String subject, String contender, String unit, double[] samples) {
    return new Measurement(group, subject, contender, unit, true, List.of(samples), Map.of());
  }

  /** A time, the lower the better, measured in this JVM. */
  public static Measurement time(
      String group, String subject, String contender, String unit, double[] samples) {
    return new Measurement(group, subject, contender, unit, false, List.of(samples), Map.of());
  }

  /** The same with one more fact; one that is no number, or not finite, is left out. */
  public Measurement with(String fact, double value) {
    if (!Double.isFinite(value)) {
      return this;
    }
    Map<String, Double> more = new TreeMap<>(facts);
    more.put(fact, value);
    return new Measurement(group, subject, contender, unit, higherIsBetter, forks, more);
  }

  /** What it is, in one word: no two measurements of a report share it. */
  public String key() {
    return group + "/" + subject + "/" + contender;
  }

  /** Whose code it is: the contender without the way. */
  public String library() {
    int end = contender.indexOf(WAY);
    return end < 0 ? contender : contender.substring(0, end);
  }

  /** Which way of a library; empty where it has one. */
  public String way() {
    int end = contender.indexOf(WAY);
    return end < 0 ? "" : contender.substring(end + WAY.length());
  }

  /** A fact; 0 when it is not known. */
  public double fact(String name) {
    return facts.getOrDefault(name, 0.0);
  }

  /** The median of each JVM. */
  public double[] forkMedians() {
    return forks.stream().mapToDouble(Spread::median).toArray();
  }

  /** Median and ends over the JVMs' medians. */
  public Spread spread() {
    return Spread.of(forkMedians());
  }

  /** The median of the JVMs' medians. */
  public double median() {
    return spread().median();
  }

  /** The share of its ceiling that it reaches: of a time, the ceiling over it; 0 without one. */
  public double ofCeiling() {
    double ceiling = fact(CEILING);
    return ceiling == 0 ? 0 : higherIsBetter ? median() / ceiling : ceiling / median();
  }

  /**
   * The samples of two measurements of one thing. A fact that both know becomes the mean, weighted
   * by the number of JVMs.
   */
  Measurement merge(Measurement other) {
    List<double[]> all = new ArrayList<>(forks);
    all.addAll(other.forks);
    Map<String, Double> merged = new TreeMap<>(facts);
    other.facts.forEach(
        (name, value) ->
            merged.merge(
                name,
                value,
                (a, b) -> (a * forks.size() + b * other.forks.size()) / (double) all.size()));
    return new Measurement(group, subject, contender, unit, higherIsBetter, all, merged);
  }
}
