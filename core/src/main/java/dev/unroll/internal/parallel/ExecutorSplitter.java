package dev.unroll.internal.parallel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/** Splits over an executor of the caller's; any number of threads may split over it at once. */
public final class ExecutorSplitter implements Splitter {

  private final Executor executor;
  private final int threads;
  private final ConcurrentLinkedQueue<Helper> idle = new ConcurrentLinkedQueue<>();

  /** The executor gives {@code threads - 1} helpers to each call. */
  public ExecutorSplitter(Executor executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  /** What is handed to the executor; the same object for all helpers of all calls. */
  private static final class Helper implements Runnable {
    final SharedCall call = new SharedCall();

    @Override
    public void run() {
      call.help();
    }
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public void run(int parts, IntConsumer task) {
    Helper helper = idle.poll();
    if (helper == null) {
      helper = new Helper();
    }
    SharedCall call = helper.call;
    call.open(parts, task);
    try {
      for (int i = 1; i < Math.min(threads, parts); i++) {
        executor.execute(helper);
      }
    } catch (RuntimeException | Error refused) {
      // Not only a rejection: a pool that cannot start a thread throws an OutOfMemoryError. Helpers
      // that were accepted may be at work already.
      call.cancel();
      idle.add(helper);
      throw refused;
    }
    call.help();
    try {
      call.finish();
    } finally {
      idle.add(helper);
    }
  }

  /** The executor is the caller's to close. */
  @Override
  public void close() {}
}
