package dev.unroll.bench.matmul;

import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulResult.Entry;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.LeftOut;
import dev.unroll.bench.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The measured shapes as one table and as geometric means. */
public final class MatmulReport {

  private final List<MatmulResult> results;
  private final List<String> peers;

  public MatmulReport(List<MatmulResult> results) {
    this.results = List.copyOf(results);
    Set<String> libraries = new LinkedHashSet<>();
    for (MatmulResult result : results) {
      for (Entry entry : result.entries()) {
        if (!entry.library().equals(MatmulResult.OURS)) {
          libraries.add(entry.library());
        }
      }
    }
    peers = List.copyOf(libraries);
  }

  /**
   * One row for each shape, GFLOP/s by the median; the losing ones too. A peer's column has its
   * fastest way, {@code peers packing} the fastest of all that pack inside the timing, too.
   */
  public String table() {
    List<String> headings = new ArrayList<>(List.of("m,n,k"));
    headings.addAll(peers);
    headings.addAll(
        List.of(
            "packed",
            "of peak",
            "to best",
            "packing",
            "peers packing",
            "to best",
            "peak",
            "GB/s",
            "of load"));
    Table table = new Table(headings.toArray(String[]::new));
    for (MatmulResult result : results) {
      table.row(row(result).toArray(String[]::new));
    }
    return table.render();
  }

  /** A line for each peer whose product was wrong at a shape; empty when all were right. */
  public String leftOut() {
    return LeftOut.text(results.stream().flatMap(result -> result.leftOut().stream()).toList());
  }

  private List<String> row(MatmulResult result) {
    List<String> cells = new ArrayList<>(List.of(result.shape().toString()));
    for (String peer : peers) {
      cells.add(Figures.rate(rate(result.best(peer))));
    }
    double packed = rate(result.ours(Packing.BEFORE));
    cells.add(Figures.rate(packed));
    cells.add(Figures.percent(packed / result.peak().median()));
    cells.add(Figures.ratio(result.ratioToBestPeer(Packing.BEFORE)));
    cells.add(Figures.rate(rate(result.ours(Packing.INSIDE))));
    cells.add(Figures.rate(rate(result.bestPeer(Packing.INSIDE))));
    cells.add(Figures.ratio(result.ratioToBestPeer(Packing.INSIDE)));
    cells.add(Figures.rate(result.peak().median()));
    Spread load = result.loadBandwidth();
    if (load == null) {
      cells.addAll(List.of("", ""));
    } else {
      // A single row reads 4 bytes of weights for each 2 operations.
      cells.add(Figures.rate(load.median()));
      cells.add(Figures.percent(2 * packed / load.median()));
    }
    return cells;
  }

  private static double rate(@Nullable Entry entry) {
    return entry == null ? 0 : entry.gflops().median();
  }

  /** Geometric means of our ratios to the best peer; empty when there is nothing to compare. */
  public String means() {
    StringBuilder text = new StringBuilder();
    mean(text, "all shapes", s -> true);
    mean(text, "skinny shapes (m <= 64 below n and k)", Shape::skinny);
    return text.toString();
  }

  private void mean(StringBuilder text, String what, Predicate<Shape> which) {
    List<MatmulResult> chosen = results.stream().filter(r -> which.test(r.shape())).toList();
    double packed = geometric(chosen, r -> r.ratioToBestPeer(Packing.BEFORE));
    double packing = geometric(chosen, r -> r.ratioToBestPeer(Packing.INSIDE));
    if (packed > 0 || packing > 0) {
      text.append("Geometric mean to the best peer, ")
          .append(what)
          .append(": packed beforehand ")
          .append(Figures.ratio(packed))
          .append(", packing inside, to peers that do so, too, ")
          .append(Figures.ratio(packing))
          .append('\n');
    }
  }

  private static double geometric(List<MatmulResult> chosen, ToDoubleFunction<MatmulResult> of) {
    double[] logs = chosen.stream().mapToDouble(of).filter(r -> r > 0).map(Math::log).toArray();
    double sum = 0;
    for (double log : logs) {
      sum += log;
    }
    return logs.length == 0 ? 0 : Math.exp(sum / logs.length);
  }

  /** Each way of each library at each shape: what the one table leaves out. */
  public String variants() {
    Table table = new Table("m,n,k", "library", "way", "GFLOP/s", "min", "max");
    for (MatmulResult result : results) {
      for (Entry entry : result.entries()) {
        table.row(
            result.shape().toString(),
            entry.library(),
            entry.variant(),
            Figures.rate(entry.gflops().median()),
            Figures.rate(entry.gflops().min()),
            Figures.rate(entry.gflops().max()));
      }
    }
    return table.render();
  }
}
