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

  private double sink;

  /** The probe that suits the twin in use. */
  public static FmaPeak create() {
    Platform platform = Platform.current();
    return platform.vectorBits() > 0 ? new VectorFmaPeak() : new ScalarFmaPeak(platform.fma());
  }

  /** The same with a multiplication and an addition in place of each fused pair. */
  public static FmaPeak separate() {
    return Platform.current().vectorBits() > 0 ? new VectorMulAddPeak() : new ScalarFmaPeak(false);
  }

  /** Takes the fastest of several loops, where there are several; they are warm. */
  void choose() {}

  /** Independent chains of the loop. */
  public abstract int chains();

  /** Runs the loop once and returns its values, so that no compiler may drop them. */
  abstract double loop(int turns);

  /** Floating-point operations of one turn of the loop. */
  abstract int flopsPerTurn();

  /** Floating-point operations of one run. */
  public final double flopsPerRun() {
    return (double) flopsPerTurn() * TURNS * CALLS;
  }

  /** Width of the probe's vectors; 0 when it uses none. */
  public abstract int vectorBits();

  /** The timed unit. */
  public final void run() {
    for (int i = 0; i < CALLS; i++) {
      sink += loop(TURNS);
    }
  }

  /** GFLOP/s of one run. */
  public final double sample() {
    long start = System.nanoTime();
    run();
    long nanos = System.nanoTime() - start;
    return flopsPerRun() / nanos;
  }

  /** GFLOP/s over several runs; call {@link #warmUp} first. */
  public final Spread measure(int runs) {
    double[] samples = new double[runs];
    for (int i = 0; i < runs; i++) {
      samples[i] = sample();
    }
    return Spread.of(samples);
  }

  /** The fastest of some runs: what tells loops apart on a machine with neighbours. */
  final double bestOf(int runs) {
    double best = 0;
    for (int i = 0; i < runs; i++) {
      best = Math.max(best, sample());
    }
    return best;
  }

  /** Runs long enough for the loops to be compiled, and takes the fastest of them. */
  public final void warmUp() {
    long end = System.nanoTime() + 400_000_000L;
    while (System.nanoTime() < end) {
      choose();
      run();
    }
    choose();
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("the probe's values left the finite range");
    }
  }
}
