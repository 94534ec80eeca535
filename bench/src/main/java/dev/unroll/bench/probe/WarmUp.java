package dev.unroll.bench.probe;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs contenders in turns until none gets faster and the compiler is quiet.
 *
 * <p>In turns from the first call on: a call site that has met one contender alone is compiled for
 * it, and compiled anew when the next one comes. On a single processor compilation also takes its
 * time from what is measured, so a fixed warm-up is either too short or a waste.
 */
public final class WarmUp {

  private static final long SLICE_NANOS = 8_000_000L;
  private static final int QUIET_SLICES = 12;

  /** So long nothing is compiled and nobody gets faster. */
  private static final long SETTLED_NANOS = 500_000_000L;

  /**
   * The least for each of them, or so many calls. Methods are counted, and looked at once in a
   * thousand calls: until C2 is asked for one that its first compiler has made slow, nothing is
   * compiled and nobody gets faster.
   */
  private static final long LEAST_EACH_NANOS = 400_000_000L;

  private static final long LEAST_CALLS = 3000;

  /** For each of them: some keep the compiler busy for seconds. */
  private static final long MOST_EACH_NANOS = 3_000_000_000L;

  /** For all, however few: one method of vectors can take seconds on a busy machine. */
  private static final long MOST_NANOS = 10_000_000_000L;

  private static final long QUIET_NANOS = 2_000_000_000L;

  /** An improvement below this share is noise. */
  private static final double PROGRESS = 0.03;

  private WarmUp() {}

  /** Warms up what is measured together. */
  public static void run(List<Runnable> contenders) {
    run(contenders, new JitCompiler()::busy);
  }

  /** Warms up while {@code compiling} says that there is something to wait for. */
  static void run(List<Runnable> contenders, BooleanSupplier compiling) {
    double[] fastest = new double[contenders.size()];
    long[] spent = new long[contenders.size()];
    long[] calls = new long[contenders.size()];
    Arrays.fill(fastest, Double.MAX_VALUE);
    int quiet = 0;
    long most = Math.max(MOST_NANOS, contenders.size() * MOST_EACH_NANOS);
    long start = System.nanoTime();
    long now = start;
    long changed = start;
    while ((quiet < QUIET_SLICES || now - changed < SETTLED_NANOS) && now - start < most) {
      quiet++;
      boolean change = false;
      for (int i = 0; i < fastest.length; i++) {
        long begun = System.nanoTime();
        long count = slice(contenders.get(i));
        long lasted = System.nanoTime() - begun;
        spent[i] += lasted;
        calls[i] += count;
        change |= spent[i] < LEAST_EACH_NANOS && calls[i] < LEAST_CALLS;
        double nanos = (double) lasted / count;
        if (nanos < fastest[i] * (1 - PROGRESS)) {
          fastest[i] = nanos;
          change = true;
        }
      }
      change |= compiling.getAsBoolean();
      now = System.nanoTime();
      if (change) {
        quiet = 0;
        changed = now;
      }
    }
  }

  /**
   * Runs this until the compiler has finished nothing for two seconds: one method of vectors can
   * take it that long where it has to share a processor with what it compiles for.
   *
   * @param run a short piece of work, some milliseconds
   * @param leastNanos the least time
   * @param mostNanos the most
   * @return whether the compiler was quiet in the end
   */
  public static boolean whileCompiling(Runnable run, long leastNanos, long mostNanos) {
    JitCompiler compiler = new JitCompiler();
    long start = System.nanoTime();
    long changed = start;
    while (true) {
      run.run();
      long now = System.nanoTime();
      if (compiler.busy()) {
        changed = now;
      }
      boolean quiet = now - changed >= QUIET_NANOS;
      if ((quiet && now - start >= leastNanos) || now - start >= mostNanos) {
        return quiet;
      }
    }
  }

  /** Runs it for some milliseconds, once at least. Returns the calls. */
  private static long slice(Runnable contender) {
    long start = System.nanoTime();
    long calls = 0;
    do {
      contender.run();
      calls++;
    } while (System.nanoTime() - start < SLICE_NANOS);
    return calls;
  }
}
