package dev.unroll.testing.sweep;

import dev.unroll.testing.law.UnaryLaws.Ranges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of one float over all floats, or every n-th in the order of their bits, on all cores.
 *
 * <pre>{@code
 * Certificate c = UnarySweep.of("tanh", Kernels::tanh, StrictMath::tanh)
 *     .maxUlp(1).odd().monotone().range(-1, 1)
 *     .progress(percent -> System.out.println(percent + " %"))
 *     .run();
 * System.out.println(c.text());
 * c.mustHold();
 * }</pre>
 *
 * <p>What costs is the reference: some minutes for all floats. The result does not depend on the
 * number of threads.
 */
public final class UnarySweep {

  static final int CHUNK = 1 << 16;
  static final long PATTERNS = 1L << Integer.SIZE;

  final String name;
  final Ranges kernel;
  final DoubleUnaryOperator exact;
  final Map<String, Ranges> twins = new LinkedHashMap<>();
  double maxUlp = 0.5;
  @Nullable Boolean odd;
  boolean monotone;
  float from = Float.NEGATIVE_INFINITY;
  float to = Float.POSITIVE_INFINITY;
  float low = Float.NEGATIVE_INFINITY;
  float high = Float.POSITIVE_INFINITY;
  int step = 1;
  private IntConsumer progress = percent -> {};

  private UnarySweep(String name, Ranges kernel, DoubleUnaryOperator exact) {
    this.name = name;
    this.kernel = kernel;
    this.exact = exact;
  }

  /** Of a kernel, against the function in double precision. */
  public static UnarySweep of(String name, Ranges kernel, DoubleUnaryOperator exact) {
    return new UnarySweep(name, kernel, exact);
  }

  /** The largest error allowed; 0.5 unless told otherwise. */
  public UnarySweep maxUlp(double limit) {
    maxUlp = limit;
    return this;
  }

  /** {@code f(-x) = -f(x)} in bits. */
  public UnarySweep odd() {
    odd = true;
    return this;
  }

  /** {@code f(-x) = f(x)} in bits. */
  public UnarySweep even() {
    odd = false;
    return this;
  }

  /** Never falls from one float to the next. */
  public UnarySweep monotone() {
    monotone = true;
    return this;
  }

  /** Results of numbers lie in [{@code lowest}, {@code highest}]. */
  public UnarySweep range(float lowest, float highest) {
    return range(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, lowest, highest);
  }

  /** The same for arguments in [{@code first}, {@code last}] only. */
  public UnarySweep range(float first, float last, float lowest, float highest) {
    from = first;
    to = last;
    low = lowest;
    high = highest;
    return this;
  }

  /** Gives the same raw bits as another implementation. */
  public UnarySweep sameBitsAs(String other, Ranges twin) {
    twins.put(other, twin);
    return this;
  }

  /** Every n-th float only; a prime gives all kinds of significands. */
  public UnarySweep step(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("step is " + n + ", must be at least 1");
    }
    step = n;
    return this;
  }

  /** Is told the percentage done, now and then, from any thread. */
  public UnarySweep progress(IntConsumer percent) {
    progress = percent;
    return this;
  }

  /** Sweeps. */
  public Certificate run() {
    int chunks = (int) ((PATTERNS / step + CHUNK) / CHUNK);
    SweepPart[] parts = new SweepPart[chunks];
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, chunks)
        .parallel()
        .forEach(
            chunk -> {
              parts[chunk] = new SweepPart(this, (long) chunk * CHUNK * step);
              int now = done.incrementAndGet();
              if (now % Math.max(1, chunks / 50) == 0) {
                progress.accept((int) (100L * now / chunks));
              }
            });
    return new SweepSum(this, parts).certificate();
  }

  float valueAt(float x) {
    float[] y = new float[1];
    kernel.apply(new float[] {x}, 0, y, 0, 1);
    return y[0];
  }
}
