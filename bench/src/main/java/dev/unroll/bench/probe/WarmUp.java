package dev.unroll.bench.probe;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs contenders in turns until none gets faster and the compiler is quiet.
 *
 * <p>In turns from the first call on: a call site that has met one contender alone is compiled for
 * it, and compiled anew when the next one comes. On a single processor compilation also takes its
 * time from what is measured, so a fixed warm-up is either too short or a waste.
 */
public final class WarmUp {

  private static final long SLICE_NANOS = 8_000_000L;
  private static final int LEAST_SLICES = 12;
  private static final int QUIET_SLICES = 12;

  /** For each of them: some keep the compiler busy for seconds. */
  private static final long MOST_NANOS = 3_000_000_000L;

  private static final long QUIET_NANOS = 2_000_000_000L;

  /** An improvement below this share is noise. */
  private static final double PROGRESS = 0.03;

  private WarmUp() {}

  /** Warms up what is measured together. */
  public static void run(List<Runnable> contenders) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    double[] fastest = new double[contenders.size()];
    Arrays.fill(fastest, Double.MAX_VALUE);
    long compiled = compileTime(compiler);
    int quiet = 0;
    long most = contenders.size() * MOST_NANOS;
    long start = System.nanoTime();
    for (int slice = 0;
        (slice < LEAST_SLICES || quiet < QUIET_SLICES) && System.nanoTime() - start < most;
        slice++) {
      quiet++;
      for (int i = 0; i < fastest.length; i++) {
        double nanos = slice(contenders.get(i));
        if (nanos < fastest[i] * (1 - PROGRESS)) {
          fastest[i] = nanos;
          quiet = 0;
        }
      }
      long now = compileTime(compiler);
      if (now != compiled) {
        compiled = now;
        quiet = 0;
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
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long start = System.nanoTime();
    long changed = start;
    long compiled = compileTime(compiler);
    while (true) {
      run.run();
      long now = System.nanoTime();
      long time = compileTime(compiler);
      if (time != compiled) {
        compiled = time;
        changed = now;
      }
      boolean quiet = now - changed >= QUIET_NANOS;
      if ((quiet && now - start >= leastNanos) || now - start >= mostNanos) {
        return quiet;
      }
    }
  }

  private static long compileTime(@Nullable CompilationMXBean compiler) {
    return compiler != null && compiler.isCompilationTimeMonitoringSupported()
        ? compiler.getTotalCompilationTime()
        : 0;
  }

  private static double slice(Runnable contender) {
    long start = System.nanoTime();
    long calls = 0;
    long nanos;
    do {
      contender.run();
      calls++;
      nanos = System.nanoTime() - start;
    } while (nanos < SLICE_NANOS);
    return (double) nanos / calls;
  }
}
