package dev.unroll.kernel;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.parallel.ExecutorSplitter;
import dev.unroll.internal.parallel.PoolSplitter;
import dev.unroll.internal.parallel.Splitter;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * The threads that share a call: always the caller's choice, with an explicit count.
 *
 * <p>The calling thread is one of them and works too. Splitting never changes a bit of a result. An
 * interrupt does not end a call half done: it is kept, and set again when the call returns.
 *
 * <p>One object may serve any number of plans and threads. Who finds a pool busy does its work
 * alone.
 */
public final class Parallelism implements AutoCloseable {

  private static final Parallelism NONE = new Parallelism(Splitter.none());

  private final Splitter splitter;

  private Parallelism(Splitter splitter) {
    this.splitter = splitter;
  }

  /** The calling thread alone. */
  public static Parallelism none() {
    return NONE;
  }

  /**
   * The calling thread and {@code threads - 1} tasks on an executor. The call returns even when the
   * executor never runs them; when it refuses one with {@link
   * java.util.concurrent.RejectedExecutionException}, the call throws that, and its output is not a
   * result. Closing this object leaves the executor alone.
   *
   * @throws NullPointerException when {@code executor} is null
   * @throws IllegalArgumentException when {@code threads} is below 1
   */
  public static Parallelism on(Executor executor, int threads) {
    requireNonNull(executor, "executor");
    checkThreads(threads);
    return threads == 1 ? NONE : new Parallelism(new ExecutorSplitter(executor, threads));
  }

  /**
   * The calling thread and {@code threads - 1} daemon threads, which are started here and end when
   * this object is closed. The fastest way: they spin for some microseconds before they sleep, and
   * a call allocates nothing. After closing, a call that would use them throws {@link
   * IllegalStateException}; a product too small to be split still does not ask them.
   *
   * @throws IllegalArgumentException when {@code threads} is below 1
   */
  public static Parallelism pool(int threads) {
    checkThreads(threads);
    return threads == 1 ? NONE : new Parallelism(new PoolSplitter(threads));
  }

  private static void checkThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
    }
  }

  /** How many threads share a call, the calling one included. */
  public int threads() {
    return splitter.threads();
  }

  /** Ends the threads of a pool, after the call that is running; does nothing otherwise. */
  @Override
  public void close() {
    splitter.close();
  }

  /**
   * Runs the parts 0 to {@code parts - 1} once each, on these threads, and returns when all are
   * done; what they wrote is visible then. A part must not wait for another.
   *
   * @throws IllegalArgumentException when {@code parts} is negative
   * @throws java.util.concurrent.RejectedExecutionException when an executor refuses work; some
   *     parts may have run then
   * @throws IllegalStateException when this was a pool and is closed
   */
  public void run(int parts, IntConsumer part) {
    Checks.size("parts", parts);
    requireNonNull(part, "part");
    if (parts > 0) {
      splitter.run(parts, part);
    }
  }

  Splitter splitter() {
    return splitter;
  }
}
