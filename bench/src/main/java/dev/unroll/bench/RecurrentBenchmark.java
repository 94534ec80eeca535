package dev.unroll.bench;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.Proof;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
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
 * Time of a recurrent layer over a whole sequence, and of a single step, beside plain loops. The
 * outputs are checked before anything is timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh RecurrentBenchmark -f 5 -prof gc -rf json -rff recurrent.json"
 * }</pre>
 *
 * <p>One layer: {@code -p cell=LSTM -p pass=FORWARD -p shape=100x32x128x256}, which is T x N x I x
 * H.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class RecurrentBenchmark {

  /** The cell. */
  @Param("LSTM")
  public Cell cell = Cell.LSTM;

  /** What is timed. */
  @Param({"FORWARD", "STEP"})
  public Pass pass = Pass.FORWARD;

  /** T, N, I and H; JMH splits parameters at commas, hence the other separator. */
  @Param({"20x1x64x128", "20x1x256x512", "20x32x128x256"})
  public String shape = "";

  private final RecurrentContender ours = new UnrollLayer();
  private final RecurrentContender naive = new NaiveLayer();

  /** Makes weights and inputs, and proves both. */
  @Setup(Level.Trial)
  public void setUp() {
    Task task = new Task(cell, LayerShape.parse(shape.replace('x', ',')), pass, 1);
    Proof proof = new Proof(task);
    proof.prepareAndCheck(ours);
    if (naive.accepts(task)) {
      proof.prepareAndCheck(naive);
    }
  }

  /** Our layer. */
  @Benchmark
  public void ours() {
    ours.run();
  }

  /** Plain loops; forward only. */
  @Benchmark
  public void naive() {
    naive.run();
  }
}
