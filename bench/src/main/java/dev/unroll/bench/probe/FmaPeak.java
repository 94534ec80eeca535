package dev.unroll.bench.probe;

import dev.unroll.Platform;

/**
 * What one core can do at most: fused multiply-adds on registers, with enough independent chains to
 * fill the pipeline and no memory access.
 *
 * <p>The probe is a long-running loop, so one call is also the unit that is timed: {@link #run}
 * does {@link #flopsPerRun()} floating-point operations, an fma counted as two.
 */
public abstract sealed class FmaPeak permits VectorFmaPeak, VectorMulAddPeak, ScalarFmaPeak {

  /** Loop turns of one call: few, so that the method is compiled soon, and not in mid-loop. */
  private static final int TURNS = 1 << 10;

  /** Calls of one run: about half a millisecond. */
  private static final int CALLS = 1 << 6;

  /** Runs of each loop to choose by. */
  private static final int TRIES = 60;

  /** A peak below this share of an earlier one is doubted. */
  private static final double FALLEN = 0.85;

  private double sink;

  /** The highest peak so far that was not found wrong. */
  private double highest;

  /** How many independent chains each of the loops has. */
  private final int[] counts;

  /** Of the loop that runs; chosen by the warm-up. */
  private int chains;

  /** Not a constant to the compiler: {@link VectorFmaPeak} says why. */
  private int step = 1;

  FmaPeak(int... counts) {
    this.counts = counts;
    chains = counts[0];
  }

  /** The probe that suits the twin in use. */
  public static FmaPeak create() {
    Platform platform = Platform.current();
    return platform.vectorBits() > 0 ? new VectorFmaPeak() : new ScalarFmaPeak(platform.fma());
  }

  /** The same with a multiplication and an addition in place of each fused pair. */
  public static FmaPeak separate() {
    return Platform.current().vectorBits() > 0 ? new VectorMulAddPeak() : new ScalarFmaPeak(false);
  }

  /** Runs the loop of so many chains and returns their values, so that none may be dropped. */
  abstract double loop(int chains, int turns, int step);

  /** Floating-point operations of one chain in one turn. */
  abstract int flopsPerChain();

  /** Independent chains of the loop that runs. */
  public final int chains() {
    return chains;
  }

  /** Floating-point operations of one run. */
  public final double flopsPerRun() {
    return (double) flopsPerChain() * chains * TURNS * CALLS;
  }

  /** Width of the probe's vectors; 0 when it uses none. */
  public abstract int vectorBits();

  /** The timed unit. */
  public final void run() {
    for (int i = 0; i < CALLS; i++) {
      sink += loop(chains, TURNS, step);
    }
  }

  /** GFLOP/s of one run. */
  public final double sample() {
    long start = System.nanoTime();
    run();
    long nanos = System.nanoTime() - start;
    return flopsPerRun() / nanos;
  }

  /**
   * GFLOP/s over several runs; call {@link #warmUp} first.
   *
   * <p>In a JVM that goes on compiling, the loop that runs may be compiled again and come out worse
   * (seen: less than half, for the rest of that JVM). So a peak that has fallen is looked for once
   * more, among all loops.
   */
  public final Spread measure(int runs) {
    Spread rates = samples(runs);
    if (rates.median() < FALLEN * highest) {
      warmUp();
      rates = samples(runs);
      highest = rates.median();
    }
    highest = Math.max(highest, rates.median());
    return rates;
  }

  private Spread samples(int runs) {
    double[] samples = new double[runs];
    for (int i = 0; i < runs; i++) {
      samples[i] = sample();
    }
    return Spread.of(samples);
  }

  /** Takes the fastest of the loops, by its best run: that tells them apart among neighbours. */
  private void choose() {
    double highest = 0;
    int fastest = chains;
    for (int candidate : counts) {
      chains = candidate;
      for (int i = 0; i < TRIES; i++) {
        double rate = sample();
        if (rate > highest) {
          highest = rate;
          fastest = candidate;
        }
      }
    }
    chains = fastest;
  }

  /** Runs long enough for the loops to be compiled, and takes the fastest of them. */
  public final void warmUp() {
    long end = System.nanoTime() + 400_000_000L;
    while (System.nanoTime() < end) {
      choose();
    }
    step = 1;
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("the probe's values left the finite range");
    }
  }
}
