package dev.unroll.bench;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import java.util.Arrays;
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
 * Time of layers on top of each other, forward and with the backward pass. Before it is timed, the
 * forward pass is compared with single steps, and that of training with that of inference.
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

  /** Makes weights and inputs, and proves both passes. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    int[] sizes = Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    int steps = sizes[0];
    int batch = sizes[1];
    int units = sizes[2];
    CellSpec one =
        switch (cell) {
          case "LSTM" -> CellSpec.lstm(units, units);
          case "GRU" -> CellSpec.gru(units, units);
          default -> CellSpec.elman(units, units);
        };
    StackSpec spec = StackSpec.of(one, layers);
    StackWeights weights = StackWeights.zeros(spec);
    SplittableRandom random = new SplittableRandom(1);
    weights.arrays().forEach(array -> fill(random, array, 1 / Math.sqrt(units)));
    float[] x = new float[steps * batch * units];
    float[] dy = new float[x.length];
    fill(random, x, 1);
    fill(random, dy, 1);
    float[] y = new float[x.length];
    float[] h = new float[layers * batch * units];
    float @Nullable [] c = spec.hasCell() ? new float[h.length] : null;
    Stack stack = Stack.of(PackedStack.pack(weights));
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
    StackTrainer trainer = StackTrainer.of(spec);
    trainer.load(weights);
    StackWeights gradients = StackWeights.zeros(spec);
    float[] dx = new float[x.length];
    float[] dh = new float[h.length];
    float @Nullable [] dc = c == null ? null : new float[c.length];
    training =
        () -> {
          zero(h, c);
          trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, null, x, y, h, c);
          zero(dh, dc);
          trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
        };
    training.run();
    if (!Arrays.equals(expected, y) || dx[0] == 0) {
      throw new IllegalStateException("training runs another forward pass than inference");
    }
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
}
