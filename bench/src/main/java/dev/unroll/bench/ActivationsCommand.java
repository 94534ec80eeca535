package dev.unroll.bench;

import dev.unroll.bench.activations.ActivationComparison;
import dev.unroll.bench.activations.ActivationFunction;
import dev.unroll.bench.activations.ActivationReport;
import dev.unroll.bench.activations.ActivationResult;
import dev.unroll.bench.activations.DataKind;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Json;
import dev.unroll.bench.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Elementwise functions against the platform's, plain loops and a copy, measured in turns. */
@Command(
    name = "activations",
    mixinStandardHelpOptions = true,
    description = {
      "Compares exp, tanh, sigmoid, relu and their derivatives with the JDK's own vector functions,"
          + " with loops over Math and with a copy, on normal, saturated, tiny and subnormal data."
    })
final class ActivationsCommand implements Callable<Integer> {

  @Option(
      names = "--function",
      description = "A function, again for more: ${COMPLETION-CANDIDATES}. Default: all.")
  List<ActivationFunction> functions = new ArrayList<>();

  @Option(
      names = "--data",
      description = "A kind of data, again for more: ${COMPLETION-CANDIDATES}. Default: all.")
  List<DataKind> kinds = new ArrayList<>();

  @Option(
      names = "--values",
      defaultValue = "8192",
      description = "Length of the arrays, a multiple of 16. Default: ${DEFAULT-VALUE}.")
  int values = 8192;

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "Turns of every contender. Default: ${DEFAULT-VALUE}.")
  int rounds = 15;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures as JSON.")
  @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    List<ActivationFunction> wanted =
        functions.isEmpty() ? List.of(ActivationFunction.values()) : functions;
    List<DataKind> data = kinds.isEmpty() ? List.of(DataKind.values()) : kinds;
    ActivationComparison comparison = new ActivationComparison(values, rounds);
    List<ActivationResult> results = new ArrayList<>();
    try (Progress progress = new Progress("Activations", (long) wanted.size() * data.size())) {
      for (ActivationFunction function : wanted) {
        for (DataKind kind : data) {
          progress.next(function + " " + kind);
          results.add(comparison.measure(function, kind));
          progress.step();
        }
      }
    }
    System.out.printf(
        "%nNanoseconds for each of %d values, medians of %d turns%n%n", values, rounds);
    System.out.print(new ActivationReport(results).table());
    if (json != null) {
      Json.write(json, "activations", results);
    }
    return 0;
  }
}
