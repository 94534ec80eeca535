package dev.unroll.bench;

import dev.unroll.bench.activations.ActivationFunction;
import dev.unroll.bench.activations.ArrayFunction;
import dev.unroll.bench.activations.DataKind;
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
 * Time of an elementwise function over an array: our kernel, the platform's vector function where
 * it has one, a loop over {@link Math}, and a copy. Each is checked before it is timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh ActivationsBenchmark -f 5 -prof gc -rf json -rff activations.json"
 * }</pre>
 *
 * <p>One function, one kind of data: {@code -p function=TANH -p data=SUBNORMAL}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class ActivationsBenchmark {

  /** How many values. */
  @Param({"64", "8192", "1048576"})
  public int length = 8192;

  /** What is computed. */
  @Param public ActivationFunction function = ActivationFunction.TANH;

  /** What the inputs look like. */
  @Param public DataKind data = DataKind.NORMAL;

  /** The kernels. */
  @Param public Twin twin = Twin.SIMD;

  private float[] x = {};
  private float[] y = {};
  private ArrayFunction ours = (from, to) -> {};
  private ArrayFunction naive = (from, to) -> {};
  private @Nullable ArrayFunction jdk;

  /** Makes the inputs and proves each contender. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    x = function.inputs(data, length);
    y = new float[length];
    ours = function.ours();
    naive = function.naive();
    jdk = function.jdk();
    check(ours, "our kernel");
    check(naive, "the loop");
    if (jdk != null) {
      check(jdk, "the platform's vector function");
    }
  }

  private void check(ArrayFunction contender, String who) {
    contender.apply(x, y);
    double ulp = function.maxUlp(x, y, who);
    System.out.printf("# %s: at most %.2f ULP off over these values%n", who, ulp);
  }

  /** Our kernel. */
  @Benchmark
  public void ours() {
    ours.apply(x, y);
  }

  /** The platform's {@code lanewise} function; an error where it has none. */
  @Benchmark
  public void jdkVectors() {
    ArrayFunction platform = jdk;
    if (platform == null) {
      throw new UnsupportedOperationException(
          "the platform has no vector function for " + function);
    }
    platform.apply(x, y);
  }

  /** A loop over {@link Math}. */
  @Benchmark
  public void mathLoop() {
    naive.apply(x, y);
  }

  /** What memory allows: reading and writing each value once. */
  @Benchmark
  public void copy() {
    System.arraycopy(x, 0, y, 0, length);
  }
}
