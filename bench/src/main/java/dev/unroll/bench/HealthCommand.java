package dev.unroll.bench;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.health.HealthCheck;
import dev.unroll.bench.health.HealthCheck.Finding;
import dev.unroll.bench.health.HealthCheck.State;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the compiler makes of the headline kernels: in fresh JVMs, in a busy one, at the start.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="health --quick"
 * }</pre>
 */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = {
      "Runs each headline kernel in many fresh JVMs and looks for two modes; runs all of them in "
          + "busy JVMs; counts allocated bytes; times the first calls, without and with an "
          + "ahead-of-time cache; and reads vector instructions off the machine code."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything is healthy",
      "1:something is not: two modes, more than 5 %% lost in a busy JVM, allocation, no vectors",
      "2:wrong usage",
      "3:nothing is unhealthy, but something could not be decided: too noisy"
    })
final class HealthCommand implements Callable<Integer> {

  @Option(names = "--quick", description = "Four kernels, fewer JVMs.")
  boolean quick;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    Results results = new Results();
    HealthCheck check = new HealthCheck(quick ? Effort.QUICK : Effort.FULL, results);
    try (Progress progress = new Progress("JIT health", check.steps())) {
      check.measure(progress);
    }
    System.out.println();
    results
        .group("start")
        .forEach(
            m -> System.out.printf("%s, %s: %.0f ms%n", m.subject(), m.contender(), m.median()));
    results.notes().forEach(System.out::println);
    List<Finding> findings = HealthCheck.judge(results);
    findings.forEach(System.out::println);
    return exitCode(findings);
  }

  static int exitCode(List<Finding> findings) {
    if (findings.stream().anyMatch(f -> f.state() == State.UNHEALTHY)) {
      return 1;
    }
    return findings.stream().anyMatch(f -> f.state() == State.UNDECIDED) ? 3 : 0;
  }
}
