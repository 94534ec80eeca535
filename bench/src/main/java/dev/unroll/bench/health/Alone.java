package dev.unroll.bench.health;

import com.sun.management.ThreadMXBean;
import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.lang.management.ManagementFactory;
import java.util.List;

/** One headline kernel in a JVM that runs nothing else; and the bytes that a call allocates. */
public final class Alone implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "health";

  /** The contender of a kernel that has the JVM for itself. */
  public static final String ALONE = "alone";

  /** The group of allocated bytes. */
  public static final String ALLOCATION = "allocation";

  /** The system property that names the kernel. */
  static final String PROPERTY = "unroll.bench.headline";

  private static final long SAMPLE_NANOS = 12_000_000L;
  private static final int COUNTED_CALLS = 50;
  private static final long MOST_COUNTING_NANOS = 5_000_000_000L;

  @Override
  public void measure(Effort effort, Results out) {
    Headline headline = Headline.valueOf(System.getProperty(PROPERTY));
    Headline.Task task = headline.create();
    WarmUp.run(List.of(task.run()));
    double[] rates = new double[effort.full() ? 15 : 9];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = sample(task, SAMPLE_NANOS);
    }
    out.add(Measurement.rate(GROUP, headline.title(), ALONE, task.unit(), rates));
    if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
      double bytes = allocated(threads, task.run());
      out.add(
          Measurement.time(
              ALLOCATION, headline.title(), "bytes a call", "B", new double[] {bytes}));
    }
  }

  /** The rate over about this long. */
  static double sample(Headline.Task task, long nanos) {
    long start = System.nanoTime();
    long calls = 0;
    long taken;
    do {
      task.run().run();
      calls++;
      taken = System.nanoTime() - start;
    } while (taken < nanos);
    return task.rate(calls, taken);
  }

  /**
   * Bytes of one call in the steady state: the least of several hundred calls together, tried again
   * until it is 0 or time is up, since what is not compiled yet allocates vectors.
   */
  private static double allocated(ThreadMXBean threads, Runnable run) {
    double least = Double.MAX_VALUE;
    long end = System.nanoTime() + MOST_COUNTING_NANOS;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      // What the reading of the counter itself allocates is taken off.
      long empty = threads.getCurrentThreadAllocatedBytes() - before;
      before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < COUNTED_CALLS; i++) {
        run.run();
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before - empty;
      least = Math.min(least, (double) Math.max(0, bytes) / COUNTED_CALLS);
    } while (least > 0 && System.nanoTime() < end);
    return least;
  }
}
