package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Examples: what is allowed at the edges, and what a plan promises its owner. */
final class LstmTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 5;
  private static final LstmSpec SPEC = LstmSpec.of(INPUTS, UNITS, 4, 2);

  @ParameterizedTest
  @EnumSource
  void noStepsLeaveTheStates(SequenceLayout layout) {
    LstmSpec spec = SPEC.sized(0, 2);
    LstmRun run = LstmRun.forward(spec, layout);
    assertArrayEquals(spec.h0(), run.h());
    assertArrayEquals(spec.c0(), run.c());
    float[] none = {};
    Lstm.of(spec.pack()).forward(layout, 0, 0, none, 0, none, 0, none, 0, none, 0);
  }

  @ParameterizedTest
  @EnumSource
  void noRowsDoNothing(SequenceLayout layout) {
    LstmRun run = LstmRun.forward(SPEC.sized(7, 0), layout);
    assertEquals(0, run.h().length);
    float[] none = {};
    Lstm.of(SPEC.pack()).step(0, none, 0, none, 0, none, 0);
    Lstm.of(SPEC.pack()).forward(layout, Integer.MAX_VALUE, 0, none, 0, none, 0, none, 0, none, 0);
  }

  /** Over no steps y is empty, and an empty range overlaps nothing, wherever it lies. */
  @Test
  void anEmptyOutputMayLieWithinTheStates() {
    float[] states = Fill.MODERATE.array(3 * UNITS, 1);
    float[] before = states.clone();
    Lstm.of(SPEC.pack())
        .forward(TIME_MAJOR, 0, 1, new float[0], 0, states, 2, states, 0, states, 2 * UNITS);
    assertArrayEquals(before, states);
  }

  @ParameterizedTest
  @EnumSource
  void disjointRangesOfOneArrayAreRight(SequenceLayout layout) {
    LstmSpec spec = SPEC;
    int x0 = 3;
    int y0 = x0 + 4 * 2 * INPUTS;
    int h0 = y0 + 4 * 2 * UNITS;
    int c0 = h0 + 2 * UNITS;
    float[] all = new float[c0 + 2 * UNITS];
    float[] x = spec.x();
    if (layout == BATCH_MAJOR) {
      x = LstmRun.swapAxes(x, 4, 2, INPUTS);
    }
    System.arraycopy(x, 0, all, x0, x.length);
    System.arraycopy(spec.h0(), 0, all, h0, 2 * UNITS);
    System.arraycopy(spec.c0(), 0, all, c0, 2 * UNITS);
    Lstm.of(spec.pack()).forward(layout, 4, 2, all, x0, all, y0, all, h0, all, c0);
    float[] y = Arrays.copyOfRange(all, y0, h0);
    LstmRun expected = LstmRun.forward(spec, TIME_MAJOR);
    new LstmRun(
            layout == BATCH_MAJOR ? LstmRun.swapAxes(y, 2, 4, UNITS) : y,
            Arrays.copyOfRange(all, h0, c0),
            Arrays.copyOfRange(all, c0, all.length))
        .assertSameBits(expected, spec.reproducer(Kernels.get()));
  }

  @Test
  void theLastStatesAreTheLastOutputs() {
    LstmRun run = LstmRun.forward(SPEC, BATCH_MAJOR);
    assertArrayEquals(Arrays.copyOfRange(run.y(), 3 * 2 * UNITS, 4 * 2 * UNITS), run.h());
  }

  @Test
  void oneUnitByHand() {
    // All sums are 0 but that of the candidate, which is 1000: i = f = o = 1/2 and g = 1.
    LstmWeights weights =
        LstmWeights.pack(
            LstmGateOrder.IFGO, 1, 1, new float[] {0, 0, 1000, 0}, new float[4], null, null);
    float[] h = {0.25f};
    float[] c = {3};
    Lstm.of(weights).step(1, new float[] {1}, 0, h, 0, c, 0);
    assertEquals(2, c[0]);
    assertEquals(0.5 * Math.tanh(2), h[0], 1e-7);
  }

  // Plans

  @Test
  void aWorkspaceGrowsOnceAndServesWhatIsSmaller() {
    Lstm plan = Lstm.of(SPEC.pack());
    LstmSpec large = SPEC.sized(9, 11);
    LstmRun.forward(large, TIME_MAJOR, plan, large.x(), large.h0(), large.c0(), Kernels.get());
    LstmRun.steps(large, plan, Kernels.get());
    long bytes = plan.workspaceBytes();
    assertTrue(bytes >= 4L * 11 * UNITS, () -> bytes + " bytes");
    LstmRun.forward(SPEC, BATCH_MAJOR, plan, SPEC.x(), SPEC.h0(), SPEC.c0(), Kernels.get());
    LstmRun.steps(SPEC, plan, Kernels.get());
    assertEquals(bytes, plan.workspaceBytes());
  }

  @Test
  void aPlanKnowsItsWeights() {
    LstmWeights weights = SPEC.pack();
    assertSame(weights, Lstm.of(weights).weights());
    assertEquals(
        "weights", assertThrows(NullPointerException.class, () -> Lstm.of(nothing())).getMessage());
    assertEquals(
        "threads",
        assertThrows(NullPointerException.class, () -> Lstm.of(weights, nothing())).getMessage());
  }

  @Test
  void twoThreadsShareOneWeightObject() throws InterruptedException {
    LstmSpec spec = LstmSpec.of(9, 33, 20, 5);
    LstmWeights weights = spec.pack();
    LstmRun expected = LstmRun.forward(spec, TIME_MAJOR);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          Lstm plan = Lstm.of(weights);
          for (int i = 0; i < 20; i++) {
            LstmRun.forward(spec, TIME_MAJOR, plan, spec.x(), spec.h0(), spec.c0(), Kernels.get())
                .assertSameBits(expected, spec.reproducer(Kernels.get()));
          }
        };
    Thread other =
        Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(work);
    work.run();
    other.join();
    assertEquals(null, failure.get());
  }

  @Test
  void aClosedPoolIsAnExceptionAndNothingIsWritten() {
    Parallelism pool = Parallelism.pool(2);
    Lstm plan = Lstm.of(SPEC.pack(), pool);
    pool.close();
    float[] h = SPEC.h0();
    float[] c = SPEC.c0();
    assertThrows(IllegalStateException.class, () -> plan.step(2, SPEC.x(), 0, h, 0, c, 0));
    assertArrayEquals(SPEC.h0(), h);
    assertArrayEquals(SPEC.c0(), c);
  }

  @Test
  void anExecutorThatRefusesIsAnExceptionAndAPlanGoesOnAfterwards() {
    boolean[] shut = {true};
    Executor executor =
        task -> {
          if (shut[0]) {
            throw new RejectedExecutionException("shut down");
          }
          task.run();
        };
    Lstm plan = Lstm.of(SPEC.pack(), Parallelism.on(executor, 2));
    assertThrows(
        RejectedExecutionException.class,
        () -> plan.step(2, SPEC.x(), 0, SPEC.h0(), 0, SPEC.c0(), 0));
    shut[0] = false;
    LstmRun.steps(SPEC, plan, Kernels.get())
        .assertSameBits(LstmRun.forward(SPEC, TIME_MAJOR), SPEC.reproducer(Kernels.get()));
  }

  @Test
  void anInterruptIsKeptForLater() {
    LstmRun expected = LstmRun.forward(SPEC, TIME_MAJOR);
    try (Parallelism pool = Parallelism.pool(2)) {
      Lstm plan = Lstm.of(SPEC.pack(), pool);
      Thread.currentThread().interrupt();
      LstmRun run =
          LstmRun.forward(SPEC, TIME_MAJOR, plan, SPEC.x(), SPEC.h0(), SPEC.c0(), Kernels.get());
      assertTrue(Thread.interrupted(), "the interrupt is lost");
      run.assertSameBits(expected, SPEC.reproducer(Kernels.get()));
    }
  }

  @Test
  void nothingIsAllocatedInSteadyState() {
    LstmSpec spec = LstmSpec.of(20, 40, 6, 3);
    Lstm plan = Lstm.of(spec.pack());
    float[] x = spec.x();
    float[] y = new float[6 * 3 * 40];
    float[] h = spec.h0();
    float[] c = spec.c0();
    assertNoAllocation(
        () -> {
          plan.forward(TIME_MAJOR, 6, 3, x, 0, y, 0, h, 0, c, 0);
          plan.forward(BATCH_MAJOR, 6, 3, x, 0, y, 0, h, 0, c, 0);
          plan.step(3, x, 0, h, 0, c, 0);
          plan.step(1, x, 0, h, 0, c, 0);
        });
  }

  @Test
  void nothingIsAllocatedWithAPool() {
    LstmSpec spec = LstmSpec.of(20, 40, 6, 3);
    float[] x = spec.x();
    float[] y = new float[6 * 3 * 40];
    float[] h = spec.h0();
    float[] c = spec.c0();
    try (Parallelism pool = Parallelism.pool(2)) {
      Lstm plan = Lstm.of(spec.pack(), pool);
      assertNoAllocation(
          () -> {
            plan.forward(TIME_MAJOR, 6, 3, x, 0, y, 0, h, 0, c, 0);
            plan.step(3, x, 0, h, 0, c, 0);
          });
    }
  }

  /**
   * In steady state no thread allocates. Until C2 has compiled a kernel its vectors are objects, so
   * the state has to be reached first.
   */
  private static void assertNoAllocation(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long deadline = System.nanoTime() + 20_000_000_000L;
    long least = Long.MAX_VALUE;
    // Also a number of rounds, for a machine that gave this process no time for so long.
    for (int round = 0; least > 0 && (round < 100 || System.nanoTime() < deadline); round++) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (int i = 0; i < 200; i++) {
        call.run();
      }
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in 200 calls");
  }

  // Weights

  @Test
  void gateOrdersGiveTheSameBits() {
    LstmSpec ifgo = LstmSpec.of(7, 19, 5, 3);
    float[] w = ifgo.w();
    float[] r = ifgo.r();
    float[] b = ifgo.inputBiasOrNull();
    LstmWeights iofg =
        LstmWeights.pack(
            LstmGateOrder.IOFG, 7, 19, iofg(w, 7), iofg(r, 19), iofg(requireNonNull(b), 1), null);
    LstmWeights same = LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, b, null);
    run(ifgo, iofg).assertSameBits(run(ifgo, same), ifgo.reproducer(Kernels.get()));
  }

  private static float[] iofg(float[] ifgo, int columns) {
    int block = ifgo.length / 4;
    assertEquals(19 * columns, block);
    float[] sorted = new float[ifgo.length];
    int[] from = {0, 3, 1, 2};
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(ifgo, from[gate] * block, sorted, gate * block, block);
    }
    return sorted;
  }

  @Test
  void biasesMayBeTwoOneOrNone() {
    LstmSpec spec = LstmSpec.of(7, 19, 5, 3);
    float[] w = spec.w();
    float[] r = spec.r();
    float[] b = spec.inputBiasOrNull();
    float[] zeros = new float[4 * 19];
    LstmRun one = run(spec, LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, b, null));
    LstmRun other = run(spec, LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, null, b));
    LstmRun both = run(spec, LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, b, zeros));
    LstmRun none = run(spec, LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, null, null));
    LstmRun zero = run(spec, LstmWeights.pack(LstmGateOrder.IFGO, 7, 19, w, r, zeros, zeros));
    other.assertSameBits(one, spec.reproducer(Kernels.get()));
    both.assertSameBits(one, spec.reproducer(Kernels.get()));
    none.assertSameBits(zero, spec.reproducer(Kernels.get()));
    assertFalse(Arrays.equals(one.h(), none.h()), "the bias does nothing");
  }

  /** All that enters is -0, so a cell whose bias were +0 would end at +0. */
  @Test
  void aLoneBiasKeepsTheSignOfItsZeros() {
    float[] w = {1, 1, 1, 1};
    float[] minus = {-0f, -0f, -0f, -0f};
    float[] plus = new float[4];
    assertEquals(-0f, cell(LstmWeights.pack(LstmGateOrder.IFGO, 1, 1, w, w, minus, null)));
    assertEquals(-0f, cell(LstmWeights.pack(LstmGateOrder.IFGO, 1, 1, w, w, null, minus)));
    assertEquals(-0f, cell(LstmWeights.pack(LstmGateOrder.IFGO, 1, 1, w, w, minus, minus)));
    assertEquals(0f, cell(LstmWeights.pack(LstmGateOrder.IFGO, 1, 1, w, w, minus, plus)));
    assertEquals(0f, cell(LstmWeights.pack(LstmGateOrder.IFGO, 1, 1, w, w, null, null)));
  }

  private static float cell(LstmWeights weights) {
    float[] c = {-0f};
    Lstm.of(weights).step(1, new float[] {-0f}, 0, new float[] {-0f}, 0, c, 0);
    return c[0];
  }

  private static LstmRun run(LstmSpec spec, LstmWeights weights) {
    return LstmRun.forward(
        spec, TIME_MAJOR, Lstm.of(weights), spec.x(), spec.h0(), spec.c0(), Kernels.get());
  }

  @Test
  void weightsAreCopies() {
    float[] w = SPEC.w();
    float[] r = SPEC.r();
    float[] b = SPEC.inputBiasOrNull();
    LstmWeights weights = LstmWeights.pack(LstmGateOrder.IFGO, INPUTS, UNITS, w, r, b, b);
    LstmRun before = run(SPEC, weights);
    Arrays.fill(w, Float.NaN);
    Arrays.fill(r, Float.NaN);
    Arrays.fill(b, Float.NaN);
    run(SPEC, weights).assertSameBits(before, SPEC.reproducer(Kernels.get()));
  }

  @Test
  void weightsTellTheirSizes() {
    LstmWeights weights = SPEC.pack();
    assertEquals(INPUTS, weights.inputSize());
    assertEquals(UNITS, weights.hiddenSize());
    assertTrue(weights.bytes() >= 4 * 4 * UNITS * (INPUTS + UNITS + 1), weights.toString());
    assertTrue(weights.toString().contains("I = 3, H = 5"), weights.toString());
  }

  @Test
  void badWeightsAreNamed() {
    float[] w = SPEC.w();
    float[] r = SPEC.r();
    float[] b = new float[4 * UNITS];
    float[] wrong = new float[1];
    LstmGateOrder ifgo = LstmGateOrder.IFGO;
    assertNull("order", () -> LstmWeights.pack(nothing(), INPUTS, UNITS, w, r, b, b));
    assertNull("inputWeights", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, nothing(), r, b, b));
    assertNull("recurrentWeights", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, w, nothing(), b, b));
    assertIllegal("inputSize is 0", () -> LstmWeights.pack(ifgo, 0, UNITS, w, r, b, b));
    assertIllegal("hiddenSize is -1", () -> LstmWeights.pack(ifgo, INPUTS, -1, w, r, b, b));
    assertIllegal("inputWeights", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, wrong, r, b, b));
    assertIllegal("recurrentWeights", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, w, wrong, b, b));
    assertIllegal("inputBias", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, w, r, wrong, b));
    assertIllegal("recurrentBias", () -> LstmWeights.pack(ifgo, INPUTS, UNITS, w, r, b, wrong));
    assertIllegal(
        "inputWeights",
        () -> LstmWeights.pack(ifgo, 1 << 16, 1 << 14, new float[0], new float[0], null, null));
  }

  private static void assertNull(String name, Runnable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  private static void assertIllegal(String part, Runnable call) {
    Exception thrown = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(requireNonNull(thrown.getMessage()).contains(part), thrown.getMessage());
  }

  /** What a caller without a null checker can pass. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
