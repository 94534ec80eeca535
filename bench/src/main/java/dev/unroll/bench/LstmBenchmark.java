package dev.unroll.bench;

import dev.unroll.bench.lstm.LstmContender;
import dev.unroll.bench.lstm.LstmData;
import dev.unroll.bench.lstm.LstmShape;
import dev.unroll.bench.lstm.NaiveLstm;
import dev.unroll.bench.lstm.UnrollLstm;
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
 * Time of an LSTM layer's forward pass over a whole sequence, in one call and step by step, beside
 * plain loops. The outputs are checked before anything is timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh LstmBenchmark -f 5 -prof gc -rf json -rff lstm.json"
 * }</pre>
 *
 * <p>One layer: {@code -p shape=100x32x128x256}, which is T x N x I x H.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class LstmBenchmark {

  /** T, N, I and H; JMH splits parameters at commas, hence the other separator. */
  @Param({"20x1x64x128", "20x1x256x512", "20x32x128x256"})
  public String shape = "";

  private final LstmContender forward = new UnrollLstm(false);
  private final LstmContender stepwise = new UnrollLstm(true);
  private final LstmContender naive = new NaiveLstm();

  /** Makes weights and inputs, and proves all three. */
  @Setup(Level.Trial)
  public void setUp() {
    LstmData data = new LstmData(LstmShape.parse(shape.replace('x', ',')));
    data.prepareAndCheck(forward);
    data.prepareAndCheck(stepwise);
    data.prepareAndCheck(naive);
  }

  /** The whole sequence in one call. */
  @Benchmark
  public void forward() {
    forward.run();
  }

  /** One call for each step. */
  @Benchmark
  public void stepByStep() {
    stepwise.run();
  }

  /** Plain loops. */
  @Benchmark
  public void naive() {
    naive.run();
  }
}
