package dev.unroll.bench.probe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  @Test
  void lastsAsLongAsSomethingIsCompiled() {
    long begun = System.nanoTime();
    long compiles = 1_500_000_000L;
    AtomicInteger runs = new AtomicInteger();
    WarmUp.run(List.of(runs::incrementAndGet), () -> System.nanoTime() - begun < compiles);
    long lasted = System.nanoTime() - begun;
    // As long as that, and the half second of quiet that must follow.
    assertTrue(lasted >= compiles + 400_000_000L, "ended after " + lasted / 1_000_000 + " ms");
    assertTrue(runs.get() > 0);
  }

  @Test
  void endsThoughTheCompilerNeverRests() {
    long begun = System.nanoTime();
    WarmUp.run(List.of(() -> {}), () -> true);
    long lasted = System.nanoTime() - begun;
    assertTrue(lasted < 20_000_000_000L, "ended after " + lasted / 1_000_000 + " ms");
  }

  @Test
  void everyoneHasTurns() {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    WarmUp.run(List.of(first::incrementAndGet, second::incrementAndGet), () -> false);
    assertTrue(first.get() > 0 && second.get() > 0);
  }

  /** Of ten that take turns, one needs many calls before its compilation is even asked for. */
  @Test
  void whoeverIsSlowHasCallsEnough() {
    AtomicInteger calls = new AtomicInteger();
    Runnable slow =
        () -> {
          long until = System.nanoTime() + 2_000_000L;
          calls.incrementAndGet();
          while (System.nanoTime() < until) {
            Thread.onSpinWait();
          }
        };
    Runnable other = () -> {};
    WarmUp.run(
        List.of(slow, other, other, other, other, other, other, other, other, other), () -> false);
    assertTrue(calls.get() >= 150, () -> calls + " calls");
  }
}
