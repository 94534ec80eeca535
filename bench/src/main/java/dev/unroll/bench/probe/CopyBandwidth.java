package dev.unroll.bench.probe;

import java.util.Arrays;

/**
 * How fast one core copies a block that fits into a cache: the ceiling of an elementwise function,
 * which reads and writes each value once. Counted as STREAM counts it, bytes read plus bytes
 * written.
 */
public final class CopyBandwidth {

  private final float[] from;
  private final float[] to;
  private final int passes;

  /** Two blocks of this many values. */
  public CopyBandwidth(int values) {
    from = new float[values];
    to = new float[values];
    Arrays.fill(from, 0.25f);
    passes = Math.max(1, 4_000_000 / values);
  }

  /** GB/s over several samples after a warm-up. */
  public Spread measure(int samples) {
    long warm = System.nanoTime() + 100_000_000L;
    while (System.nanoTime() < warm) {
      sample();
    }
    double[] rates = new double[samples];
    for (int i = 0; i < samples; i++) {
      rates[i] = sample();
    }
    return Spread.of(rates);
  }

  /** GB/s of one sample. */
  public double sample() {
    long start = System.nanoTime();
    for (int p = 0; p < passes; p++) {
      System.arraycopy(from, 0, to, 0, from.length);
    }
    long nanos = System.nanoTime() - start;
    return 8.0 * from.length * passes / nanos;
  }
}
