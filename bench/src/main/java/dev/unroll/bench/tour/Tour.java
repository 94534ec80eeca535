package dev.unroll.bench.tour;

import dev.unroll.bench.activations.ActivationComparison;
import dev.unroll.bench.activations.ActivationFunction;
import dev.unroll.bench.activations.ActivationResult;
import dev.unroll.bench.activations.DataKind;
import dev.unroll.bench.matmul.MatmulComparison;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.matmul.NaiveMatmul;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentComparison;
import dev.unroll.bench.recurrent.RecurrentResult;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.report.Table;
import java.util.List;
import java.util.Locale;

/**
 * A short look at every kernel on this machine: what it reaches, which ceiling bounds it, what
 * share of it that is, and what the naive loop reaches. One thread.
 */
public final class Tour {

  private static final List<Shape> PRODUCTS =
      List.of(
          new Shape(1, 1024, 256),
          new Shape(8, 1024, 256),
          new Shape(20, 2600, 650),
          new Shape(64, 64, 64),
          new Shape(512, 512, 512));

  private static final List<ActivationFunction> FUNCTIONS =
      List.of(
          ActivationFunction.EXP,
          ActivationFunction.TANH,
          ActivationFunction.SIGMOID,
          ActivationFunction.RELU);

  private static final List<LayerShape> LAYERS =
      List.of(new LayerShape(20, 1, 256, 512), new LayerShape(20, 32, 128, 256));

  private static final int ROUNDS = 9;
  private static final int VALUES = 8192;

  private final FmaPeak peak;
  private final Table table =
      new Table("kernel", "reached", "ceiling", "is", "of it", "naive loop", "times faster");

  /** A tour that measures this peak in every round; it has been warmed up. */
  public Tour(FmaPeak peak) {
    this.peak = peak;
  }

  /** How many steps {@link #run} takes. */
  public static int steps() {
    return 1 + PRODUCTS.size() + FUNCTIONS.size() + LAYERS.size();
  }

  /** Measures everything and returns the table. */
  public String run(Progress progress) {
    products(progress);
    functions(progress);
    layers(progress);
    return table.render();
  }

  private void products(Progress progress) {
    MatmulComparison comparison =
        new MatmulComparison(
            List.of(new UnrollMatmul(Packing.BEFORE), new NaiveMatmul()),
            peak,
            new MatmulComparison.Plan(1, ROUNDS, 12, 80));
    progress.next("warming up");
    comparison.warmUp();
    progress.step();
    for (Shape shape : PRODUCTS) {
      progress.next("matmul " + shape);
      MatmulResult result = comparison.measure(shape);
      double ours = rate(result, MatmulResult.OURS);
      double naive = rate(result, MatmulResult.NAIVE);
      Spread load = result.loadBandwidth();
      // A single row reads 4 bytes of weights for each 2 operations.
      double ceiling = load == null ? result.peak().median() : load.median() / 2;
      row("matmul " + shape, "GFLOP/s", ours, load == null ? "FMA peak" : "loads", ceiling, naive);
      progress.step();
    }
  }

  private static double rate(MatmulResult result, String library) {
    MatmulResult.Entry entry = result.best(library);
    return entry == null ? 0 : entry.gflops().median();
  }

  private void functions(Progress progress) {
    ActivationComparison comparison = new ActivationComparison(VALUES, ROUNDS);
    for (ActivationFunction function : FUNCTIONS) {
      String name = function.name().toLowerCase(Locale.ROOT);
      progress.next(name);
      ActivationResult result = comparison.measure(function, DataKind.NORMAL);
      row(
          name,
          "Gvalue/s",
          1 / result.nanos(ActivationComparison.OURS),
          "copy",
          1 / result.nanos(ActivationComparison.COPY),
          1 / result.nanos(ActivationComparison.NAIVE));
      progress.step();
    }
  }

  private void layers(Progress progress) {
    RecurrentComparison comparison = new RecurrentComparison(peak, ROUNDS);
    for (LayerShape shape : LAYERS) {
      Task task = new Task(Cell.LSTM, shape, Pass.FORWARD, 1);
      progress.next(task.toString());
      RecurrentResult result =
          comparison.measure(task, List.of(new UnrollLayer(), new NaiveLayer()));
      row(
          task.toString(),
          "GFLOP/s",
          result.rate(UnrollLayer.LIBRARY),
          result.loadBandwidth() == null ? "FMA peak" : "loads",
          result.ceiling(),
          result.rate(NaiveLayer.LIBRARY));
      progress.step();
    }
  }

  private void row(
      String kernel, String unit, double ours, String bound, double ceiling, double naive) {
    table.row(
        kernel,
        Figures.rate(ours) + " " + unit,
        bound,
        Figures.rate(ceiling),
        Figures.percent(ours / ceiling),
        Figures.rate(naive),
        Figures.ratio(ours / naive));
  }
}
