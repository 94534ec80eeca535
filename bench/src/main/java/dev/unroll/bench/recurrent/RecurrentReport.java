package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.LeftOut;
import dev.unroll.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The measured layers as one table, the losing rows too. */
public final class RecurrentReport {

  private final List<RecurrentResult> results;
  private final List<String> others;

  /**
   * A report.
   *
   * @param others libraries that have a column, also when they took no part
   */
  public RecurrentReport(List<RecurrentResult> results, List<String> others) {
    this.results = List.copyOf(results);
    this.others = List.copyOf(others);
  }

  /** One row for each layer: medians in milliseconds, and GFLOP/s in brackets. */
  public String table() {
    List<String> headings = new ArrayList<>(List.of("layer"));
    headings.addAll(others);
    headings.addAll(
        List.of(UnrollLayer.LIBRARY, "of peak", "of ceiling", "to best", "peak", "GB/s"));
    Table table = new Table(headings.toArray(String[]::new));
    for (RecurrentResult result : results) {
      List<String> cells = new ArrayList<>(List.of(result.task().toString()));
      others.forEach(other -> cells.add(time(result, other)));
      double ours = result.rate(UnrollLayer.LIBRARY);
      Spread load = result.loadBandwidth();
      cells.add(time(result, UnrollLayer.LIBRARY));
      cells.add(Figures.percent(ours / result.peak().median()));
      cells.add(load == null ? "" : Figures.percent(ours / result.ceiling()));
      cells.add(Figures.ratio(result.ratioToBestPeer()));
      cells.add(Figures.rate(result.peak().median()));
      cells.add(load == null ? "" : Figures.rate(load.median()));
      table.row(cells.toArray(String[]::new));
    }
    return table.render();
  }

  private static String time(RecurrentResult result, String library) {
    RecurrentResult.Entry entry = result.best(library);
    return entry == null
        ? ""
        : String.format(
            Locale.ROOT,
            "%s (%s)",
            Figures.millis(entry.millis().median()),
            Figures.rate(result.rate(library)));
  }

  /** A line for each peer whose results were wrong at a layer; empty when all were right. */
  public String leftOut() {
    return LeftOut.text(results.stream().flatMap(result -> result.leftOut().stream()).toList());
  }

  /** The geometric mean of our ratios to the best peer; empty when there is nothing to compare. */
  public String mean() {
    double sum = 0;
    int rows = 0;
    for (RecurrentResult result : results) {
      double ratio = result.ratioToBestPeer();
      if (ratio > 0) {
        sum += Math.log(ratio);
        rows++;
      }
    }
    return rows == 0
        ? ""
        : "Geometric mean to the best peer of each row, "
            + rows
            + (rows == 1 ? " row: " : " rows: ")
            + Figures.ratio(Math.exp(sum / rows))
            + "\n";
  }
}
