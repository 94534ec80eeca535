package dev.unroll.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that begin together and do their work again and again; the first failure ends all. */
final class Race {

  /** {@code -Dunroll.stress.seconds} for each race, or a moment. */
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("unroll.stress.seconds", "0.15"));

  private static final int THREADS = 4;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();

  private Race() {}

  /** What one thread does in a round; made in that thread, where its plans belong. */
  interface Runner {
    void round() throws Exception;
  }

  /** Four threads for the time of a race. */
  static void run(String name, Callable<Runner> runners) {
    run(name, runners, false);
  }

  /** The same under a hail of interrupts. */
  static void runInterrupted(String name, Callable<Runner> runners) {
    run(name, runners, true);
  }

  private static void run(String name, Callable<Runner> runners, boolean interrupting) {
    new Race().race(name, runners, interrupting);
  }

  private void race(String name, Callable<Runner> runners, boolean interrupting) {
    CountDownLatch start = new CountDownLatch(THREADS);
    AtomicLongArray rounds = new AtomicLongArray(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int mine = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Runner runner = runners.call();
                      start.countDown();
                      start.await();
                      while (!over.get()) {
                        runner.round();
                        rounds.incrementAndGet(mine);
                      }
                    } catch (Throwable broken) {
                      failure.compareAndSet(null, broken);
                      over.set(true);
                      start.countDown();
                    }
                  }));
    }
    try {
      wait(rounds, interrupting);
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException unexpected) {
      throw new AssertionError(unexpected);
    }
    Throwable broken = failure.get();
    if (broken != null) {
      throw new AssertionError(name + " is broken", broken);
    }
    System.out.printf("%s: %d rounds in %d threads%n", name, sum(rounds), THREADS);
  }

  /** Each gets through a round at least, however slow the machine is; then the time begins. */
  private void wait(AtomicLongArray rounds, boolean interrupting) throws InterruptedException {
    for (int i = 0; i < THREADS; i++) {
      while (!over.get() && rounds.get(i) == 0) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
    long start = System.nanoTime();
    while (!over.get() && System.nanoTime() - start < SECONDS * 1e9) {
      TimeUnit.MICROSECONDS.sleep(interrupting ? 100 : 5_000);
      if (interrupting) {
        threads.forEach(Thread::interrupt);
      }
    }
  }

  private static long sum(AtomicLongArray rounds) {
    long sum = 0;
    for (int i = 0; i < rounds.length(); i++) {
      sum += rounds.get(i);
    }
    return sum;
  }
}
