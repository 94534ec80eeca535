package dev.unroll.internal.parallel;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One split task whose parts are claimed by whoever comes: used again for each call.
 *
 * <p>The caller claims parts like every helper and in the end only waits for parts that somebody
 * has begun. So a helper that never comes (an executor that was shut down, or is busy) costs speed,
 * not the result, and one that comes too late finds nothing to claim, or helps with a later call.
 */
final class SharedCall {

  private static final int SPINS = 2_000;

  /**
   * The number of parts, and below it the next one to claim. Both in one word: a helper that was
   * left behind must not hold a claim of one call against the parts of another.
   */
  private final AtomicLong claims = new AtomicLong();

  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;
  private @Nullable IntConsumer task;
  private int opened;

  /** Opens a call; from here on helpers can claim. */
  void open(int newParts, IntConsumer newTask) {
    failure = null;
    waiting = null;
    task = newTask;
    opened = newParts;
    done.set(0);
    // Last: who claims a part has seen what stands above.
    claims.set((long) newParts << 32);
  }

  /** Claims and runs parts until none is left. */
  void help() {
    while (true) {
      long claim = claims.getAndIncrement();
      int part = (int) claim;
      int all = (int) (claim >>> 32);
      if (part >= all) {
        return;
      }
      // The call cannot end before this part is done, so the task is the one of the claim.
      IntConsumer work = requireNonNull(task);
      try {
        work.accept(part);
      } catch (Throwable t) {
        failure = t;
      }
      if (done.incrementAndGet() == all) {
        LockSupport.unpark(waiting);
      }
    }
  }

  /** Waits for what others have begun, and throws what a part threw. */
  void finish() {
    await(opened);
    task = null;
    Throwable t = failure;
    if (t instanceof RuntimeException e) {
      throw e;
    }
    if (t instanceof Error e) {
      throw e;
    }
  }

  /** Gives up what nobody has begun, and waits for the rest. */
  void cancel() {
    int claimed = (int) claims.getAndSet(0);
    await(Math.min(claimed, opened));
    task = null;
  }

  private void await(int count) {
    for (int i = 0; i < SPINS; i++) {
      if (done.get() >= count) {
        return;
      }
      Thread.onSpinWait();
    }
    waiting = Thread.currentThread();
    boolean interrupted = false;
    while (done.get() < count) {
      // The timeout covers a cancelled call, whose last part is not the one that wakes the caller.
      LockSupport.parkNanos(this, 1_000_000);
      interrupted |= Thread.interrupted();
    }
    waiting = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
