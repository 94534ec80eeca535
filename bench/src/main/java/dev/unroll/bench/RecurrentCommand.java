package dev.unroll.bench;

import dev.unroll.bench.peer.EmptyCall;
import dev.unroll.bench.peer.PeerLibraries;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.OptionCosts;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentComparison;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.RecurrentReport;
import dev.unroll.bench.recurrent.RecurrentResult;
import dev.unroll.bench.recurrent.StepLatency;
import dev.unroll.bench.recurrent.StepReport;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Json;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.report.Table;
import dev.unroll.cell.WeightStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/**
 * Recurrent layers against native libraries, in one process, measured in turns.
 *
 * <pre>{@code
 * mvn -q -Ppeers,demo -DskipTests package -Dunroll.args="recurrent --json recurrent.json"
 * mvn -q -Ppeers,demo -DskipTests package -Dunroll.args="recurrent --pass training --cell gru --shape 35,20,650,650"
 * }</pre>
 */
@Command(
    name = "recurrent",
    mixinStandardHelpOptions = true,
    description = {
      "Compares LSTM, GRU and RNN (tanh) layers with ONNX Runtime, PyTorch, oneDNN and"
          + " Deeplearning4j, when the build has fetched them (profile 'peers'), and with naive"
          + " loops, in one process and in turns, beside the FMA peak.",
      "Forward; forward and backward; or single steps of one row, each timed by itself. Outputs and"
          + " gradients are checked before anything is timed.",
      "GFLOP/s count the products alone: 2 T N G H (I + H) forward, three times that with backward."
    })
final class RecurrentCommand implements Callable<Integer> {

  private static final LayerShape OPTIONS_SHAPE = new LayerShape(50, 32, 128, 256);

  @Option(
      names = "--shape",
      paramLabel = "T,N,I,H",
      converter = ShapeConverter.class,
      description =
          "Steps, rows, inputs, units; again for more. Without it, five layers. Of single steps, "
              + "which have one row and as many inputs as units, only H counts.")
  List<LayerShape> shapes = new ArrayList<>();

  @Option(
      names = "--cell",
      description = "A cell, again for more: ${COMPLETION-CANDIDATES}. Default: all.")
  List<Cell> cells = new ArrayList<>();

  @Option(
      names = "--pass",
      defaultValue = "FORWARD",
      description = "What is timed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Pass pass = Pass.FORWARD;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads of every contender. Default: ${DEFAULT-VALUE}.")
  int threads = 1;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description =
          "Turns of every contender at each layer; of 512 steps each when they are single. "
              + "Default: ${DEFAULT-VALUE}.")
  int rounds = 7;

  @Option(
      names = "--options",
      description =
          "Instead: what a probe, zoneout and variational dropout cost in training, beside the "
              + "layer without them. One thread; 21 turns or more tell a percent.")
  boolean options;

  @Option(names = "--no-peers", description = "Only our own layers and the naive loops.")
  boolean noPeers;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures as JSON.")
  @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    List<Cell> wanted = cells.isEmpty() ? List.of(Cell.values()) : cells;
    if (options) {
      options(wanted);
      return 0;
    }
    List<RecurrentContender> contenders = new ArrayList<>();
    if (!noPeers) {
      if (PeerLibraries.present()) {
        PeerLibraries.describeRecurrent(threads)
            .forEach(line -> System.out.println("Peer     " + line));
        contenders.addAll(PeerLibraries.recurrentContenders(threads));
      } else {
        System.out.println(
            "No peers: build with -Ppeers to fetch them, see bench/README.md for their sizes.");
      }
    }
    contenders.add(new NaiveLayer());
    List<String> others = contenders.stream().map(RecurrentContender::library).distinct().toList();
    contenders.add(new UnrollLayer());
    if (pass == Pass.STEP) {
      contenders.add(new UnrollLayer(WeightStorage.BFLOAT16));
      steps(wanted, contenders, others);
    } else {
      layers(wanted, contenders, others);
    }
    return 0;
  }

  private void options(List<Cell> wanted) {
    OptionCosts costs = new OptionCosts(rounds);
    List<LayerShape> layers = shapes.isEmpty() ? List.of(OPTIONS_SHAPE) : shapes;
    Table table = OptionCosts.table();
    try (Progress progress =
        new Progress("Options of training", (long) wanted.size() * layers.size())) {
      for (Cell cell : wanted) {
        for (LayerShape shape : layers) {
          progress.next(cell + " " + shape);
          costs.measure(cell, shape, table);
          progress.step();
        }
      }
    }
    System.out.printf(
        "%nOptions of training, one thread, medians of %d turns (middle half of the ratios)%n%n",
        rounds);
    System.out.print(table.render());
  }

  private void layers(List<Cell> wanted, List<RecurrentContender> contenders, List<String> others)
      throws IOException {
    FmaPeak peak = FmaPeak.create();
    peak.warmUp();
    RecurrentComparison comparison = new RecurrentComparison(peak, rounds);
    List<LayerShape> layers = shapes.isEmpty() ? LayerShape.STANDARD : shapes;
    List<RecurrentResult> results = new ArrayList<>();
    try (Progress progress =
        new Progress("Recurrent layers", (long) wanted.size() * layers.size())) {
      for (Cell cell : wanted) {
        for (LayerShape shape : layers) {
          Task task = new Task(cell, shape, pass, threads);
          progress.next(task.toString());
          results.add(comparison.measure(task, contenders));
          progress.step();
        }
      }
    }
    RecurrentReport report = new RecurrentReport(results, others);
    System.out.printf(
        "%n%s: milliseconds (GFLOP/s), %d thread(s), medians of %d turns%n%n",
        Character.toUpperCase(pass.title().charAt(0)) + pass.title().substring(1), threads, rounds);
    System.out.print(report.table());
    System.out.print(report.mean());
    System.out.print(report.leftOut());
    if (json != null) {
      Json.write(json, "recurrent", results);
    }
  }

  private void steps(List<Cell> wanted, List<RecurrentContender> contenders, List<String> others)
      throws IOException {
    StepLatency latency = new StepLatency(rounds);
    List<Integer> sizes =
        shapes.isEmpty() ? StepLatency.UNITS : shapes.stream().map(LayerShape::units).toList();
    List<StepLatency.Result> results = new ArrayList<>();
    try (Progress progress = new Progress("Single steps", (long) wanted.size() * sizes.size())) {
      for (Cell cell : wanted) {
        for (int units : sizes) {
          Task task = StepLatency.task(cell, units, threads);
          progress.next(task.toString());
          results.add(latency.measure(task, contenders));
          progress.step();
        }
      }
    }
    List<String> libraries = new ArrayList<>(others);
    libraries.add(UnrollLayer.LIBRARY);
    libraries.add(UnrollLayer.HALF);
    System.out.printf(
        "%nMicroseconds of a single step of one row, %d thread(s), %d steps%n%n",
        threads, rounds * StepLatency.TURN);
    StepReport report = new StepReport(results, libraries);
    System.out.print(report.table());
    System.out.print(report.leftOut());
    if (!noPeers) {
      PeerLibraries.emptyCalls(threads).forEach(RecurrentCommand::describe);
    }
    if (json != null) {
      Json.write(json, "steps", results);
    }
  }

  private static void describe(EmptyCall empty) {
    System.out.printf(
        "An empty call: %s, %s: %.3f microseconds%n",
        empty.library(), empty.what(), Spread.median(empty.nanos()) / 1e3);
  }

  /** Reads {@code T,N,I,H}. */
  static final class ShapeConverter implements ITypeConverter<LayerShape> {
    @Override
    public LayerShape convert(String text) {
      return LayerShape.parse(text);
    }
  }
}
