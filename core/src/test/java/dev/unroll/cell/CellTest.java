package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Reset;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Examples: what is allowed at the edges, and what a plan promises its owner. */
final class CellTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 5;
  private static final CellSpec LSTM = CellSpec.lstm(INPUTS, UNITS);
  private static final CellCase CASE = CellCase.of(LSTM, 4, 2);

  static List<CellSpec> kinds() {
    return CellSpecs.few(INPUTS, UNITS, 4);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noStepsLeaveTheStates(CellSpec spec) {
    for (SequenceLayout layout : SequenceLayout.values()) {
      CellCase q = CellCase.of(spec, 0, 2);
      CellRun run = CellRun.forward(q, layout);
      assertArrayEquals(q.h0(), run.h());
      assertArrayEquals(q.c0(), run.c());
      float[] none = {};
      Cell.of(q.pack()).forward(layout, 0, 0, none, none, none, spec.hasCell() ? none : null);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noRowsDoNothing(CellSpec spec) {
    CellCase q = CellCase.of(spec, 7, 0);
    float[] none = {};
    float @Nullable [] cells = spec.hasCell() ? none : null;
    for (SequenceLayout layout : SequenceLayout.values()) {
      assertEquals(0, CellRun.forward(q, layout).h().length);
      Cell.of(q.pack()).forward(layout, Integer.MAX_VALUE, 0, none, none, none, cells);
    }
    Cell.of(q.pack()).step(0, none, 0, none, 0, cells, 0);
  }

  /** Over no steps y is empty, and an empty range overlaps nothing, wherever it lies. */
  @Test
  void anEmptyOutputMayLieWithinTheStates() {
    float[] states = Fill.MODERATE.array(3 * UNITS, 1);
    float[] before = states.clone();
    Cell.of(CASE.pack())
        .forward(TIME_MAJOR, 0, 1, new float[0], 0, states, 2, states, 0, states, 2 * UNITS);
    assertArrayEquals(before, states);
  }

  @ParameterizedTest
  @EnumSource
  void disjointRangesOfOneArrayAreRight(SequenceLayout layout) {
    int x0 = 3;
    int y0 = x0 + 4 * 2 * INPUTS;
    int h0 = y0 + 4 * 2 * UNITS;
    int c0 = h0 + 2 * UNITS;
    float[] all = new float[c0 + 2 * UNITS];
    float[] x = CASE.x();
    if (layout == BATCH_MAJOR) {
      x = CellRun.swapAxes(x, 4, 2, INPUTS);
    }
    System.arraycopy(x, 0, all, x0, x.length);
    System.arraycopy(CASE.h0(), 0, all, h0, 2 * UNITS);
    System.arraycopy(CASE.c0(), 0, all, c0, 2 * UNITS);
    Cell.of(CASE.pack()).forward(layout, 4, 2, all, x0, all, y0, all, h0, all, c0);
    float[] y = Arrays.copyOfRange(all, y0, h0);
    new CellRun(
            layout == BATCH_MAJOR ? CellRun.swapAxes(y, 2, 4, UNITS) : y,
            Arrays.copyOfRange(all, h0, c0),
            Arrays.copyOfRange(all, c0, all.length))
        .assertSameBits(CellRun.forward(CASE, TIME_MAJOR), CASE.where());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theLastStatesAreTheLastOutputs(CellSpec spec) {
    CellRun run = CellRun.forward(CellCase.of(spec, 4, 2), BATCH_MAJOR);
    int width = 2 * spec.outputSize();
    assertArrayEquals(Arrays.copyOfRange(run.y(), 3 * width, 4 * width), run.h());
  }

  @Test
  void anLstmOfOneUnitByHand() {
    // All sums are 0 but that of the candidate, which is 1000: i = f = o = 1/2 and g = 1.
    CellSpec spec = CellSpec.lstm(1, 1).withBias(Bias.NONE);
    WeightSet weights =
        WeightSet.of(
            spec, WeightFormat.PYTORCH, new float[] {0, 0, 1000, 0}, new float[4], null, null);
    float[] h = {0.25f};
    float[] c = {3};
    Cell.of(PackedCell.pack(weights)).step(1, new float[] {1}, 0, h, 0, c, 0);
    assertEquals(2, c[0]);
    assertEquals(0.5 * Math.tanh(2), h[0], 1e-7);
  }

  /** The sums of the gates are 0, so r = z = 1/2; the candidate is tanh of 2 h, or of 3 h. */
  @Test
  void aGruOfOneUnitByHand() {
    CellSpec spec = CellSpec.gru(1, 1);
    WeightSet weights =
        WeightSet.of(
            spec,
            WeightFormat.PYTORCH,
            new float[3],
            new float[] {0, 0, 4},
            new float[3],
            new float[] {0, 0, 1});
    float state = 0.25f;
    float[] h = {state};
    Cell.of(PackedCell.pack(weights)).step(1, new float[1], 0, h, 0, null, 0);
    // r (4 h + 1) = 1: the second bias is reset, too.
    assertEquals(0.5 * Math.tanh(1) + 0.5 * state, h[0], 1e-7);
    CellSpec before = spec.withReset(Reset.BEFORE).withBias(Bias.NONE);
    float[] r = {0, 0, 4};
    h[0] = state;
    Cell.of(
            PackedCell.pack(
                WeightSet.of(before, WeightFormat.PYTORCH, new float[3], r, null, null)))
        .step(1, new float[1], 0, h, 0, null, 0);
    assertEquals(0.5 * Math.tanh(0.5) + 0.5 * state, h[0], 1e-7);
  }

  @Test
  void anElmanCellOfOneUnitByHand() {
    CellSpec spec = CellSpec.elman(1, 1).withActivation(Activation.RELU).withBias(Bias.SINGLE);
    float[] h = {3};
    step(spec, 2, -3, 1, 4, h);
    // 2 * 4 - 3 * 3 + 1
    assertEquals(0, h[0]);
    step(spec, 2, 3, 1, 4, h);
    assertEquals(9, h[0]);
    CellSpec pre = spec.withForm(CellSpec.Form.PRE_ACTIVATION);
    h[0] = -2;
    step(pre, 2, 3, 1, -4, h);
    // The state is the sum, and what comes back of a negative one is 0.
    assertEquals(-7, h[0]);
    step(pre, 2, 3, 1, -4, h);
    assertEquals(-7, h[0]);
  }

  private static void step(CellSpec spec, float w, float r, float b, float x, float[] h) {
    WeightSet weights =
        WeightSet.of(
            spec, WeightFormat.PYTORCH, new float[] {w}, new float[] {r}, new float[] {b}, null);
    Cell.of(PackedCell.pack(weights)).step(1, new float[] {x}, 0, h, 0, null, 0);
  }

  /** A clip ends in the limit itself, and NaN goes through it. */
  @Test
  void clippedCellsStayWithinTheLimit() {
    CellSpec spec = CellSpec.lstm(1, 1).withBias(Bias.NONE).withCellClip(0.75f);
    WeightSet weights =
        WeightSet.of(
            spec, WeightFormat.PYTORCH, new float[] {0, 0, 1000, 0}, new float[4], null, null);
    Cell plan = Cell.of(PackedCell.pack(weights));
    for (float[] expected :
        new float[][] {{3, 0.75f}, {-3, -0.75f}, {0.25f, 0.625f}, {0.5f, 0.75f}}) {
      float[] c = {expected[0]};
      plan.step(1, new float[] {Math.signum(expected[0])}, 0, new float[1], 0, c, 0);
      assertEquals(expected[1], c[0]);
    }
    float[] c = {Float.NaN};
    plan.step(1, new float[1], 0, new float[1], 0, c, 0);
    assertTrue(Float.isNaN(c[0]));
  }

  // Plans

  @ParameterizedTest
  @MethodSource("kinds")
  void aWorkspaceGrowsOnceAndServesWhatIsSmaller(CellSpec spec) {
    CellCase q = CellCase.of(spec, 4, 2);
    Cell plan = Cell.of(q.pack());
    CellCase large = q.sized(9, 11);
    CellRun.forward(large, BATCH_MAJOR, plan);
    CellRun.steps(large, plan);
    long bytes = plan.workspaceBytes();
    assertTrue(bytes >= 4L * 11 * UNITS, () -> bytes + " bytes");
    CellRun.forward(q, BATCH_MAJOR, plan);
    CellRun.steps(q, plan);
    assertEquals(bytes, plan.workspaceBytes());
  }

  @Test
  void aPlanKnowsItsWeights() {
    PackedCell weights = CASE.pack();
    assertSame(weights, Cell.of(weights).weights());
    assertEquals(LSTM, Cell.of(weights).spec());
    assertEquals(LSTM, weights.spec());
    assertTrue(weights.bytes() >= 4 * 4 * UNITS * (INPUTS + UNITS + 1), weights.toString());
    assertTrue(weights.toString().contains("I = 3, H = 5"), weights.toString());
  }

  @Test
  void weightsArePackedAsCopies() {
    WeightSet weights = CASE.weights();
    PackedCell packed = PackedCell.pack(weights);
    CellRun before = CellRun.forward(CASE, TIME_MAJOR, Cell.of(packed));
    weights.arrays().forEach(array -> Arrays.fill(array, Float.NaN));
    CellRun.forward(CASE, TIME_MAJOR, Cell.of(packed)).assertSameBits(before, CASE.where());
  }

  @Test
  void twoThreadsShareOneWeightObject() throws InterruptedException {
    CellCase q = CellCase.of(CellSpec.gru(9, 33), 20, 5);
    PackedCell weights = q.pack();
    CellRun expected = CellRun.forward(q, TIME_MAJOR);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          Cell plan = Cell.of(weights);
          for (int i = 0; i < 20; i++) {
            CellRun.forward(q, TIME_MAJOR, plan).assertSameBits(expected, q.where());
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
    Cell plan = Cell.of(CASE.pack(), pool);
    pool.close();
    float[] h = CASE.h0();
    float[] c = CASE.c0();
    assertThrows(IllegalStateException.class, () -> plan.step(2, CASE.x(), 0, h, 0, c, 0));
    assertArrayEquals(CASE.h0(), h);
    assertArrayEquals(CASE.c0(), c);
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
    Cell plan = Cell.of(CASE.pack(), Parallelism.on(executor, 2));
    assertThrows(
        RejectedExecutionException.class,
        () -> plan.step(2, CASE.x(), 0, CASE.h0(), 0, CASE.c0(), 0));
    shut[0] = false;
    CellRun.steps(CASE, plan).assertSameBits(CellRun.forward(CASE, TIME_MAJOR), CASE.where());
  }

  @Test
  void anInterruptIsKeptForLater() {
    CellRun expected = CellRun.forward(CASE, TIME_MAJOR);
    try (Parallelism pool = Parallelism.pool(2)) {
      Cell plan = Cell.of(CASE.pack(), pool);
      Thread.currentThread().interrupt();
      CellRun run = CellRun.forward(CASE, TIME_MAJOR, plan);
      assertTrue(Thread.interrupted(), "the interrupt is lost");
      run.assertSameBits(expected, CASE.where());
    }
  }
}
