package dev.unroll.bench.recurrent;

import dev.unroll.bench.report.LeftOut;
import dev.unroll.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Latencies of single steps as one table: median, and the slowest in a hundred and a thousand. */
public final class StepReport {

  private static final double[] SHARES = {0.5, 0.99, 0.999};

  private final List<StepLatency.Result> results;
  private final List<String> libraries;

  /**
   * A report.
   *
   * @param libraries that have a column, also when they took no part
   */
  public StepReport(List<StepLatency.Result> results, List<String> libraries) {
    this.results = List.copyOf(results);
    this.libraries = List.copyOf(libraries);
  }

  /** One row for each task: microseconds. */
  public String table() {
    List<String> headings = new ArrayList<>(List.of("step"));
    libraries.forEach(library -> headings.add(library + " p50 / p99 / p99.9"));
    Table table = new Table(headings.toArray(String[]::new));
    for (StepLatency.Result result : results) {
      LayerShape shape = result.task().shape();
      List<String> cells = new ArrayList<>();
      cells.add(result.task().cell() + " I" + shape.inputs() + " H" + shape.units());
      for (String library : libraries) {
        cells.add(
            result.entries().stream()
                .filter(e -> e.library().equals(library))
                .findFirst()
                .map(StepReport::quantiles)
                .orElse(""));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table.render();
  }

  /** A line for each peer whose results were wrong at a step; empty when all were right. */
  public String leftOut() {
    return LeftOut.text(results.stream().flatMap(result -> result.leftOut().stream()).toList());
  }

  private static String quantiles(StepLatency.Entry entry) {
    List<String> parts = new ArrayList<>();
    for (double share : SHARES) {
      double micros = entry.quantile(share) / 1e3;
      parts.add(String.format(Locale.ROOT, micros < 100 ? "%.1f" : "%.0f", micros));
    }
    return String.join(" / ", parts);
  }
}
