package dev.unroll.bench.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {

  @Test
  void everyRoundHasEveryoneOnce() {
    for (int contenders = 1; contenders < 9; contenders++) {
      for (int round = -1; round < 20; round++) {
        int[] order = Turns.order(contenders, round);
        assertArrayEquals(order, Turns.order(contenders, round));
        Arrays.sort(order);
        assertArrayEquals(IntStream.range(0, contenders).toArray(), order);
      }
    }
  }

  @Test
  void nobodyAlwaysFollowsTheSame() {
    int[] after = new int[6];
    for (int round = 0; round < 5; round++) {
      int[] order = Turns.order(6, round);
      for (int i = 1; i < 6; i++) {
        after[order[i]] |= 1 << order[i - 1];
      }
    }
    assertTrue(Arrays.stream(after).allMatch(who -> Integer.bitCount(who) > 1));
  }

  @Test
  void severalThreadsWaitForWhoIsStillAtWork() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    Thread spinning =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  begun.countDown();
                  long until = System.nanoTime() + 150_000_000;
                  while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                  }
                  over.set(true);
                });
    begun.await();
    AtomicInteger runs = new AtomicInteger();
    AtomicBoolean early = new AtomicBoolean();
    Turns.settle(
        () -> {
          runs.incrementAndGet();
          early.compareAndSet(false, !over.get());
        },
        2);
    spinning.join();
    assertTrue(runs.get() > 0);
    assertTrue(!early.get(), "began while another thread was spinning");
  }

  @Test
  void oneThreadRunsAtOnce() {
    AtomicInteger runs = new AtomicInteger();
    Turns.settle(runs::incrementAndGet, 1);
    assertTrue(runs.get() > 0);
  }
}
