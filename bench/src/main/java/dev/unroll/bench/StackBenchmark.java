package dev.unroll.bench;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Gradients;
import dev.unroll.bench.recurrent.NaiveStack;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of layers on top of each other, forward and with the backward pass, beside plain loops.
 * Before it is timed, the forward pass is compared with single steps, that of training with that of
 * inference, and outputs and gradients with those of the loops.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh StackBenchmark -f 5 -prof gc -rf json -rff stack.json"
 * }</pre>
 *
 * <p>One stack: {@code -p cell=GRU -p layers=2 -p shape=20x32x128}, which is T x N x H; as many
 * inputs as units.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class StackBenchmark {

  /** The cell of every layer. */
  @Param({"LSTM", "GRU", "ELMAN"})
  public String cell = "";

  /** How many layers. */
  @Param({"1", "2", "4"})
  public int layers = 1;

  /** T, N and H. */
  @Param({"20x1x128", "20x32x128"})
  public String shape = "";

  /** The kernels. */
  @Param public Twin twin = Twin.SIMD;

  private Runnable forward = () -> {};
  private Runnable training = () -> {};
  private Runnable naiveForward = () -> {};
  private Runnable naiveTraining = () -> {};

  private int steps;
  private int batch;
  private int units;

  /** Makes weights and inputs, and proves both passes. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    int[] sizes = Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    steps = sizes[0];
    batch = sizes[1];
    units = sizes[2];
    Cell loops;
    CellSpec one;
    switch (cell) {
      case "LSTM" -> {
        loops = Cell.LSTM;
        one = CellSpec.lstm(units, units);
      }
      case "GRU" -> {
        loops = Cell.GRU;
        one = CellSpec.gru(units, units);
      }
      default -> {
        loops = Cell.RNN;
        one = CellSpec.elman(units, units);
      }
    }
    StackSpec spec = StackSpec.of(one, layers);
    StackWeights weights = StackWeights.zeros(spec);
    SplittableRandom random = new SplittableRandom(1);
    weights.arrays().forEach(array -> fill(random, array, 1 / Math.sqrt(units)));
    float[] x = new float[steps * batch * units];
    float[] dy = new float[x.length];
    fill(random, x, 1);
    fill(random, dy, 1);
    float[] expected = inference(weights, x);
    NaiveStack plain = new NaiveStack(loops, Pass.TRAINING, steps, batch, weights, x, dy);
    plain.training();
    close("y", expected, plain.outputs());
    training(weights, x, dy, expected, plain.gradients());
    naiveForward = timed(new NaiveStack(loops, Pass.FORWARD, steps, batch, weights, x, dy), false);
    naiveTraining = timed(plain, true);
  }

  /** Our stack for inference, and its outputs. */
  private float[] inference(StackWeights weights, float[] x) {
    Stack stack = Stack.of(PackedStack.pack(weights));
    float[] y = new float[x.length];
    float[] h = new float[layers * batch * units];
    float @Nullable [] c = stack.spec().hasCell() ? new float[h.length] : null;
    forward =
        () -> {
          zero(h, c);
          stack.forward(SequenceLayout.TIME_MAJOR, steps, batch, null, x, y, h, c);
        };
    forward.run();
    float[] expected = y.clone();
    zero(h, c);
    float[] row = new float[batch * units];
    for (int t = 0; t < steps; t++) {
      stack.forward(
          SequenceLayout.TIME_MAJOR, 1, batch, null, x, t * row.length, row, 0, h, 0, c, 0);
      if (Arrays.mismatch(row, 0, row.length, expected, t * row.length, (t + 1) * row.length)
          >= 0) {
        throw new IllegalStateException("step " + t + " alone gives other outputs");
      }
    }
    return expected;
  }

  /** Our stack in training, which must give these outputs and gradients. */
  private void training(
      StackWeights weights, float[] x, float[] dy, float[] expected, List<Gradients> plain) {
    StackTrainer trainer = StackTrainer.of(weights.spec());
    trainer.load(weights);
    StackWeights gradients = StackWeights.zeros(weights.spec());
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    float[] h = new float[layers * batch * units];
    float[] dh = new float[h.length];
    float @Nullable [] c = weights.spec().hasCell() ? new float[h.length] : null;
    float @Nullable [] dc = c == null ? null : new float[c.length];
    training =
        () -> {
          zero(h, c);
          trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, null, x, y, h, c);
          zero(dh, dc);
          trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
        };
    training.run();
    if (!Arrays.equals(expected, y)) {
      throw new IllegalStateException("training runs another forward pass than inference");
    }
    close("dx", dx, plain.getFirst().dx());
    for (int layer = 0; layer < layers; layer++) {
      WeightSet ours = gradients.part(layer);
      Gradients loops = plain.get(layer);
      close("dW of layer " + layer, ours.inputWeights(), loops.dW());
      close("dR of layer " + layer, ours.recurrentWeights(), loops.dR());
      close("bias of layer " + layer, ours.inputBias(), loops.dInputBias());
      close("recurrent bias of layer " + layer, ours.recurrentBias(), loops.dRecurrentBias());
    }
  }

  /**
   * The limit of the numerical contract for gradients, 1e-6 sqrt(T H) of the largest element, for
   * each of the two and as many steps as all layers have.
   */
  private void close(String what, float @Nullable [] ours, float[] loops) {
    double largest = 0;
    for (float value : loops) {
      largest = Math.max(largest, Math.abs(value));
    }
    double limit = 2e-6 * Math.sqrt((double) steps * units * layers) * largest;
    for (int i = 0; i < loops.length; i++) {
      float got = Objects.requireNonNull(ours)[i];
      if (!(Math.abs((double) got - loops[i]) <= limit)) {
        throw new IllegalStateException(
            what + "[" + i + "] is " + got + ", the loops give " + loops[i]);
      }
    }
  }

  private Runnable timed(NaiveStack stack, boolean trains) {
    if (!stack.small()) {
      return () -> {
        throw new UnsupportedOperationException(
            "the loops do not take this: " + layers + " layers, " + shape);
      };
    }
    return trains ? stack::training : stack::forward;
  }

  private static void fill(SplittableRandom random, float[] array, double bound) {
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextDouble(-bound, bound);
    }
  }

  private static void zero(float[] first, float @Nullable [] second) {
    Arrays.fill(first, 0f);
    if (second != null) {
      Arrays.fill(second, 0f);
    }
  }

  /** The whole sequence from zero states. */
  @Benchmark
  public void forward() {
    forward.run();
  }

  /** Forward, and backward to the gradients of inputs and weights. */
  @Benchmark
  public void training() {
    training.run();
  }

  /** The same by plain loops; small stacks alone, an error with others. */
  @Benchmark
  public void naiveForward() {
    naiveForward.run();
  }

  /** Forward and back by plain loops; small stacks alone, an error with others. */
  @Benchmark
  public void naiveTraining() {
    naiveTraining.run();
  }
}
