package dev.unroll.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each part of each call once, whoever helps and whenever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedCallTest {

  /** How long calls are repeated, unless they are through before; in nanoseconds. */
  private static final long STRESS = 1_000_000_000;

  private final SharedCall call = new SharedCall();

  private static Thread helping(Runnable work) {
    return Thread.ofPlatform().daemon().start(work);
  }

  private static void waitFor(Thread thread, Thread.State... states) {
    while (!Arrays.asList(states).contains(thread.getState())) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "nobody came");
    } catch (InterruptedException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  @Test
  void theCallerAloneDoesAllParts() {
    List<Integer> done = new ArrayList<>();
    call.open(5, done::add);
    call.help();
    call.finish();
    assertEquals(List.of(0, 1, 2, 3, 4), done);
  }

  @Test
  void whoComesTooLateFindsNothing() {
    AtomicInteger done = new AtomicInteger();
    call.help();
    call.open(2, part -> done.incrementAndGet());
    call.help();
    call.finish();
    call.help();
    call.help();
    assertEquals(2, done.get());
    call.open(3, part -> done.addAndGet(10));
    call.help();
    call.finish();
    assertEquals(32, done.get());
  }

  /**
   * Many short calls with changing parts, and helpers that never rest: most of their claims come
   * between two calls or fall on the seam of them.
   */
  @Test
  void staleHelpersNeitherRepeatNorStealParts() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> helpers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      boolean pausing = i > 0;
      helpers.add(
          helping(
              () -> {
                int turn = 0;
                while (!over.get()) {
                  call.help();
                  if (pausing && ++turn % 64 == 0) {
                    LockSupport.parkNanos(1);
                  }
                }
              }));
    }
    AtomicIntegerArray counts = new AtomicIntegerArray(8);
    AtomicInteger wrong = new AtomicInteger();
    try {
      long deadline = System.nanoTime() + STRESS;
      for (int i = 0; i < 60_000 && (i < 100 || System.nanoTime() < deadline); i++) {
        int expected = 1 + i % 7;
        AtomicBoolean ended = new AtomicBoolean();
        call.open(
            expected,
            part -> {
              if (part < 0 || part >= expected || ended.get()) {
                wrong.incrementAndGet();
              } else {
                counts.incrementAndGet(part);
              }
            });
        if (i % 3 != 0) {
          call.help();
        }
        // Without the caller's help the helpers alone must get through.
        call.finish();
        ended.set(true);
        for (int part = 0; part < counts.length(); part++) {
          assertEquals(
              part < expected ? 1 : 0, counts.getAndSet(part, 0), "call " + i + " part " + part);
        }
        assertEquals(0, wrong.get(), "claims of another call, at call " + i);
      }
    } finally {
      over.set(true);
    }
    for (Thread helper : helpers) {
      helper.join();
    }
    assertEquals(0, wrong.get());
  }

  /** What a part wrote is seen by the caller without any other synchronization. */
  @Test
  void whatHelpersWroteIsVisible() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread helper =
        helping(
            () -> {
              while (!over.get()) {
                call.help();
              }
            });
    int[] plain = new int[64];
    try {
      long deadline = System.nanoTime() + STRESS;
      for (int i = 1; i <= 20_000 && (i < 100 || System.nanoTime() < deadline); i++) {
        int value = i;
        call.open(4, part -> Arrays.fill(plain, part * 16, part * 16 + 16, value));
        call.finish();
        for (int x : plain) {
          assertEquals(value, x);
        }
      }
    } finally {
      over.set(true);
    }
    helper.join();
  }

  @Test
  void theCallerWaitsForPartsThatHaveBegun() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    call.open(
        3,
        part -> {
          if (part == 0) {
            begun.countDown();
            await(go);
          }
          done.incrementAndGet();
        });
    Thread helper = helping(call::help);
    await(begun);
    Thread caller = Thread.currentThread();
    Thread gate =
        helping(
            () -> {
              // Only once the caller has nothing left but to wait.
              waitFor(caller, Thread.State.TIMED_WAITING);
              go.countDown();
            });
    call.help();
    assertEquals(2, done.get());
    call.finish();
    assertEquals(3, done.get());
    gate.join();
    helper.join();
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheCall() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    call.open(
        1,
        part -> {
          begun.countDown();
          await(go);
          done.incrementAndGet();
        });
    Thread helper = helping(call::help);
    await(begun);
    AtomicBoolean kept = new AtomicBoolean();
    AtomicBoolean complete = new AtomicBoolean();
    Thread caller =
        helping(
            () -> {
              call.finish();
              complete.set(done.get() == 1);
              kept.set(Thread.interrupted());
            });
    waitFor(caller, Thread.State.TIMED_WAITING);
    caller.interrupt();
    // Interrupted, and still waiting.
    caller.join(20);
    assertTrue(caller.isAlive());
    go.countDown();
    caller.join();
    helper.join();
    assertTrue(complete.get(), "the part was waited for");
    assertTrue(kept.get(), "the interrupt was set again");
  }

  @Test
  void noInterruptIsInvented() {
    call.open(2, part -> {});
    call.help();
    call.finish();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void whatAPartThrowsEndsTheCallAfterTheOthers() {
    RuntimeException thrown = new IllegalStateException("part 1");
    AtomicInteger done = new AtomicInteger();
    call.open(
        4,
        part -> {
          if (part == 1) {
            throw thrown;
          }
          done.incrementAndGet();
        });
    call.help();
    assertSame(thrown, assertThrows(IllegalStateException.class, call::finish));
    assertEquals(3, done.get());
    Error error = new InternalError("part 0");
    call.open(
        1,
        part -> {
          throw error;
        });
    call.help();
    assertSame(error, assertThrows(InternalError.class, call::finish));
    // The next call knows nothing of it.
    call.open(1, part -> done.incrementAndGet());
    call.help();
    call.finish();
    assertEquals(4, done.get());
  }

  @Test
  void aCancelledCallWaitsForWhatHasBegunAndBeginsNothing() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    call.open(
        5,
        part -> {
          begun.countDown();
          await(go);
          done.incrementAndGet();
        });
    Thread helper = helping(call::help);
    await(begun);
    Thread caller = helping(call::cancel);
    waitFor(caller, Thread.State.TIMED_WAITING);
    go.countDown();
    caller.join();
    assertEquals(1, done.get());
    helper.join();
    call.help();
    assertEquals(1, done.get(), "a part was begun after the call was cancelled");
  }

  @Test
  void cancellingWhatNobodyBeganReturnsAtOnce() {
    call.open(
        3,
        part -> {
          throw new AssertionError("begun");
        });
    call.cancel();
    call.help();
  }
}
