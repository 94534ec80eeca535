package dev.unroll.bench;

import dev.unroll.kernel.Matmul;
import java.util.Arrays;
import java.util.SplittableRandom;
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
 * Time of one product, and of sixteen in one call, with either operand given as it is or
 * transposed, beside the naive loop over the same operands. Both are checked against sums in double
 * precision before they are timed.
 *
 * <pre>{@code
 * mvn -q -Pdemo package -Dunroll.args="jmh TransposesBenchmark -f 5 -prof gc -rf json -rff transposes.json"
 * }</pre>
 *
 * <p>One way: {@code -p transpose=NT -p shape=64x64x64 -p batch=16}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class TransposesBenchmark {

  private static final double UNIT_ROUNDOFF = 0x1p-24;

  /** A, then B: N as it is, T transposed. */
  @Param({"NN", "NT", "TN", "TT"})
  public String transpose = "";

  /** m, n and k. */
  @Param({"8x1024x256", "64x64x64", "97x89x101", "256x256x256"})
  public String shape = "";

  /** Products in one call. */
  @Param({"1", "16"})
  public int batch = 1;

  /** The kernels. */
  @Param public Twin twin = Twin.SIMD;

  private Operands operands = new Operands(0, 0, 0, 1, false, false);
  private float[] c = {};
  private float[] plain = {};
  private Runnable ours = () -> {};

  /** Matrices in rows without gaps, one after the other. */
  private record Operands(
      int m, int n, int k, int batch, boolean ta, boolean tb, float[] a, float[] b) {

    Operands(int m, int n, int k, int batch, boolean ta, boolean tb) {
      this(m, n, k, batch, ta, tb, random(1, batch * m * k), random(2, batch * k * n));
    }

    private static float[] random(long seed, int length) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) random.nextDouble(-1, 1);
      }
      return values;
    }

    float left(int q, int i, int p) {
      return a[q * m * k + (ta ? p * m + i : i * k + p)];
    }

    float right(int q, int p, int j) {
      return b[q * k * n + (tb ? j * k + p : p * n + j)];
    }

    Runnable kernel(float[] c) {
      Matmul.Builder builder = Matmul.builder();
      if (ta) {
        builder.transposeA();
      }
      if (tb) {
        builder.transposeB();
      }
      Matmul plan = builder.build();
      int lda = ta ? m : k;
      int ldb = tb ? k : n;
      return () ->
          plan.multiplyBatched(batch, m, n, k, a, 0, lda, m * k, b, 0, ldb, k * n, c, 0, n, m * n);
    }

    void loops(float[] c) {
      for (int q = 0; q < batch; q++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int p = 0; p < k; p++) {
              sum += left(q, i, p) * right(q, p, j);
            }
            c[(q * m + i) * n + j] = sum;
          }
        }
      }
    }

    /** Every tenth element against the sum in double precision, within the bound of any order. */
    void check(float[] c, String who) {
      double gamma = (k + 2) * UNIT_ROUNDOFF / (1 - (k + 2) * UNIT_ROUNDOFF);
      for (int at = 0; at < c.length; at += 10) {
        int q = at / (m * n);
        int i = at / n % m;
        int j = at % n;
        double exact = 0;
        double magnitude = 0;
        for (int p = 0; p < k; p++) {
          double product = (double) left(q, i, p) * right(q, p, j);
          exact += product;
          magnitude += Math.abs(product);
        }
        if (!(Math.abs(c[at] - exact) <= gamma * magnitude)) {
          throw new IllegalStateException(who + " gives " + c[at] + " for " + exact);
        }
      }
    }
  }

  /** Makes the operands and proves both products. */
  @Setup(Level.Trial)
  public void setUp() {
    twin.use();
    int[] sides = Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    operands =
        new Operands(
            sides[0],
            sides[1],
            sides[2],
            batch,
            transpose.charAt(0) == 'T',
            transpose.charAt(1) == 'T');
    c = new float[batch * sides[0] * sides[1]];
    plain = new float[c.length];
    ours = operands.kernel(c);
    ours.run();
    operands.check(c, "our product");
    operands.loops(plain);
    operands.check(plain, "the loop");
  }

  /** Our product. */
  @Benchmark
  public float[] ours() {
    ours.run();
    return c;
  }

  /** The triple loop. */
  @Benchmark
  public float[] naive() {
    operands.loops(plain);
    return plain;
  }
}
