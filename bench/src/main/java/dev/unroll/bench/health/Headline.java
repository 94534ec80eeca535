package dev.unroll.bench.health;

import dev.unroll.bench.activations.ActivationFunction;
import dev.unroll.bench.activations.DataKind;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.Operands;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.suite.RecurrentKernels;
import dev.unroll.cell.CellSpec;
import java.util.function.Supplier;

/** The kernels by which the library is judged, each at one size. */
@SuppressWarnings("ImmutableEnumChecker") // Suppliers without state.
public enum Headline {
  MATMUL_64("matmul 64,64,64", () -> product(64, 64, 64)),
  MATMUL_SKINNY("matmul 20,2600,650", () -> product(20, 2600, 650)),
  MATMUL_ROW("matmul 1,1024,256", () -> product(1, 1024, 256)),
  TANH("tanh", () -> function(ActivationFunction.TANH)),
  SIGMOID("sigmoid", () -> function(ActivationFunction.SIGMOID)),
  EXP("exp", () -> function(ActivationFunction.EXP)),
  LSTM("LSTM T20 N32 I128 H256", () -> forward(CellSpec.lstm(128, 256), 20, 32)),
  LSTM_STEP("LSTM step N1 I128 H128", () -> step(CellSpec.lstm(128, 128))),
  GRU("GRU T20 N32 I128 H256", () -> forward(CellSpec.gru(128, 256), 20, 32)),
  LSTM_TRAINING("LSTM training T20 N32 I128 H256", () -> training(CellSpec.lstm(128, 256), 20, 32));

  /** Values of an elementwise function. */
  private static final int VALUES = 8192;

  private final String title;
  private final Supplier<Task> maker;

  Headline(String title, Supplier<Task> maker) {
    this.title = title;
    this.maker = maker;
  }

  /**
   * A kernel with its operands, proven right.
   *
   * @param run computes it once
   * @param work what is counted: operations or values of one run
   */
  public record Task(Runnable run, double work, String unit) {

    /** The rate of calls that took this long together, in the unit. */
    public double rate(long calls, long nanos) {
      return work * calls / nanos;
    }
  }

  /** What reports call it. */
  public String title() {
    return title;
  }

  /** Makes its operands and proves it. */
  public Task create() {
    return maker.get();
  }

  private static Task product(int m, int n, int k) {
    Shape shape = new Shape(m, n, k);
    UnrollMatmul contender = new UnrollMatmul(Packing.BEFORE);
    new Operands(shape).prepareAndCheck(contender, 1);
    return new Task(contender::run, shape.flops(), Measurement.GFLOPS);
  }

  private static Task function(ActivationFunction function) {
    float[] x = function.inputs(DataKind.NORMAL, VALUES);
    float[] y = new float[VALUES];
    function.ours().apply(x, y);
    function.maxUlp(x, y, function.name());
    return new Task(() -> function.ours().apply(x, y), VALUES, "Gvalue/s");
  }

  private static Task forward(CellSpec spec, int steps, int batch) {
    RecurrentKernels layer = new RecurrentKernels(spec, steps, batch);
    return new Task(layer.forward(), layer.flops(), Measurement.GFLOPS);
  }

  private static Task step(CellSpec spec) {
    RecurrentKernels layer = new RecurrentKernels(spec, 16, 1);
    return new Task(layer.step(), layer.flops() / 16, Measurement.GFLOPS);
  }

  private static Task training(CellSpec spec, int steps, int batch) {
    RecurrentKernels layer = new RecurrentKernels(spec, steps, batch);
    return new Task(layer.training(), 3 * layer.flops(), Measurement.GFLOPS);
  }
}
