package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Wrong arguments of forward passes: the exception that names them, and nothing written. */
final class CellArgumentsTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 5;
  private static final int STEPS = 4;
  private static final int BATCH = 2;
  private static final int ROWS = STEPS * BATCH;
  private static final CellCase LSTM = CellCase.of(CellSpec.lstm(INPUTS, UNITS), STEPS, BATCH);
  private static final CellCase GRU = CellCase.of(CellSpec.gru(INPUTS, UNITS), STEPS, BATCH);

  /** Which call. */
  private enum Kind {
    FORWARD,
    STEP,
    TRAINING
  }

  /** The arguments of a call that is right as it stands; each test spoils one. */
  private static final class Call {
    final Kind kind;
    CellCase cell = LSTM;
    @Nullable SequenceLayout layout = SequenceLayout.TIME_MAJOR;
    int steps = STEPS;
    int batch = BATCH;
    float @Nullable [] x = Fill.MODERATE.array(ROWS * INPUTS, 1);
    float @Nullable [] y = Fill.MODERATE.array(ROWS * UNITS, 2);
    float @Nullable [] h = Fill.MODERATE.array(BATCH * UNITS, 3);
    float @Nullable [] c = Fill.MODERATE.array(BATCH * UNITS, 4);
    int xOffset;
    int yOffset;
    int hOffset;
    int cOffset;

    Call(Kind kind) {
      this.kind = kind;
    }

    @SuppressWarnings("NullAway") // null is what some of the tests are about
    void run() {
      Cell plan = Cell.of(cell.pack());
      switch (kind) {
        case STEP -> plan.step(batch, x, xOffset, h, hOffset, c, cOffset);
        case FORWARD ->
            plan.forward(layout, steps, batch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
        case TRAINING -> {
          CellTrainer trainer = CellTrainer.of(cell.spec());
          trainer.load(cell.weights());
          trainer.forward(layout, steps, batch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
        }
      }
    }
  }

  private record Case(Class<? extends Exception> type, String message, Consumer<Call> spoil) {}

  private static final Class<NullPointerException> NULL = NullPointerException.class;
  private static final Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  private static final Class<IndexOutOfBoundsException> RANGE = IndexOutOfBoundsException.class;

  @Test
  void theCallThatIsSpoiledIsRight() {
    for (SequenceLayout layout : SequenceLayout.values()) {
      for (Kind kind : Kind.values()) {
        Call call = new Call(kind);
        call.layout = layout;
        call.run();
        call.cell = GRU;
        call.c = null;
        call.cOffset = -1; // of nothing
        call.run();
      }
    }
    Call call = new Call(Kind.STEP);
    call.x = new float[BATCH * INPUTS];
    call.run();
  }

  /** What all ways to call have in common. */
  private static List<Case> common() {
    int huge = Integer.MAX_VALUE;
    return List.of(
        new Case(NULL, "x", c -> c.x = null),
        new Case(NULL, "h", c -> c.h = null),
        new Case(NULL, "c", c -> c.c = null),
        new Case(ILLEGAL, "c is given, must be null: GRU", c -> c.cell = GRU),
        new Case(ILLEGAL, "batch is -1", c -> c.batch = -1),
        new Case(RANGE, "h has 9 elements", c -> c.h = new float[9]),
        new Case(RANGE, "c has 9 elements", c -> c.c = new float[9]),
        new Case(RANGE, "xOffset is -1", c -> c.xOffset = -1),
        new Case(RANGE, "hOffset is -1", c -> c.hOffset = -1),
        new Case(RANGE, "cOffset is -1", c -> c.cOffset = -1),
        new Case(RANGE, "xOffset is 2147483647", c -> c.xOffset = huge),
        new Case(RANGE, "hOffset is 2147483647", c -> c.hOffset = huge),
        new Case(RANGE, "cOffset is 2147483647", c -> c.cOffset = huge),
        new Case(RANGE, "x has", c -> c.batch = huge),
        new Case(RANGE, "x has", c -> c.batch = huge / INPUTS + 1),
        new Case(ILLEGAL, "h overlaps c", c -> c.h = c.c),
        new Case(
            ILLEGAL,
            "h overlaps c",
            c -> {
              c.h = new float[BATCH * UNITS + 1];
              c.c = c.h;
              c.cOffset = 1;
            }),
        new Case(
            ILLEGAL,
            "h overlaps x",
            c -> {
              c.x = new float[ROWS * INPUTS + BATCH * UNITS];
              c.h = c.x;
              c.hOffset = 5;
            }),
        new Case(
            ILLEGAL,
            "c overlaps x",
            c -> {
              c.x = new float[ROWS * INPUTS + BATCH * UNITS];
              c.c = c.x;
              c.cOffset = 5;
            }));
  }

  private static List<Case> sequences() {
    List<Case> cases = new ArrayList<>(common());
    cases.add(new Case(NULL, "layout", c -> c.layout = null));
    cases.add(new Case(NULL, "y", c -> c.y = null));
    cases.add(new Case(ILLEGAL, "steps is -1", c -> c.steps = -1));
    cases.add(new Case(RANGE, "x has 23 elements", c -> c.x = new float[ROWS * INPUTS - 1]));
    cases.add(new Case(RANGE, "y has 39 elements", c -> c.y = new float[ROWS * UNITS - 1]));
    cases.add(new Case(RANGE, "x has 24 elements", c -> c.xOffset = 1));
    cases.add(new Case(RANGE, "y has 40 elements", c -> c.yOffset = 1));
    cases.add(new Case(RANGE, "yOffset is -1", c -> c.yOffset = -1));
    cases.add(new Case(RANGE, "yOffset is 2147483647", c -> c.yOffset = Integer.MAX_VALUE));
    cases.add(new Case(RANGE, "x has", c -> c.steps = Integer.MAX_VALUE));
    // 2^30 * 4 rows wrap to 0 in int.
    cases.add(
        new Case(
            RANGE,
            "x has",
            c -> {
              c.steps = 1 << 30;
              c.batch = 4;
              c.h = new float[4 * UNITS];
              c.c = new float[4 * UNITS];
            }));
    // No steps need no input, but states all the same.
    cases.add(
        new Case(
            RANGE,
            "h has 9 elements",
            c -> {
              c.steps = 0;
              c.h = new float[9];
            }));
    cases.add(
        new Case(
            ILLEGAL,
            "y overlaps x",
            c -> {
              c.y = new float[ROWS * (INPUTS + UNITS)];
              c.x = c.y;
              c.xOffset = ROWS * UNITS - 1;
            }));
    cases.add(
        new Case(
            ILLEGAL,
            "y overlaps h",
            c -> {
              c.h = c.y;
              c.hOffset = (ROWS - BATCH) * UNITS;
            }));
    cases.add(
        new Case(
            ILLEGAL,
            "y overlaps c",
            c -> {
              c.c = c.y;
              c.cOffset = 0;
            }));
    return cases;
  }

  @Test
  void sequencesNameWhatIsWrongAndWriteNothing() {
    for (SequenceLayout layout : SequenceLayout.values()) {
      for (Case wrong : sequences()) {
        for (Kind kind : List.of(Kind.FORWARD, Kind.TRAINING)) {
          Call call = new Call(kind);
          call.layout = layout;
          check(call, wrong);
        }
      }
    }
  }

  @Test
  void stepsNameWhatIsWrongAndWriteNothing() {
    List<Case> cases = new ArrayList<>(common());
    cases.add(new Case(RANGE, "x has 5 elements", c -> c.x = new float[BATCH * INPUTS - 1]));
    for (Case wrong : cases) {
      check(new Call(Kind.STEP), wrong);
    }
  }

  /** Sizes whose product leaves even a long. */
  @Test
  void productsOfHugeSizesDoNotWrap() {
    Cell plan = Cell.of(CellCase.of(CellSpec.lstm(1 << 13, 1), 1, 1).pack());
    float[] x = new float[16];
    float[] states = new float[1 << 20];
    float[] before = states.clone();
    for (SequenceLayout layout : SequenceLayout.values()) {
      assertThrows(
          RANGE,
          () ->
              plan.forward(
                  layout,
                  Integer.MAX_VALUE,
                  1 << 20,
                  x,
                  new float[16],
                  states,
                  new float[1 << 20]));
    }
    assertTrue(Arrays.equals(before, states));
  }

  private static void check(Call call, Case wrong) {
    wrong.spoil.accept(call);
    List<Snapshot> before = new ArrayList<>();
    for (float[] array : new float @Nullable [][] {call.x, call.y, call.h, call.c}) {
      if (array != null) {
        before.add(Snapshot.of("array", array));
      }
    }
    assertThrown(wrong.type, wrong.message, call::run);
    Reproducer where =
        Reproducer.of("Cell").with("call", call.kind).with("expected", wrong.message);
    before.forEach(snapshot -> snapshot.assertUnmodified(where));
  }

  /** The message of a missing argument is its name, any other one contains what is expected. */
  static void assertThrown(Class<? extends Exception> type, String expected, Runnable call) {
    Exception thrown = assertThrows(type, call::run, expected);
    String message = Objects.requireNonNull(thrown.getMessage());
    if (type == NULL) {
      assertEquals(expected, message);
    } else {
      assertTrue(message.contains(expected), message + " instead of " + expected);
    }
  }

  @Test
  void plansNameWhatIsMissing() {
    PackedCell weights = LSTM.pack();
    CellSpec spec = LSTM.spec();
    assertThrown(NULL, "weights", () -> Cell.of(nothing()));
    assertThrown(NULL, "weights", () -> Cell.of(nothing(), Parallelism.none()));
    assertThrown(NULL, "threads", () -> Cell.of(weights, nothing()));
    assertThrown(NULL, "weights", () -> PackedCell.pack(nothing()));
    assertThrown(NULL, "spec", () -> CellTrainer.of(nothing()));
    assertThrown(NULL, "threads", () -> CellTrainer.of(spec, nothing()));
    assertThrown(NULL, "weights", () -> CellTrainer.of(spec).load(nothing()));
  }

  /** What a caller without a null checker can pass. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  static <T> T nothing() {
    return null;
  }
}
