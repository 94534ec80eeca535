package dev.unroll.bench;

import dev.unroll.bench.fork.Fork;
import dev.unroll.bench.health.HealthCheck;
import dev.unroll.bench.report.Table;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.stats.RatioInterval;
import dev.unroll.bench.stats.Verdict;
import dev.unroll.bench.stats.Verdict.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two reports. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compares two files that 'report' has written, for example of two versions or two JVMs.",
      "A verdict needs the whole confidence interval of the ratio of speeds, over the JVMs of both "
          + "reports, on one side of the threshold; otherwise it is refused."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing is slower, and everything could be decided",
      "1:something is slower",
      "2:wrong usage, or a file that is no report of this version",
      "3:nothing is slower, but something could not be decided: too noisy, two modes, single JVMs",
      "4:the reports have no measurement in common"
    })
final class DiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "BEFORE.json")
  Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER.json")
  Path after = Path.of("");

  @Option(
      names = "--threshold",
      defaultValue = "0.05",
      description = "A smaller change of speed is none. Default: ${DEFAULT-VALUE}.")
  double threshold = 0.05;

  @Option(
      names = "--confidence",
      defaultValue = "0.99",
      description = "Of the intervals. Default: ${DEFAULT-VALUE}.")
  double confidence = 0.99;

  @Option(names = "--all", description = "Also show what is the same.")
  boolean all;

  @Override
  public Integer call() {
    if (!(threshold > 0 && threshold < 1) || !(confidence > 0 && confidence < 1)) {
      System.err.println("--threshold and --confidence lie between 0 and 1.");
      return 2;
    }
    ReportDocument first;
    ReportDocument second;
    try {
      first = ReportDocument.read(before);
      second = ReportDocument.read(after);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (!first.environment().equals(second.environment())) {
      System.out.println("The environments differ:");
      System.out.print(first.environment().describe() + second.environment().describe());
    }
    List<Verdict> verdicts = verdicts(first.results(), second.results());
    if (verdicts.isEmpty()) {
      System.out.println("The reports have no measurement in common.");
      return 4;
    }
    print(verdicts);
    return exitCode(verdicts);
  }

  private List<Verdict> verdicts(Results first, Results second) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Measurement m : first.measurements()) {
      // How quiet the machine was, and counts of instructions, are no speeds.
      if (m.group().equals(Fork.QUIET)
          || m.group().equals(HealthCheck.CODE)
          || m.spread().min() <= 0) {
        continue;
      }
      second
          .find(m.group(), m.subject(), m.contender())
          .filter(other -> other.spread().min() > 0)
          .ifPresent(other -> verdicts.add(Verdict.of(m, other, threshold, confidence)));
    }
    return verdicts;
  }

  private void print(List<Verdict> verdicts) {
    Table table = new Table("what", "speed after / before", "interval", "verdict");
    for (Verdict verdict : verdicts) {
      if (verdict.kind() == Kind.SAME && !all) {
        continue;
      }
      RatioInterval interval = verdict.interval();
      table.row(
          verdict.key(),
          interval == null ? "-" : String.format(Locale.ROOT, "%.3f", interval.ratio()),
          interval == null
              ? "-"
              : String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high()),
          verdict.kind().name().toLowerCase(Locale.ROOT)
              + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason()));
    }
    System.out.print(table.render());
    for (Kind kind : Kind.values()) {
      long count = verdicts.stream().filter(v -> v.kind() == kind).count();
      System.out.println(kind.name().toLowerCase(Locale.ROOT) + ": " + count);
    }
  }

  static int exitCode(List<Verdict> verdicts) {
    if (verdicts.stream().anyMatch(v -> v.kind() == Kind.SLOWER)) {
      return 1;
    }
    return verdicts.stream().anyMatch(v -> v.kind() == Kind.UNDECIDED) ? 3 : 0;
  }
}
