package dev.unroll.bench;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.Proof;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.cell.WeightStorage;
import java.util.concurrent.TimeUnit;
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
 * Time of a recurrent layer over a whole sequence, forward and with the backward pass, and of a
 * single step, beside plain loops. Outputs and gradients are checked before anything is timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh RecurrentBenchmark -f 5 -prof gc -rf json -rff recurrent.json"
 * }</pre>
 *
 * <p>Forward and backward together: {@code -p pass=TRAINING}. One layer: {@code -p cell=LSTM -p
 * pass=FORWARD -p shape=100x32x128x256}, which is T x N x I x H.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class RecurrentBenchmark {

  /** The cell. */
  @Param public Cell cell = Cell.LSTM;

  /** What is timed. */
  @Param({"FORWARD", "TRAINING", "STEP"})
  public Pass pass = Pass.FORWARD;

  /** T, N, I and H; JMH splits parameters at commas, hence the other separator. */
  @Param({"20x1x32x32", "20x1x64x128", "20x1x256x512", "20x8x64x128", "20x32x128x256"})
  public String shape = "";

  /** The kernels. */
  @Param public Twin twin = Twin.SIMD;

  private final RecurrentContender ours = new UnrollLayer();
  private final RecurrentContender half = new UnrollLayer(WeightStorage.BFLOAT16);
  private final RecurrentContender naive = new NaiveLayer();
  private boolean hasHalf;
  private boolean hasNaive;

  /** Makes weights and inputs, and proves all of them. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    Task task = new Task(cell, LayerShape.parse(shape.replace('x', ',')), pass, 1);
    Proof proof = new Proof(task);
    proof.prepareAndCheck(ours);
    hasHalf = pass == Pass.STEP;
    if (hasHalf) {
      proof.prepareAndCheck(half);
    }
    hasNaive = naive.accepts(task);
    if (hasNaive) {
      proof.prepareAndCheck(naive);
    }
  }

  /** Our layer. */
  @Benchmark
  public void ours() {
    ours.run();
  }

  /** Our layer with weights stored as bfloat16; single steps, an error with anything else. */
  @Benchmark
  public void bf16() {
    if (!hasHalf) {
      throw new UnsupportedOperationException("bfloat16 is for single steps, not " + pass);
    }
    half.run();
  }

  /** Plain loops, forward and back; small layers alone, an error with others. */
  @Benchmark
  public void naive() {
    if (!hasNaive) {
      throw new UnsupportedOperationException("the loops do not take this: " + pass + " " + shape);
    }
    naive.run();
  }
}
