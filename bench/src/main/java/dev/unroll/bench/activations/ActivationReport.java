package dev.unroll.bench.activations;

import static dev.unroll.bench.activations.ActivationComparison.COPY;
import static dev.unroll.bench.activations.ActivationComparison.JDK;
import static dev.unroll.bench.activations.ActivationComparison.NAIVE;

import dev.unroll.bench.activations.ActivationResult.Entry;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Table;
import java.util.List;
import java.util.Locale;

/** The measured functions as a table. */
public final class ActivationReport {

  private final List<ActivationResult> results;

  public ActivationReport(List<ActivationResult> results) {
    this.results = List.copyOf(results);
  }

  /** One row for each function and kind of data: nanoseconds for each value, by the median. */
  public String table() {
    Table table =
        new Table(
            "function, data",
            "Unroll",
            "max ULP",
            "JDK vectors",
            "times faster",
            "Math loop",
            "times faster",
            "copy",
            "times copy");
    for (ActivationResult result : results) {
      Entry ours = result.entries().getFirst();
      table.row(
          name(result.function()) + ", " + result.data().name().toLowerCase(Locale.ROOT),
          nanos(ours.nanos().median()),
          ulps(ours.maxUlp()),
          nanos(result.nanos(JDK)),
          Figures.ratio(result.speedUpOver(JDK)),
          nanos(result.nanos(NAIVE)),
          Figures.ratio(result.speedUpOver(NAIVE)),
          nanos(result.nanos(COPY)),
          Figures.ratio(1 / result.speedUpOver(COPY)));
    }
    return table.render();
  }

  private static String name(ActivationFunction function) {
    return function.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String nanos(double value) {
    return value > 0 ? String.format(Locale.ROOT, "%.3f", value) : "-";
  }

  private static String ulps(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
