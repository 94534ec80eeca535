package dev.unroll.bench.probe;

import java.util.Arrays;

/**
 * How fast one core writes, and how fast it reads two arrays and writes a third, on a footprint
 * that some cache holds. Plain loops, which the compiler vectorizes; bytes are counted as STREAM
 * counts them, without the line that a store may fetch before it writes.
 */
public final class StreamBandwidth {

  /** What a pass does. */
  public enum Kind {
    /** {@code a[i] = s}. */
    STORE(1),
    /** {@code a[i] = b[i] + s c[i]}. */
    TRIAD(3);

    private final int arrays;

    Kind(int arrays) {
      this.arrays = arrays;
    }
  }

  private final Kind kind;
  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final int passes;

  /** A kind of pass over arrays that take this many bytes together. */
  public StreamBandwidth(Kind kind, long bytes) {
    this.kind = kind;
    int length = (int) Math.max(64, Math.min(1 << 28, bytes / Float.BYTES / kind.arrays));
    a = new float[length];
    b = kind == Kind.TRIAD ? new float[length] : a;
    c = kind == Kind.TRIAD ? new float[length] : a;
    Arrays.fill(b, 0.25f);
    Arrays.fill(c, 0.5f);
    passes = (int) Math.max(1, 1_000_000L / length);
  }

  /** GB/s over several samples after a warm-up. */
  public Spread measure(int samples) {
    long warm = System.nanoTime() + 60_000_000L;
    do {
      sample();
    } while (System.nanoTime() < warm);
    double[] rates = new double[samples];
    for (int i = 0; i < samples; i++) {
      rates[i] = sample();
    }
    return Spread.of(rates);
  }

  /** GB/s of one sample. */
  public double sample() {
    float s = a[a.length / 2] < 1e30f ? 0.5f : 0.25f;
    long start = System.nanoTime();
    for (int p = 0; p < passes; p++) {
      if (kind == Kind.STORE) {
        store(a, s + p);
      } else {
        triad(a, b, c, s);
      }
    }
    long nanos = System.nanoTime() - start;
    return 4.0 * a.length * kind.arrays * passes / nanos;
  }

  private static void store(float[] a, float s) {
    for (int i = 0; i < a.length; i++) {
      a[i] = s;
    }
  }

  private static void triad(float[] a, float[] b, float[] c, float s) {
    for (int i = 0; i < a.length; i++) {
      a[i] = b[i] + s * c[i];
    }
  }
}
