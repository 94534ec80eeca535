package dev.unroll.bench.suite;

import dev.unroll.bench.activations.ActivationComparison;
import dev.unroll.bench.activations.ActivationFunction;
import dev.unroll.bench.activations.ActivationResult;
import dev.unroll.bench.activations.DataKind;
import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.List;
import java.util.Locale;

/**
 * Elementwise functions in cache, beside the platform's, plain loops and a copy; all data alike.
 */
public final class Functions implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "activations";

  private static final int VALUES = 8192;

  private static final List<ActivationFunction> QUICK =
      List.of(
          ActivationFunction.EXP,
          ActivationFunction.TANH,
          ActivationFunction.SIGMOID,
          ActivationFunction.RELU);

  @Override
  public void measure(Effort effort, Results out) {
    ActivationComparison comparison = new ActivationComparison(VALUES, effort.rounds());
    List<ActivationFunction> functions =
        effort.full() ? List.of(ActivationFunction.values()) : QUICK;
    for (ActivationFunction function : functions) {
      for (DataKind kind : effort.full() ? DataKind.values() : new DataKind[] {DataKind.NORMAL}) {
        add(comparison.measure(function, kind), out);
      }
    }
  }

  /** The name of a function on one kind of data. */
  public static String subject(ActivationFunction function, DataKind kind) {
    return (function + ", " + kind).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void add(ActivationResult result, Results out) {
    for (ActivationResult.Entry entry : result.entries()) {
      out.add(
          Measurement.time(
                  GROUP,
                  subject(result.function(), result.data()),
                  entry.name(),
                  "ns/value",
                  entry.rounds())
              .with(Measurement.MAX_ULP, entry.maxUlp())
              .with(Measurement.CEILING, result.nanos(ActivationComparison.COPY)));
    }
  }
}
