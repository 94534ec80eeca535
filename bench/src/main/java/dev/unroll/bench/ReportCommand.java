package dev.unroll.bench;

import dev.unroll.bench.fork.ChildJvm;
import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Fork;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.health.HealthCheck;
import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.page.HtmlReport;
import dev.unroll.bench.page.MarkdownReport;
import dev.unroll.bench.page.Published;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Ceilings;
import dev.unroll.bench.suite.Functions;
import dev.unroll.bench.suite.Layers;
import dev.unroll.bench.suite.LayersTwoThreads;
import dev.unroll.bench.suite.Peaks;
import dev.unroll.bench.suite.Products;
import dev.unroll.bench.suite.Roofline;
import dev.unroll.bench.suite.Scaling;
import dev.unroll.bench.suite.Sensitivity;
import dev.unroll.bench.suite.StepTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Everything about this machine in one go.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="report --quick"
 * mvn -q -Pdemo,peers package -Dunroll.args="report --full --publish this-machine"
 * }</pre>
 */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Measures this machine and every kernel in several JVMs, and writes report.md, report.html "
          + "with plots, and report.json, which 'diff' compares.",
      "Peers take part where the build has fetched them (profile 'peers')."
    })
final class ReportCommand implements Callable<Integer> {

  private static final List<Class<? extends Section>> SECTIONS =
      List.of(
          Products.class,
          Layers.class,
          LayersTwoThreads.class,
          Functions.class,
          StepTimes.class,
          Scaling.class,
          Sensitivity.class);

  /** Sections that compare within one JVM: when time is short, one has to do. */
  private static final Set<Class<? extends Section>> ONCE =
      Set.of(Scaling.class, Sensitivity.class);

  @Option(names = "--quick", description = "About three minutes, fewer shapes. The default.")
  boolean quick;

  @Option(
      names = "--full",
      description = "What may be published; three quarters of an hour with peers.")
  boolean full;

  @Option(
      names = "--jvms",
      paramLabel = "COUNT",
      description = "JVMs for each section. Default: 2 quick, 5 full.")
  int jvms;

  @Option(
      names = "--output",
      paramLabel = "DIRECTORY",
      defaultValue = "unroll-report",
      description = "Where the files go. Default: ${DEFAULT-VALUE}.")
  Path output = Path.of("unroll-report");

  @Option(
      names = "--publish",
      paramLabel = "NAME",
      description = {
        "Also keep the data as bench/results/NAME.json and write the block of that name in "
            + "BENCHMARKS.md, both below --repository."
      })
  @Nullable String publish;

  @Option(
      names = "--rewrite",
      paramLabel = "NAME",
      description = {
        "Measure nothing: write the block and the plots of that name again, from "
            + "bench/results/NAME.json."
      })
  @Nullable String rewrite;

  @Option(
      names = "--repository",
      paramLabel = "DIRECTORY",
      defaultValue = ".",
      description = "The folder of BENCHMARKS.md, or one below. Default: the current one.")
  Path repository = Path.of(".");

  @Override
  public Integer call() throws IOException {
    if (quick && full) {
      System.err.println("Either --quick or --full.");
      return 2;
    }
    if (jvms < 0) {
      System.err.println("--jvms is " + jvms + ", must be positive.");
      return 2;
    }
    Path home = home();
    if ((publish != null || rewrite != null) && home == null) {
      System.err.println("There is no BENCHMARKS.md in " + repository.toAbsolutePath() + ".");
      return 2;
    }
    if (rewrite != null && home != null) {
      Published.rewrite(home, rewrite);
      return 0;
    }
    Effort effort = full ? Effort.FULL : Effort.QUICK;
    int forks = jvms == 0 ? effort.forks() : jvms;
    Environment environment = Environment.current();
    System.out.print(environment.describe());
    Files.createDirectories(output);
    Results results = new Results();
    ChildJvm jvm = ChildJvm.likeThis();
    try (Progress progress = new Progress("Ceilings", widths(environment).size() + 1L)) {
      for (int bits : widths(environment)) {
        progress.next(bits + " bits");
        for (int fork = 0; fork < (effort.full() ? 3 : 2); fork++) {
          results.addAll(
              Fork.measure(jvm.with("-Ddev.unroll.vectorBits=" + bits), Peaks.class, effort));
        }
        progress.step();
      }
      progress.next("bandwidth");
      results.addAll(Fork.measure(jvm, Ceilings.class, effort));
      progress.step();
    }
    try (Progress progress = new Progress("Kernels", (long) forks * SECTIONS.size())) {
      for (int fork = 0; fork < forks; fork++) {
        for (Class<? extends Section> section : SECTIONS) {
          if (fork > 0 && !effort.full() && ONCE.contains(section)) {
            progress.step();
            continue;
          }
          progress.next(section.getSimpleName().toLowerCase(Locale.ROOT));
          results.addAll(Fork.measure(jvm, section, effort));
          progress.step();
        }
      }
    }
    HealthCheck health = new HealthCheck(effort, results);
    try (Progress progress = new Progress("JIT health", health.steps())) {
      health.measure(progress);
    }
    HealthCheck.judge(results).stream()
        .filter(finding -> finding.state() != HealthCheck.State.HEALTHY)
        .forEach(finding -> results.note("JIT health, " + finding));
    Roofline.apply(results);
    ReportDocument document =
        ReportDocument.of(
            LocalDate.now(ZoneOffset.UTC).toString(),
            effort.name().toLowerCase(Locale.ROOT),
            environment,
            MachineFacts.current(),
            results);
    document.write(output.resolve("report.json"));
    String markdown = "# What this machine can do\n\n" + MarkdownReport.of(document, 2);
    Files.writeString(output.resolve("report.md"), markdown);
    Files.writeString(output.resolve("report.html"), HtmlReport.of(document));
    System.out.print("\n" + markdown);
    if (publish != null && home != null) {
      Published.publish(home, publish, document);
    }
    System.out.println("\nWritten: report.md, report.html and report.json in " + output);
    return 0;
  }

  /** The folder of BENCHMARKS.md: Maven starts programs in that of the module, which is below. */
  private @Nullable Path home() {
    for (Path folder : List.of(repository, repository.resolve(".."))) {
      if (Files.exists(folder.resolve("BENCHMARKS.md"))) {
        return folder;
      }
    }
    return null;
  }

  /** The vector widths that this JVM has, narrowest first. */
  private static List<Integer> widths(Environment environment) {
    int widest = environment.platform().vectorBits();
    return widest == 0
        ? List.of(512)
        : List.of(128, 256, 512).stream().filter(bits -> bits <= widest).toList();
  }
}
