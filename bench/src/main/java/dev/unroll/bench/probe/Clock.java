package dev.unroll.bench.probe;

/**
 * The clock of this core while it works: a chain of integer operations each of which waits for the
 * last, and takes one cycle everywhere. What turns GFLOP/s into operations a cycle.
 */
public final class Clock {

  private static final int TURNS = 4_000;
  private static final int CYCLES_PER_TURN = 16;
  private static final int CALLS = 8;

  private long sink;

  /** GHz over several samples after a warm-up: the highest is the clock, lower ones were shared. */
  public Spread measure(int samples) {
    long warm = System.nanoTime() + 60_000_000L;
    while (System.nanoTime() < warm) {
      sample();
    }
    double[] rates = new double[samples];
    for (int i = 0; i < samples; i++) {
      rates[i] = sample();
    }
    return Spread.of(rates);
  }

  /** GHz of one sample. */
  public double sample() {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      sink += chain(TURNS, sink, start | 1, ~start);
    }
    long nanos = System.nanoTime() - start;
    return (double) CYCLES_PER_TURN * TURNS * CALLS / nanos;
  }

  /** Additions and exclusive-ors alternate, so that no compiler can merge them. */
  private static long chain(int turns, long from, long a, long b) {
    long x = from;
    for (int i = 0; i < turns; i++) {
      x = (x ^ a) + b;
      x = (x ^ b) + a;
      x = (x ^ a) + b;
      x = (x ^ b) + a;
      x = (x ^ a) + b;
      x = (x ^ b) + a;
      x = (x ^ a) + b;
      x = (x ^ b) + a;
    }
    return x;
  }
}
