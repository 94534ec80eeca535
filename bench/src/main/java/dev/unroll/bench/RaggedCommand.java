package dev.unroll.bench;

import dev.unroll.bench.recurrent.Ragged;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Json;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What sequences of different lengths in one batch cost.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="ragged --rows 8,32,64"
 * }</pre>
 */
@Command(
    name = "ragged",
    mixinStandardHelpOptions = true,
    description = {
      "Time of a valid step in batches of different lengths, over that of a step in a full batch "
          + "whose rows are as many as are alive on average: 1 is what a batch without padding "
          + "would take.",
      "LSTM and GRU, forward, and forward and backward, one thread, in turns."
    })
final class RaggedCommand implements Callable<Integer> {

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "8,32,64",
      description = "Rows of the batches. Default: ${DEFAULT-VALUE}.")
  List<Integer> rows = new ArrayList<>();

  @Option(
      names = "--steps",
      defaultValue = "32",
      description = "The longest length. Default: ${DEFAULT-VALUE}.")
  int steps = 32;

  @Option(
      names = "--units",
      defaultValue = "256",
      description = "Units, and inputs. Default: ${DEFAULT-VALUE}.")
  int units = 256;

  @Option(names = "--rounds", defaultValue = "9", description = "Turns. Default: ${DEFAULT-VALUE}.")
  int rounds = 9;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures as JSON.")
  @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    List<Ragged.Result> results = new ArrayList<>();
    Ragged.Lengths[] kinds = Ragged.Lengths.values();
    try (Progress progress = new Progress("Ragged batches", (long) kinds.length * rows.size())) {
      for (Ragged.Lengths lengths : kinds) {
        for (int n : rows) {
          progress.next(lengths + " N" + n);
          results.addAll(Ragged.measure(lengths, n, steps, units, rounds));
          progress.step();
        }
      }
    }
    Table table =
        new Table(
            "lengths", "cell", "N", "alive", "forward", "of a full batch", "training", "of it");
    for (Ragged.Result r : results) {
      table.row(
          r.lengths(),
          r.cell(),
          String.valueOf(r.rows()),
          String.format(Locale.ROOT, "%.1f", r.alive()),
          micros(r.forward()),
          String.format(Locale.ROOT, "%.3f", r.forwardRatio()),
          micros(r.training()),
          String.format(Locale.ROOT, "%.3f", r.trainingRatio()));
    }
    System.out.printf(
        "%nMicroseconds of a valid step of T%d I%d H%d, one thread, medians of %d turns%n%n",
        steps, units, units, rounds);
    System.out.print(table.render());
    if (json != null) {
      Json.write(json, "ragged", results);
    }
    return 0;
  }

  private static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / 1e3);
  }
}
