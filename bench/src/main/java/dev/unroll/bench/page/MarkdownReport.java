package dev.unroll.bench.page;

import dev.unroll.bench.fork.Fork;
import dev.unroll.bench.machine.Cache;
import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Table;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Functions;
import dev.unroll.bench.suite.Layers;
import dev.unroll.bench.suite.LayersTwoThreads;
import dev.unroll.bench.suite.Products;
import dev.unroll.bench.suite.Scaling;
import dev.unroll.bench.suite.StepTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A report in Markdown. Every figure comes from the document alone, so that the same document gives
 * the same text, to the letter, at any time.
 */
public final class MarkdownReport {

  private final ReportDocument document;
  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(ReportDocument document) {
    this.document = document;
    results = document.results();
  }

  /** The whole report, below headings of this level. */
  public static String of(ReportDocument document, int level) {
    MarkdownReport report = new MarkdownReport(document);
    report.write("#".repeat(level));
    return report.text.toString();
  }

  private void write(String heading) {
    text.append(heading).append(" The machine\n\n").append(machine());
    section(heading, "Ceilings", ceilings());
    section(heading, "Matrix products, one thread, GFLOP/s", products());
    layers(heading, "one thread", 1);
    layers(heading, "two threads", LayersTwoThreads.THREADS);
    section(heading, "Activations, ns for each value of 8192 in cache", functions());
    section(heading, "Single steps of one row, microseconds", steps());
    section(heading, "A call that computes nothing, microseconds", empty());
    section(heading, "Threads, GFLOP/s", scaling());
    section(heading, "Data: time over that on normal data", byContender("data"));
    section(heading, "Bytes allocated by one call", byContender("allocation"));
    section(heading, "JIT health", health());
    section(heading, "The first calls in a fresh JVM, milliseconds", byContender("start"));
    section(heading, "Machine code, instructions", byContender("code"));
    section(heading, "How quiet the machine was", quiet());
    if (!document.notes().isEmpty()) {
      text.append('\n').append(heading).append(" Notes\n\n");
      document.notes().forEach(note -> text.append("- ").append(note).append('\n'));
    }
  }

  private void layers(String heading, String on, int threads) {
    section(
        heading,
        "Recurrent layers, forward, " + on + ", GFLOP/s",
        new Comparison(results, Layers.on(threads, Layers.GROUP)).render(Map.of()));
    section(
        heading,
        "Recurrent layers, forward and backward, " + on + ", GFLOP/s",
        new Comparison(results, Layers.on(threads, Layers.TRAINING)).render(Map.of()));
  }

  private void section(String heading, String title, String body) {
    if (!body.isEmpty()) {
      text.append('\n').append(heading).append(' ').append(title).append("\n\n").append(body);
    }
  }

  private String machine() {
    Environment e = document.environment();
    MachineFacts m = document.machine();
    Table table = new Table("what", "value");
    table.row("processor", e.platform().cpu() + ", " + e.platform().arch());
    table.row(
        "processors",
        m.processors()
            + " (this process: "
            + e.processors()
            + ", threads a core: "
            + orUnknown(m.threadsPerCore())
            + ", NUMA nodes: "
            + orUnknown(m.numaNodes())
            + ")");
    table.row("instruction sets", String.join(" ", m.instructionSets()));
    table.row("caches", m.caches().stream().map(this::cache).collect(Collectors.joining(", ")));
    table.row("memory", Figures.bytes(m.memoryBytes()));
    table.row(
        "clock control",
        (m.governor().isEmpty() ? "governor unknown" : m.governor())
            + (m.boost().isEmpty() ? "" : ", boost " + m.boost())
            + (m.hypervisor() ? "; a virtual machine" : ""));
    table.row(
        "container limits",
        (m.container().cpus() > 0 ? Figures.rate(m.container().cpus()) + " processors" : "no quota")
            + ", "
            + (m.container().memoryBytes() > 0
                ? Figures.bytes(m.container().memoryBytes())
                : "no memory limit"));
    table.row("system", e.os() + ", microcode " + m.microcode());
    table.row("JVM", e.platform().vm());
    table.row("options", String.join(" ", e.flags()));
    table.row("collectors", String.join(", ", e.collectors()));
    table.row(
        "VM flags",
        m.vmFlags().entrySet().stream()
            .map(f -> f.getKey() + "=" + f.getValue())
            .collect(Collectors.joining(" ")));
    table.row(
        "kernels",
        e.platform().twin().name().toLowerCase(Locale.ROOT)
            + ", "
            + e.platform().vectorBits()
            + " bits: "
            + e.platform().reason());
    table.row("measured", document.created() + ", " + document.effort());
    return table.render();
  }

  private static String orUnknown(int value) {
    return value == 0 ? "unknown" : String.valueOf(value);
  }

  private String cache(Cache cache) {
    return "L"
        + cache.level()
        + " "
        + Figures.bytes(cache.bytes())
        + (cache.sharedBy() > 1 ? " shared by " + cache.sharedBy() : "");
  }

  private String ceilings() {
    Table table = new Table("ceiling", "median", "lowest JVM", "highest JVM", "unit", "a cycle");
    for (String group : List.of("arithmetic", "bandwidth", "clock")) {
      for (Measurement m : results.group(group)) {
        Spread spread = m.spread();
        table.row(
            m.subject(),
            Figures.rate(spread.median()),
            Figures.rate(spread.min()),
            Figures.rate(spread.max()),
            m.unit(),
            Figures.rate(m.fact("flops per cycle")));
      }
    }
    return table.render();
  }

  private String products() {
    return new Comparison(results, Products.GROUP)
        .render(
            Map.of(
                "few rows, m at most 64 and below n and k",
                subject -> Shape.parse(subject).skinny()));
  }

  /** One row for each subject, one column for each library with all its quantiles. */
  private String steps() {
    List<Measurement> all = results.group(StepTimes.GROUP);
    if (all.isEmpty()) {
      return "";
    }
    List<String> libraries = all.stream().map(Measurement::library).distinct().toList();
    List<String> headings = new ArrayList<>(List.of("step"));
    libraries.forEach(l -> headings.add(l + " " + String.join(" / ", StepTimes.NAMES)));
    Table table = new Table(headings.toArray(String[]::new));
    for (String subject : results.subjects(StepTimes.GROUP).toList()) {
      List<String> row = new ArrayList<>(List.of(subject));
      for (String library : libraries) {
        row.add(
            StepTimes.NAMES.stream()
                .map(name -> Measurement.contender(library, name))
                .map(contender -> results.find(StepTimes.GROUP, subject, contender))
                .map(found -> found.map(m -> Figures.rate(m.median())).orElse("-"))
                .collect(Collectors.joining(" / ")));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }

  private String empty() {
    Table table = new Table("library", "call", "microseconds");
    List<Measurement> all = results.group(StepTimes.EMPTY);
    all.forEach(m -> table.row(m.contender(), m.subject(), Figures.rate(m.median())));
    return all.isEmpty() ? "" : table.render();
  }

  /** Each number of threads, and the last over the first. */
  private String scaling() {
    List<String> counts =
        results.group(Scaling.GROUP).stream().map(Measurement::contender).distinct().toList();
    if (counts.size() < 2) {
      return "";
    }
    List<String> headings = new ArrayList<>(List.of("kernel"));
    headings.addAll(counts);
    headings.add("times " + counts.getFirst());
    Table table = new Table(headings.toArray(String[]::new));
    for (String subject : results.subjects(Scaling.GROUP).toList()) {
      List<String> row = new ArrayList<>(List.of(subject));
      double[] rates =
          counts.stream()
              .map(count -> results.find(Scaling.GROUP, subject, count))
              .mapToDouble(found -> found.map(Measurement::median).orElse(0.0))
              .toArray();
      for (double rate : rates) {
        row.add(Figures.rate(rate));
      }
      row.add(Figures.ratio(rates[rates.length - 1] / rates[0]));
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }

  /** One row for each subject, one column for each contender. */
  private String byContender(String group) {
    List<Measurement> all = results.group(group);
    if (all.isEmpty()) {
      return "";
    }
    List<String> contenders = all.stream().map(Measurement::contender).distinct().toList();
    List<String> headings = new ArrayList<>(List.of(group));
    headings.addAll(contenders);
    Table table = new Table(headings.toArray(String[]::new));
    for (String subject : results.subjects(group).toList()) {
      List<String> row = new ArrayList<>(List.of(subject));
      for (String contender : contenders) {
        row.add(
            results
                .find(group, subject, contender)
                .map(m -> m.median() == 0 ? "0" : Figures.rate(m.median()))
                .orElse("-"));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }

  private String functions() {
    List<Measurement> all = results.group(Functions.GROUP);
    if (all.isEmpty()) {
      return "";
    }
    List<String> contenders = all.stream().map(Measurement::contender).distinct().toList();
    List<String> headings = new ArrayList<>(List.of("function, data"));
    for (String contender : contenders) {
      headings.add(contender);
      if (!contender.equals("copy")) {
        headings.add("max ULP");
      }
    }
    Table table = new Table(headings.toArray(String[]::new));
    for (String subject : results.subjects(Functions.GROUP).toList()) {
      List<String> row = new ArrayList<>(List.of(subject));
      for (String contender : contenders) {
        var found = results.find(Functions.GROUP, subject, contender);
        row.add(found.map(m -> String.format(Locale.ROOT, "%.3f", m.median())).orElse("-"));
        if (!contender.equals("copy")) {
          row.add(
              found
                  .map(m -> String.format(Locale.ROOT, "%.2f", m.fact(Measurement.MAX_ULP)))
                  .orElse("-"));
        }
      }
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }

  private String quiet() {
    List<Measurement> shares = results.group(Fork.QUIET);
    if (shares.isEmpty()) {
      return "";
    }
    StringBuilder lines =
        new StringBuilder("Share of a processor that each section's own thread has had:\n\n");
    for (Measurement m : shares) {
      Spread spread = m.spread();
      lines
          .append("- ")
          .append(m.subject())
          .append(": ")
          .append(Figures.percent(spread.median()))
          .append(", the least of a JVM ")
          .append(Figures.percent(spread.min()))
          .append('\n');
    }
    return lines.toString();
  }

  private String health() {
    List<Measurement> clean =
        results.group("health").stream().filter(m -> m.contender().equals("alone")).toList();
    if (clean.isEmpty()) {
      return "";
    }
    Table table =
        new Table("kernel", "unit", "alone", "JVM to JVM", "modes", "among all others", "of alone");
    for (Measurement m : clean) {
      var polluted = results.find("health", m.subject(), "polluted");
      table.row(
          m.subject(),
          m.unit(),
          Figures.rate(m.median()),
          Comparison.range(m.spread()),
          m.fact("modes") == 0 ? "-" : String.valueOf((int) m.fact("modes")),
          polluted.map(p -> Figures.rate(p.median())).orElse("-"),
          polluted.map(p -> Figures.percent(p.median() / m.median())).orElse("-"));
    }
    return table.render();
  }
}
