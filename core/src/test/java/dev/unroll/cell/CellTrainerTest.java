package dev.unroll.cell;

import static dev.unroll.cell.CellArgumentsTest.assertThrown;
import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellGradients.Way;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Examples of the way back: its edges, its order of calls, and its wrong arguments. */
final class CellTrainerTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 5;
  private static final int STEPS = 4;
  private static final int BATCH = 2;
  private static final int ROWS = STEPS * BATCH;
  private static final CellSpec LSTM = CellSpec.lstm(INPUTS, UNITS);
  private static final CellSpec GRU = CellSpec.gru(INPUTS, UNITS);
  private static final CellCase CASE = CellCase.of(LSTM, STEPS, BATCH);

  static List<CellSpec> kinds() {
    return CellSpecs.few(INPUTS, UNITS, 4);
  }

  private static CellTrainer trainer(CellCase q) {
    return CellGradients.trainer(q, Kernels.get(), Parallelism.none());
  }

  /** No steps: the gradients of the states pass, those of the weights are those that were there. */
  @ParameterizedTest
  @MethodSource("kinds")
  void nothingToGoBackThroughHandsTheStatesOn(CellSpec spec) {
    for (SequenceLayout layout : SequenceLayout.values()) {
      CellCase q = CellCase.of(spec, 0, 2);
      Way accumulate = new Way(true, true, true);
      CellGradients got = CellGradients.of(q, layout, trainer(q), accumulate, null, q.where());
      assertArrayEquals(q.dh(), got.dh());
      assertArrayEquals(q.dc(), got.dc());
      CellGradients.assertSameBits(got.weights(), q.gradients(3), q.where());
      CellGradients zero = CellGradients.of(q, layout, trainer(q), Way.PLAIN, null, q.where());
      CellGradients.assertSameBits(zero.weights(), WeightSet.zeros(spec), q.where());
      CellCase none = q.sized(7, 0);
      CellGradients.of(none, layout, trainer(none), Way.PLAIN, null, none.where());
    }
  }

  /** Two parameters, three steps, on paper: h_t = x_t + r h_{t-1}. */
  @Test
  void aLinearCellByHand() {
    CellSpec spec = CellSpec.elman(1, 1).linear().withBias(CellSpec.Bias.SINGLE);
    CellTrainer trainer = CellTrainer.of(spec);
    WeightSet weights =
        WeightSet.of(
            spec, WeightFormat.PYTORCH, new float[] {1}, new float[] {2}, new float[] {0}, null);
    trainer.load(weights);
    float[] x = {1, 10, 100};
    float[] y = new float[3];
    float[] h = {5};
    trainer.forward(TIME_MAJOR, 3, 1, x, y, h, null);
    assertArrayEquals(new float[] {11, 32, 164}, y);
    float[] dh = {1};
    float[] dx = new float[3];
    WeightSet gradients = WeightSet.zeros(spec);
    trainer.backward(x, 0, null, 0, dh, 0, null, 0, dx, 0, gradients, false);
    // h_3 = x_3 + r x_2 + r^2 x_1 + r^3 h_0
    assertArrayEquals(new float[] {4, 2, 1}, dx);
    assertArrayEquals(new float[] {8}, dh);
    assertArrayEquals(new float[] {1 * 4 + 10 * 2 + 100}, gradients.inputWeights());
    assertArrayEquals(new float[] {10 + 2 * 2 * 1 + 3 * 4 * 5}, gradients.recurrentWeights());
    assertArrayEquals(new float[] {7}, gradients.inputBias());
  }

  /** A limit that is reached ends the gradient of the cell there. */
  @Test
  void aClippedCellHasNoGradient() {
    CellSpec spec = CellSpec.lstm(1, 1).withCellClip(0.5f);
    CellTrainer trainer = CellTrainer.of(spec);
    trainer.load(WeightSet.zeros(spec));
    for (float cell : new float[] {0.5f, 1, -1}) {
      float[] c = {cell};
      trainer.forward(TIME_MAJOR, 1, 1, new float[1], new float[1], new float[1], c);
      float[] dc = {1};
      WeightSet gradients = WeightSet.zeros(spec);
      trainer.backward(new float[1], 0, null, 0, new float[1], 0, dc, 0, null, 0, gradients, false);
      // c = 0.5 c, so the limit is reached from 1 on.
      assertEquals(cell == 0.5f ? 0.5f : 0, dc[0]);
    }
  }

  @Test
  void workspacesGrowOnce() {
    CellTrainer trainer = trainer(CASE);
    CellCase large = CASE.sized(50, 3);
    run(large, trainer);
    long bytes = trainer.workspaceBytes();
    assertTrue(bytes >= trainer.tapeBytes(50, 3), () -> bytes + " bytes");
    run(CASE, trainer);
    run(large, trainer);
    assertEquals(bytes, trainer.workspaceBytes());
    assertTrue(trainer.weightBytes() >= 2 * 4 * 4 * UNITS * (INPUTS + UNITS));
    assertEquals(LSTM, trainer.spec());
  }

  @Test
  void checkpointsSaveMemory() {
    CellTrainer trainer = trainer(CASE);
    long all = trainer.tapeBytes(400, 3);
    trainer.checkpointBySquareRoot();
    long root = trainer.tapeBytes(400, 3);
    assertTrue(root * 8 < all, () -> root + " instead of " + all);
    CellCase q = CASE.sized(400, 3);
    run(q, trainer);
    long bytes = trainer.workspaceBytes();
    run(q, trainer.checkpointEvery(0));
    assertTrue(bytes + all / 2 < trainer.workspaceBytes(), () -> bytes + " bytes");
  }

  private static void run(CellCase q, CellTrainer trainer) {
    CellGradients.of(q, BATCH_MAJOR, trainer, Way.PLAIN, null, q.where());
  }

  // The order of calls

  @Test
  void callsInAnotherOrderAreRefused() {
    CellTrainer trainer = CellTrainer.of(LSTM);
    float[] h = CASE.h0();
    float[] y = new float[ROWS * UNITS];
    assertThrown(
        IllegalStateException.class,
        "call load first",
        () -> trainer.forward(TIME_MAJOR, STEPS, BATCH, CASE.x(), y, h, CASE.c0()));
    assertArrayEquals(CASE.h0(), h);
    trainer.load(CASE.weights());
    assertNothingToGoBackThrough(trainer);
    run(CASE, trainer);
    assertNothingToGoBackThrough(trainer);
    trainer.forward(TIME_MAJOR, STEPS, BATCH, CASE.x(), y, h, CASE.c0());
    trainer.load(CASE.weights());
    assertNothingToGoBackThrough(trainer);
    run(CASE, trainer);
  }

  private static void assertNothingToGoBackThrough(CellTrainer trainer) {
    assertThrown(IllegalStateException.class, "call forward first", () -> backward(trainer, CASE));
  }

  private static void backward(CellTrainer trainer, CellCase q) {
    WeightSet gradients = WeightSet.zeros(q.spec());
    trainer.backward(q.x(), 0, null, 0, q.dh(), 0, q.dc(), 0, null, 0, gradients, false);
  }

  /** A call that is refused leaves what can be gone back through. */
  @Test
  void aWrongCallMayBeRepeatedRight() {
    CellTrainer trainer = trainer(CASE);
    CellGradients expected =
        CellGradients.of(CASE, TIME_MAJOR, trainer(CASE), Way.PLAIN, null, CASE.where());
    CellRun.forward(
        CASE, TIME_MAJOR, trainer::forward, CASE.x(), CASE.h0(), CASE.c0(), CASE.where());
    assertThrows(IllegalArgumentException.class, () -> backward(trainer, CellCase.of(GRU, 4, 2)));
    CellGradients.backward(CASE, TIME_MAJOR, trainer, Way.PLAIN, CASE.where())
        .assertSameBits(expected, CASE.where());
  }

  @Test
  void sizesAreChecked() {
    CellTrainer trainer = CellTrainer.of(LSTM);
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    assertThrown(illegal, "steps is -1", () -> trainer.checkpointEvery(-1));
    assertThrown(illegal, "steps is -1", () -> trainer.truncateEvery(-1));
    assertThrown(illegal, "ofSteps is -1", () -> trainer.tapeBytes(-1, 1));
    assertThrown(illegal, "ofBatch is -2", () -> trainer.tapeBytes(1, -2));
    assertThrown(
        illegal, "weights are of GRU", () -> trainer.load(CellCase.of(GRU, 1, 1).weights()));
  }

  // Wrong arguments

  /** The arguments of a call that is right as it stands; each test spoils one. */
  private static final class Call {
    float @Nullable [] x = Fill.MODERATE.array(ROWS * INPUTS, 1);
    float @Nullable [] dy = Fill.MODERATE.array(ROWS * UNITS, 2);
    float @Nullable [] dh = Fill.MODERATE.array(BATCH * UNITS, 3);
    float @Nullable [] dc = Fill.MODERATE.array(BATCH * UNITS, 4);
    float @Nullable [] dx = Fill.MODERATE.array(ROWS * INPUTS, 5);
    int xOffset;
    int dyOffset;
    int dhOffset;
    int dcOffset;
    int dxOffset;
    @Nullable WeightSet gradients = WeightSet.zeros(LSTM);

    @SuppressWarnings("NullAway") // null is what some of the tests are about
    void run(CellTrainer trainer) {
      trainer.backward(
          x, xOffset, dy, dyOffset, dh, dhOffset, dc, dcOffset, dx, dxOffset, gradients, false);
    }
  }

  private record Case(Class<? extends Exception> type, String message, Consumer<Call> spoil) {}

  private static List<Case> wrong() {
    Class<NullPointerException> isNull = NullPointerException.class;
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    Class<IndexOutOfBoundsException> range = IndexOutOfBoundsException.class;
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(isNull, "x", c -> c.x = null));
    cases.add(new Case(isNull, "dh", c -> c.dh = null));
    cases.add(new Case(isNull, "dc", c -> c.dc = null));
    cases.add(new Case(isNull, "gradients", c -> c.gradients = null));
    cases.add(new Case(range, "x has 23 elements", c -> c.x = new float[ROWS * INPUTS - 1]));
    cases.add(new Case(range, "dx has 23 elements", c -> c.dx = new float[ROWS * INPUTS - 1]));
    cases.add(new Case(range, "dy has 39 elements", c -> c.dy = new float[ROWS * UNITS - 1]));
    cases.add(new Case(range, "dh has 9 elements", c -> c.dh = new float[9]));
    cases.add(new Case(range, "dc has 9 elements", c -> c.dc = new float[9]));
    cases.add(new Case(range, "xOffset is -1", c -> c.xOffset = -1));
    cases.add(new Case(range, "dxOffset is -1", c -> c.dxOffset = -1));
    cases.add(new Case(range, "dyOffset is -1", c -> c.dyOffset = -1));
    cases.add(new Case(range, "dhOffset is -1", c -> c.dhOffset = -1));
    cases.add(new Case(range, "dcOffset is -1", c -> c.dcOffset = -1));
    cases.add(new Case(range, "dx has", c -> c.dxOffset = Integer.MAX_VALUE));
    cases.add(new Case(range, "dy has", c -> c.dyOffset = Integer.MAX_VALUE));
    cases.add(new Case(illegal, "gradients are", c -> c.gradients = WeightSet.zeros(GRU)));
    cases.add(
        new Case(
            illegal,
            "in format PYTORCH",
            c -> c.gradients = WeightSet.zeros(LSTM).to(WeightFormat.ONNX)));
    cases.add(new Case(illegal, "dh overlaps dc", c -> c.dh = c.dc));
    cases.add(new Case(illegal, "dh overlaps x", c -> c.dh = c.x));
    cases.add(new Case(illegal, "dc overlaps x", c -> c.dc = c.x));
    cases.add(new Case(illegal, "dx overlaps x", c -> c.dx = c.x));
    cases.add(new Case(illegal, "dh overlaps dy", c -> c.dh = c.dy));
    cases.add(new Case(illegal, "dc overlaps dy", c -> c.dc = c.dy));
    cases.add(new Case(illegal, "dx overlaps dy", c -> c.dx = c.dy));
    cases.add(new Case(illegal, "dx overlaps dh", c -> c.dh = c.dx));
    cases.add(new Case(illegal, "dx overlaps dc", c -> c.dc = c.dx));
    for (String other : List.of("x", "dy", "dh", "dc", "dx")) {
      cases.add(new Case(illegal, "gradients overlaps " + other, c -> shareGradients(c, other)));
    }
    cases.add(
        new Case(
            illegal,
            "gradients overlaps gradients",
            c -> {
              float[] b = new float[4 * UNITS];
              c.gradients =
                  WeightSet.of(
                      LSTM,
                      WeightFormat.PYTORCH,
                      new float[4 * UNITS * INPUTS],
                      new float[4 * UNITS * UNITS],
                      b,
                      b);
            }));
    return cases;
  }

  private static void shareGradients(Call c, String name) {
    float[] r = new float[4 * UNITS * UNITS];
    switch (name) {
      case "x" -> c.x = r;
      case "dy" -> c.dy = r;
      case "dh" -> c.dh = r;
      case "dc" -> c.dc = r;
      default -> c.dx = r;
    }
    c.gradients =
        WeightSet.of(
            LSTM,
            WeightFormat.PYTORCH,
            new float[4 * UNITS * INPUTS],
            r,
            new float[4 * UNITS],
            new float[4 * UNITS]);
  }

  @Test
  void theCallThatIsSpoiledIsRight() {
    CellTrainer trainer = trainer(CASE);
    forward(trainer, CASE);
    new Call().run(trainer);
  }

  private static void forward(CellTrainer trainer, CellCase q) {
    float[] y = new float[q.rows() * q.outputs()];
    trainer.forward(TIME_MAJOR, STEPS, BATCH, q.x(), y, q.h0(), q.spec().hasCell() ? q.c0() : null);
  }

  @Test
  void backwardNamesWhatIsWrongAndWritesNothing() {
    CellTrainer trainer = trainer(CASE);
    forward(trainer, CASE);
    for (Case wrong : wrong()) {
      Call call = new Call();
      wrong.spoil.accept(call);
      List<Snapshot> before = new ArrayList<>();
      List<float @Nullable []> arrays =
          new ArrayList<>(Arrays.asList(call.x, call.dy, call.dh, call.dc, call.dx));
      if (call.gradients != null) {
        call.gradients.arrays().forEach(array -> Arrays.fill(array, 7f));
        arrays.addAll(call.gradients.arrays());
      }
      for (float[] array : arrays) {
        if (array != null) {
          before.add(Snapshot.of("array", array));
        }
      }
      assertThrown(wrong.type, wrong.message, () -> call.run(trainer));
      Reproducer where = Reproducer.of("CellTrainer").with("expected", wrong.message);
      before.forEach(snapshot -> snapshot.assertUnmodified(where));
    }
    new Call().run(trainer);
  }

  @Test
  void cellGradientsOfAKindWithoutCellsAreRefused() {
    CellCase gru = CellCase.of(GRU, STEPS, BATCH);
    CellTrainer trainer = trainer(gru);
    forward(trainer, gru);
    Call call = new Call();
    call.gradients = WeightSet.zeros(GRU);
    assertThrown(
        IllegalArgumentException.class, "dc is given, must be null", () -> call.run(trainer));
    call.dc = null;
    call.run(trainer);
  }
}
