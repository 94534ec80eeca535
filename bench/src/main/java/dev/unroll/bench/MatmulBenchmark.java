package dev.unroll.bench;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.NaiveMatmul;
import dev.unroll.bench.matmul.Operands;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.UnrollMatmul;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of one matrix product, the weights packed beforehand and inside the timing, beside the naive
 * loop. Each product is checked before it is timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh MatmulBenchmark -f 5 -prof gc -rf json -rff matmul.json"
 * }</pre>
 *
 * <p>One shape: {@code -p shape=32x1024x256}. Another width: {@code -jvmArgsAppend
 * -Ddev.unroll.vectorBits=256}; one twin: {@code -p twin=SIMD}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class MatmulBenchmark {

  /** m, n and k; JMH splits parameters at commas, hence the other separator. */
  @Param({
    "1x512x128",
    "1x1024x256",
    "4x1024x256",
    "8x1024x256",
    "32x1024x256",
    "20x2600x650",
    "17x31x23",
    "64x64x64",
    "127x127x127",
    "256x256x256",
    "1024x1024x1024"
  })
  public String shape = "";

  /** The kernels. */
  @Param public Twin twin = Twin.SIMD;

  private final MatmulContender packed = new UnrollMatmul(Packing.BEFORE);
  private final MatmulContender packing = new UnrollMatmul(Packing.INSIDE);
  private final MatmulContender naive = new NaiveMatmul();

  /** Makes the operands and proves all three products. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    Operands operands = new Operands(Shape.parse(shape.replace('x', ',')));
    operands.prepareAndCheck(packed, 1);
    operands.prepareAndCheck(packing, 1);
    operands.prepareAndCheck(naive, 1);
  }

  /** Releases the contenders. */
  @TearDown(Level.Trial)
  public void tearDown() {
    packed.close();
    packing.close();
    naive.close();
  }

  /** Weights packed beforehand. */
  @Benchmark
  public void packed() {
    packed.run();
  }

  /** Both operands packed inside the timing. */
  @Benchmark
  public void packing() {
    packing.run();
  }

  /** The triple loop. */
  @Benchmark
  public void naive() {
    naive.run();
  }
}
