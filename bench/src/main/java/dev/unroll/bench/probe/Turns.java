package dev.unroll.bench.probe;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Turns of contenders that share a machine, each timed after another. */
public final class Turns {

  /**
   * How long is looked for work that goes on: two ticks and a half of the clock that counts a
   * process's time, where a thread at work adds at least one.
   */
  private static final long WINDOW = 25_000_000;

  /** Whoever works longer than this beyond its turn is timed with. */
  private static final long PATIENCE = 500_000_000;

  /**
   * Runs before the clock starts: a contender's threads are awake then, each on a core of its own.
   */
  private static final long AWAKE = 40_000_000;

  /** The same where there is only the calling thread: operands return to the caches. */
  private static final long ALONE = 500_000;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Turns() {}

  /**
   * The order of a round: another one in each round, the same on every machine, so that nobody
   * always follows the same neighbour. (Where only the beginning moves, all but one do.)
   */
  public static int[] order(int contenders, int round) {
    int[] order = new int[contenders];
    SplittableRandom random = new SplittableRandom(round);
    for (int i = 0; i < contenders; i++) {
      int at = random.nextInt(i + 1);
      order[i] = order[at];
      order[at] = i;
    }
    return order;
  }

  /**
   * Makes a contender ready to be timed: untimed runs bring its operands back into the caches. With
   * several threads those of the last contender must be asleep first, which spin for up to 0.2 s or
   * still free what they have used: one of them takes a core from whoever comes next. Then the runs
   * wake the contender's own.
   */
  public static void settle(Runnable contender, int threads) {
    if (threads > 1) {
      awaitIdle();
    }
    long until = System.nanoTime() + (threads == 1 ? ALONE : AWAKE);
    do {
      contender.run();
    } while (System.nanoTime() < until);
  }

  private static void awaitIdle() {
    long begun = System.nanoTime();
    long used;
    do {
      used = SYSTEM.getProcessCpuTime();
      long until = System.nanoTime() + WINDOW;
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    } while (SYSTEM.getProcessCpuTime() > used && System.nanoTime() - begun < PATIENCE);
  }
}
