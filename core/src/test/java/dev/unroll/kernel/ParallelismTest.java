package dev.unroll.kernel;

import static dev.unroll.kernel.Products.here;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Executors and pools that misbehave: a defined exception or the whole result, never a hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParallelismTest {

  /** Large enough to be split into five. */
  private static final int M = 61;

  private static final int N = 130;
  private static final int K = 70;
  private static final float[] A = Fill.MODERATE.array(M * K, 1);
  private static final float[] B = Fill.MODERATE.array(K * N, 2);
  private static final float[] EXPECTED = product(Parallelism.none());

  private static float[] product(Parallelism threads) {
    return product(Matmul.builder().parallelism(threads).build());
  }

  private static float[] product(Matmul plan) {
    float[] c = new float[M * N];
    plan.multiply(M, N, K, A, B, c);
    return c;
  }

  private static void assertRight(float[] c) {
    FloatAssert.assertRawBitsEqual(c, 0, EXPECTED, 0, EXPECTED.length, here("parallel product"));
  }

  // Making one

  @Test
  void countsAndKinds() {
    assertEquals(1, Parallelism.none().threads());
    assertSame(Parallelism.none(), Parallelism.pool(1));
    assertSame(Parallelism.none(), Parallelism.on(Runnable::run, 1));
    assertEquals(3, Parallelism.on(Runnable::run, 3).threads());
    try (Parallelism pool = Parallelism.pool(4)) {
      assertEquals(4, pool.threads());
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void badArguments() {
    assertEquals(
        "executor",
        assertThrows(NullPointerException.class, () -> Parallelism.on(null, 2)).getMessage());
    assertEquals(
        "threads is 0, must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> Parallelism.on(Runnable::run, 0))
            .getMessage());
    assertEquals(
        "threads is -7, must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> Parallelism.pool(-7)).getMessage());
  }

  // Parts

  @Test
  @SuppressWarnings("NullAway")
  void badParts() {
    Parallelism none = Parallelism.none();
    assertEquals(
        "parts is -1, must not be negative",
        assertThrows(IllegalArgumentException.class, () -> none.run(-1, part -> {})).getMessage());
    assertEquals(
        "part", assertThrows(NullPointerException.class, () -> none.run(1, null)).getMessage());
    none.run(
        0,
        part -> {
          throw new AssertionError("there is no part " + part);
        });
  }

  @Test
  void eachPartOnce() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (Parallelism pool = Parallelism.pool(3)) {
      for (Parallelism threads : List.of(Parallelism.none(), pool, Parallelism.on(executor, 3))) {
        for (int parts = 0; parts < 40; parts++) {
          int[] times = new int[parts];
          threads.run(parts, part -> times[part]++);
          for (int part = 0; part < parts; part++) {
            assertEquals(1, times[part], "part " + part + " of " + parts);
          }
        }
      }
    } finally {
      executor.shutdown();
    }
  }

  /** Who finds the threads busy, and that is every part itself, does its work alone. */
  @Test
  void partsOfParts() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (Parallelism pool = Parallelism.pool(3)) {
      for (Parallelism threads : List.of(pool, Parallelism.on(executor, 3))) {
        AtomicInteger done = new AtomicInteger();
        threads.run(6, outer -> threads.run(7, inner -> done.incrementAndGet()));
        assertEquals(42, done.get());
      }
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void whatAPartThrowsReachesTheCaller() {
    RuntimeException thrown = new IllegalStateException("part 3");
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (Parallelism pool = Parallelism.pool(3)) {
      for (Parallelism threads : List.of(Parallelism.none(), pool, Parallelism.on(executor, 3))) {
        IntConsumer failing =
            part -> {
              if (part == 3) {
                throw thrown;
              }
            };
        assertSame(
            thrown, assertThrows(IllegalStateException.class, () -> threads.run(5, failing)));
        assertRight(product(threads));
      }
    } finally {
      executor.shutdown();
    }
  }

  // Executors

  /** Hands the first {@code accepted} tasks on, then refuses. */
  private static Executor refusingAfter(int accepted, Executor next, RuntimeException refusal) {
    AtomicInteger left = new AtomicInteger(accepted);
    return task -> {
      if (left.getAndDecrement() <= 0) {
        throw refusal;
      }
      next.execute(task);
    };
  }

  @Test
  void refusalIsTheCallersToKnow() {
    for (int accepted = 0; accepted < 3; accepted++) {
      RejectedExecutionException refusal = new RejectedExecutionException("full");
      Executor never = task -> {};
      Matmul plan =
          Matmul.builder()
              .parallelism(Parallelism.on(refusingAfter(accepted, never, refusal), 4))
              .build();
      assertSame(refusal, assertThrows(RejectedExecutionException.class, () -> product(plan)));
      assertSame(refusal, assertThrows(RejectedExecutionException.class, () -> product(plan)));
    }
    AtomicInteger asked = new AtomicInteger();
    product(Parallelism.on(task -> asked.incrementAndGet(), 4));
    assertEquals(3, asked.get(), "tasks for four threads");
  }

  /** Not each failure to hand out is a rejection. */
  @Test
  void anyFailureToHandOutIsTheCallersToKnow() {
    IllegalStateException failure = new IllegalStateException("broken");
    Parallelism broken = Parallelism.on(refusingAfter(1, task -> {}, failure), 3);
    assertSame(failure, assertThrows(IllegalStateException.class, () -> product(broken)));
    OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
    Parallelism exhausted =
        Parallelism.on(
            task -> {
              throw noThread;
            },
            3);
    assertSame(noThread, assertThrows(OutOfMemoryError.class, () -> product(exhausted)));
  }

  /** When the call has thrown, nobody writes into C any more, and the plan can be used again. */
  @Test
  void afterARefusalNobodyWorksOn() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      for (RuntimeException refusal :
          List.of(new RejectedExecutionException("full"), new IllegalStateException("broken"))) {
        for (int i = 0; i < 60; i++) {
          AtomicInteger left = new AtomicInteger(1);
          Executor flaky =
              task -> {
                if (left.getAndDecrement() == 0) {
                  throw refusal;
                }
                one.execute(task);
              };
          Matmul plan = Matmul.builder().parallelism(Parallelism.on(flaky, 3)).build();
          float[] c = new float[M * N];
          assertSame(
              refusal, assertThrows(RuntimeException.class, () -> plan.multiply(M, N, K, A, B, c)));
          float[] atOnce = c.clone();
          // All tasks before this one are through when it is.
          one.submit(() -> {}).get();
          assertArrayEquals(atOnce, c, "written after the call had ended");
          assertRight(product(plan));
        }
      }
    } finally {
      one.shutdownNow();
    }
  }

  @Test
  void anExecutorThatNeverRunsTasks() {
    Matmul plan = Matmul.builder().parallelism(Parallelism.on(task -> {}, 5)).build();
    for (int i = 0; i < 5; i++) {
      assertRight(product(plan));
    }
  }

  @Test
  void anExecutorThatRunsTasksTooLate() {
    List<Runnable> late = new ArrayList<>();
    Matmul plan = Matmul.builder().parallelism(Parallelism.on(late::add, 3)).build();
    float[] c = product(plan);
    assertEquals(2, late.size());
    float[] other = product(plan);
    late.forEach(Runnable::run);
    late.forEach(Runnable::run);
    assertRight(c);
    assertRight(other);
    assertRight(product(plan));
  }

  /** Tasks of one call run during the next one; they may help there, but only there. */
  @Test
  void anExecutorThatIsOneCallBehind() {
    List<Runnable> behind = new ArrayList<>();
    Executor lagging =
        task -> {
          List<Runnable> now = List.copyOf(behind);
          behind.clear();
          behind.add(task);
          now.forEach(Runnable::run);
        };
    Parallelism threads = Parallelism.on(lagging, 3);
    Matmul plan = Matmul.builder().parallelism(threads).build();
    for (int i = 0; i < 20; i++) {
      assertRight(product(plan));
      assertRight(product(threads));
    }
  }

  @Test
  void anExecutorThatRunsTasksItself() {
    assertRight(product(Parallelism.on(Runnable::run, 4)));
  }

  @Test
  void anExecutorThatWasShutDownBefore() {
    ExecutorService dead = Executors.newFixedThreadPool(2);
    dead.shutdown();
    assertThrows(RejectedExecutionException.class, () -> product(Parallelism.on(dead, 3)));
  }

  @Test
  void anExecutorThatIsShutDownInTheMiddle() throws InterruptedException {
    for (int threads = 2; threads <= 4; threads++) {
      for (int i = 0; i < 20; i++) {
        ExecutorService dying = Executors.newFixedThreadPool(2);
        int last = threads - 1;
        AtomicInteger tasks = new AtomicInteger();
        // All tasks are accepted, then the queue is emptied and the workers are interrupted.
        Executor executor =
            task -> {
              dying.execute(task);
              if (tasks.incrementAndGet() == last) {
                dying.shutdownNow();
              }
            };
        Matmul plan = Matmul.builder().parallelism(Parallelism.on(executor, threads)).build();
        assertRight(product(plan));
        assertThrows(RejectedExecutionException.class, () -> product(plan));
        assertTrue(dying.awaitTermination(30, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void closingLeavesTheExecutorAlone() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Parallelism threads = Parallelism.on(executor, 3);
      threads.close();
      assertFalse(executor.isShutdown());
      assertRight(product(threads));
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void smallProductsAskNobody() {
    Executor nobody =
        task -> {
          throw new RejectedExecutionException();
        };
    smallProduct(Parallelism.on(nobody, 4));
  }

  private static void smallProduct(Parallelism threads) {
    float[] c = new float[1];
    Matmul.builder()
        .parallelism(threads)
        .build()
        .multiply(1, 1, 1, new float[] {2}, new float[] {3}, c);
    assertEquals(6, c[0]);
  }

  // Interrupts

  @Test
  void anInterruptIsKeptAndTheResultIsComplete() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (Parallelism pool = Parallelism.pool(3)) {
      for (Parallelism threads : List.of(pool, Parallelism.on(executor, 3))) {
        Matmul plan = Matmul.builder().parallelism(threads).build();
        for (int i = 0; i < 50; i++) {
          Thread.currentThread().interrupt();
          float[] c = product(plan);
          assertTrue(Thread.interrupted(), "the interrupt was lost");
          assertRight(c);
        }
        assertRight(product(plan));
        assertFalse(Thread.currentThread().isInterrupted());
      }
    } finally {
      executor.shutdown();
    }
  }

  // Sharing

  @Test
  void threadsShareAPackedMatrixAndAPool() throws Exception {
    PackedMatrix b = PackedMatrix.pack(K, N, B);
    ExecutorService callers = Executors.newFixedThreadPool(3);
    try (Parallelism pool = Parallelism.pool(3)) {
      for (Parallelism threads : List.of(pool, Parallelism.on(ForkJoinPool.commonPool(), 3))) {
        Callable<float[]> caller =
            () -> {
              Matmul plan = Matmul.builder().parallelism(threads).build();
              float[] c = new float[M * N];
              for (int i = 0; i < 60; i++) {
                Arrays.fill(c, Float.NaN);
                plan.multiply(M, A, b, c);
                assertRight(c);
              }
              return c;
            };
        List<Future<float[]>> results = callers.invokeAll(List.of(caller, caller, caller));
        for (Future<float[]> result : results) {
          assertRight(get(result::get));
        }
      }
    } finally {
      callers.shutdown();
    }
  }

  /** The cause of a failure in another thread, unwrapped. */
  private static <T> T get(ThrowingSupplier<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    } catch (Throwable other) {
      throw new AssertionError(other);
    }
  }

  // Pools

  private static Set<Thread> poolThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().matches("unroll-\\d+-\\d+"));
    return threads;
  }

  @Test
  void aPoolsThreadsAreDaemonsAndEndWithIt() throws InterruptedException {
    Set<Thread> before = poolThreads();
    Parallelism pool = Parallelism.pool(4);
    Set<Thread> own = poolThreads();
    own.removeAll(before);
    assertEquals(3, own.size());
    assertRight(product(pool));
    for (Thread thread : own) {
      assertTrue(thread.isDaemon(), thread.getName());
    }
    pool.close();
    pool.close();
    for (Thread thread : own) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      assertFalse(thread.isAlive(), thread.getName());
    }
  }

  @Test
  void aClosedPoolTakesNoCalls() {
    Parallelism pool = Parallelism.pool(3);
    Matmul plan = Matmul.builder().parallelism(pool).build();
    assertRight(product(plan));
    pool.close();
    for (int i = 0; i < 2; i++) {
      assertEquals(
          "the pool is closed",
          assertThrows(IllegalStateException.class, () -> product(plan)).getMessage());
      assertEquals(
          "the pool is closed",
          assertThrows(IllegalStateException.class, () -> pool.run(2, part -> {})).getMessage());
    }
    smallProduct(pool);
  }

  @Test
  void closingDuringCallsEndsThemWholeOrThrows() throws Exception {
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < 20; i++) {
        Parallelism pool = Parallelism.pool(3);
        Matmul plan = Matmul.builder().parallelism(pool).build();
        assertRight(product(plan));
        Future<Integer> calls =
            caller.submit(
                () -> {
                  int count = 0;
                  try {
                    while (true) {
                      assertRight(product(plan));
                      count++;
                    }
                  } catch (IllegalStateException closed) {
                    assertEquals("the pool is closed", closed.getMessage());
                    return count;
                  }
                });
        Thread.sleep(1);
        pool.close();
        assertTrue(get(calls::get) >= 0);
      }
    } finally {
      caller.shutdownNow();
    }
  }

  /** Idle for long enough to park, then woken. */
  @Test
  void aPoolWakesUp() throws InterruptedException {
    try (Parallelism pool = Parallelism.pool(2)) {
      Matmul plan = Matmul.builder().parallelism(pool).build();
      for (int i = 0; i < 5; i++) {
        assertRight(product(plan));
        Thread.sleep(20);
      }
    }
  }
}
