package dev.unroll.bench.page;

import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Table;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Products;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A group of rates beside those of other libraries: each library by its best way, ours with the
 * share of the ceiling, and over the best peer.
 *
 * <p>A product that packs its weights inside the timing is measured against ways that do so, too; a
 * product with weights packed beforehand against any way.
 *
 * <p>Ratios are taken round by round, so that the machine's drift cancels, then the median of a
 * JVM, then that of the JVMs.
 */
final class Comparison {

  private final Results results;
  private final String group;
  private final List<String> subjects;
  private final List<String> ways;

  /** The comparison of one group. */
  Comparison(Results results, String group) {
    this.results = results;
    this.group = group;
    subjects = results.subjects(group).toList();
    ways =
        results.group(group).stream()
            .filter(m -> m.library().equals(MatmulResult.OURS))
            .map(Measurement::contender)
            .distinct()
            .toList();
  }

  /** A rate of ours over that of the best peer, in each JVM. */
  record Ratio(String peer, double[] forks) {

    double median() {
      return Spread.median(forks);
    }

    private boolean losesEverywhere() {
      return Spread.of(forks).max() < 1;
    }
  }

  /** The libraries that took part, ours left out, in order. */
  private List<String> libraries() {
    return results.group(group).stream()
        .map(Measurement::library)
        .distinct()
        .filter(library -> !library.equals(MatmulResult.OURS))
        .toList();
  }

  /** The fastest way of one library at one subject. */
  @Nullable Measurement best(String subject, String library) {
    return fastest(m -> m.subject().equals(subject) && m.library().equals(library));
  }

  private @Nullable Measurement fastest(Predicate<Measurement> which) {
    return results.group(group).stream()
        .filter(which)
        .reduce((a, b) -> b.median() > a.median() ? b : a)
        .orElse(null);
  }

  /** The best peer of one way of ours. */
  private @Nullable Measurement rival(String subject, String way) {
    return fastest(
        m ->
            m.subject().equals(subject)
                && !m.library().equals(MatmulResult.OURS)
                && !m.library().equals(MatmulResult.NAIVE)
                && (!packs(way) || Packing.of(way).comparesWith(Packing.of(m.contender()))));
  }

  /** Whether a way of ours has weights to pack, and does so inside the timing. */
  private boolean packs(String way) {
    return group.equals(Products.GROUP) && Packing.of(way) == Packing.INSIDE;
  }

  /** Of one way of ours; null where there is no peer. */
  private @Nullable Ratio ratio(String subject, String way) {
    Measurement ours = results.find(group, subject, way).orElse(null);
    Measurement peer = rival(subject, way);
    if (ours == null || peer == null || ours.forks().size() != peer.forks().size()) {
      return null;
    }
    double[] forks = new double[ours.forks().size()];
    for (int f = 0; f < forks.length; f++) {
      double[] a = ours.forks().get(f);
      double[] b = peer.forks().get(f);
      double[] rounds = new double[Math.min(a.length, b.length)];
      for (int r = 0; r < rounds.length; r++) {
        rounds[r] = a[r] / b[r];
      }
      forks[f] = Spread.median(rounds);
    }
    return new Ratio(peer.library(), forks);
  }

  /** One row for each subject, then means and the rows that are lost; empty without data. */
  String render(Map<String, Predicate<String>> means) {
    if (subjects.isEmpty() || ways.isEmpty()) {
      return "";
    }
    List<String> libraries = libraries();
    boolean peers = libraries.stream().anyMatch(l -> !l.equals(MatmulResult.NAIVE));
    List<String> headings = new ArrayList<>(List.of(group));
    headings.addAll(libraries);
    for (String way : ways) {
      headings.addAll(List.of(way, "JVM to JVM", "of ceiling"));
      if (peers && packs(way)) {
        headings.add("peers packing");
      }
      if (peers) {
        headings.add("to best");
      }
    }
    headings.add("ceiling");
    Table table = new Table(headings.toArray(String[]::new));
    for (String subject : subjects) {
      List<String> row = new ArrayList<>(List.of(subject));
      for (String library : libraries) {
        Measurement m = best(subject, library);
        row.add(m == null ? "-" : Figures.rate(m.median()));
      }
      double ceiling = 0;
      for (String way : ways) {
        Measurement m = results.find(group, subject, way).orElse(null);
        row.add(m == null ? "-" : Figures.rate(m.median()));
        row.add(m == null ? "-" : range(m.spread()));
        row.add(m == null ? "-" : Figures.percent(m.ofCeiling()));
        if (peers && packs(way)) {
          Measurement rival = rival(subject, way);
          row.add(rival == null ? "-" : Figures.rate(rival.median()));
        }
        if (peers) {
          Ratio ratio = ratio(subject, way);
          row.add(ratio == null ? "-" : Figures.ratio(ratio.median()));
        }
        ceiling = m == null ? ceiling : m.fact(Measurement.CEILING);
      }
      row.add(Figures.rate(ceiling));
      table.row(row.toArray(String[]::new));
    }
    return table.render() + (peers ? "\n" + means(means) + losses() : "");
  }

  /**
   * A subject against its best peer.
   *
   * @param most the ratio that we would have at the ceiling, or have where we are above it
   */
  private record Against(double ratio, double most) {}

  private @Nullable Against against(String subject, String way) {
    Ratio ratio = ratio(subject, way);
    Measurement ours = results.find(group, subject, way).orElse(null);
    Measurement peer = rival(subject, way);
    if (ratio == null || ours == null || peer == null) {
      return null;
    }
    double ceiling = ours.fact(Measurement.CEILING) / peer.median();
    return new Against(ratio.median(), Math.max(ceiling, ratio.median()));
  }

  private static double mean(DoubleStream ratios) {
    return Math.exp(ratios.map(Math::log).average().orElse(0));
  }

  private String means(Map<String, Predicate<String>> means) {
    Map<String, Predicate<String>> all = new LinkedHashMap<>();
    all.put("all", subject -> true);
    all.putAll(means);
    StringBuilder text = new StringBuilder();
    all.forEach(
        (name, which) -> {
          for (String way : ways) {
            List<Against> rows =
                subjects.stream()
                    .filter(which)
                    .map(subject -> against(subject, way))
                    .filter(Objects::nonNull)
                    .toList();
            if (!rows.isEmpty()) {
              text.append("- Geometric mean to the best peer")
                  .append(packs(way) ? " that packs inside, too, " : ", ")
                  .append(way)
                  .append(", ")
                  .append(name)
                  .append(" (")
                  .append(rows.size())
                  .append("): ")
                  .append(Figures.ratio(mean(rows.stream().mapToDouble(Against::ratio))))
                  .append("; at the ceilings ")
                  .append(Figures.ratio(mean(rows.stream().mapToDouble(Against::most))))
                  .append('\n');
            }
          }
        });
    return text.toString();
  }

  private String losses() {
    StringBuilder text = new StringBuilder();
    for (String way : ways) {
      String rows =
          subjects.stream()
              .map(subject -> lost(subject, ratio(subject, way)))
              .filter(line -> !line.isEmpty())
              .collect(Collectors.joining("; "));
      text.append("- Below the best peer")
          .append(packs(way) ? " that packs inside, too, " : ", ")
          .append(way)
          .append(": ")
          .append(rows.isEmpty() ? "nowhere" : rows)
          .append(rows.contains("*") ? "; * in every JVM" : "")
          .append('\n');
    }
    return text.toString();
  }

  private static String lost(String subject, @Nullable Ratio ratio) {
    return ratio == null || ratio.median() >= 1
        ? ""
        : String.format(
            Locale.ROOT,
            "%s (%s %.2f%s)",
            subject,
            ratio.peer(),
            ratio.median(),
            ratio.losesEverywhere() ? "*" : "");
  }

  /** The lowest and the highest JVM's median, as a share of the middle one. */
  static String range(Spread spread) {
    return String.format(
        Locale.ROOT,
        "%+.1f%% %+.1f%%",
        100 * (spread.min() / spread.median() - 1),
        100 * (spread.max() / spread.median() - 1));
  }
}
