package dev.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Wrong arguments: the exception that names them, and not one element written. */
final class StackArgumentsTest {

  private static final StackSpec SPEC =
      StackSpec.of(CellSpec.lstm(3, 5), 2).bidirectional(StackSpec.Merge.CONCATENATE);
  private static final int STEPS = 4;
  private static final int BATCH = 2;
  private static final int XS = STEPS * BATCH * 3;
  private static final int YS = STEPS * BATCH * 10;
  private static final int STATES = 4 * BATCH * 5;

  /** The arguments of calls that are right as they stand; each test spoils one. */
  private static final class Call {
    @Nullable SequenceLayout layout = SequenceLayout.TIME_MAJOR;
    int steps = STEPS;
    int batch = BATCH;
    int @Nullable [] lengths = {4, 2};
    float @Nullable [] x = Fill.MODERATE.array(XS, 1);
    float @Nullable [] y = Fill.MODERATE.array(YS, 2);
    float @Nullable [] h = Fill.MODERATE.array(STATES, 3);
    float @Nullable [] c = Fill.MODERATE.array(STATES, 4);
    float @Nullable [] dx = Fill.MODERATE.array(XS, 5);
    int xOffset;
    int yOffset;
    int hOffset;
    int cOffset;
    @Nullable StackWeights gradients = StackWeights.zeros(SPEC);

    @SuppressWarnings("NullAway") // null is what some of the tests are about
    void serve() {
      Stack.of(PackedStack.pack(StackWeights.zeros(SPEC)))
          .forward(layout, steps, batch, lengths, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    }

    @SuppressWarnings("NullAway")
    void train() {
      trainer()
          .forward(layout, steps, batch, lengths, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    }

    /** h and c stand for their gradients here, y for dy. */
    @SuppressWarnings("NullAway")
    void back() {
      StackTrainer trainer = trainer();
      trainer.forward(
          SequenceLayout.TIME_MAJOR,
          STEPS,
          BATCH,
          null,
          new float[XS],
          new float[YS],
          new float[STATES],
          new float[STATES]);
      trainer.backward(x, xOffset, y, yOffset, h, hOffset, c, cOffset, dx, 0, gradients, true);
    }

    private static StackTrainer trainer() {
      StackTrainer trainer = StackTrainer.of(SPEC);
      trainer.load(StackWeights.zeros(SPEC));
      return trainer;
    }
  }

  private record Case(Class<? extends Exception> type, String message, Consumer<Call> spoil) {}

  private static final Class<NullPointerException> NULL = NullPointerException.class;
  private static final Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  private static final Class<IndexOutOfBoundsException> RANGE = IndexOutOfBoundsException.class;

  @Test
  void theCallsThatAreSpoiledAreRight() {
    new Call().serve();
    new Call().train();
    new Call().back();
  }

  private static List<Case> common(String d) {
    return List.of(
        new Case(NULL, "x", c -> c.x = null),
        new Case(NULL, d + "h", c -> c.h = null),
        new Case(NULL, d + "c", c -> c.c = null),
        new Case(RANGE, "x has 23 elements", c -> c.x = new float[XS - 1]),
        new Case(RANGE, d + "y has 79 elements", c -> c.y = new float[YS - 1]),
        new Case(RANGE, d + "h has 39 elements", c -> c.h = new float[STATES - 1]),
        new Case(RANGE, d + "c has 39 elements", c -> c.c = new float[STATES - 1]),
        new Case(RANGE, "xOffset is -1", c -> c.xOffset = -1),
        new Case(RANGE, d + "yOffset is -1", c -> c.yOffset = -1),
        new Case(RANGE, d + "hOffset is 2147483647", c -> c.hOffset = Integer.MAX_VALUE),
        new Case(RANGE, d + "cOffset is 1", c -> c.cOffset = 1),
        new Case(ILLEGAL, d + "h overlaps " + d + "c", c -> c.h = c.c));
  }

  @Test
  void forwardNamesWhatIsWrongAndWritesNothing() {
    List<Case> cases = new ArrayList<>(common(""));
    cases.add(new Case(NULL, "layout", c -> c.layout = null));
    cases.add(new Case(NULL, "y", c -> c.y = null));
    cases.add(new Case(ILLEGAL, "steps is -1", c -> c.steps = -1));
    cases.add(new Case(ILLEGAL, "batch is -1", c -> c.batch = -1));
    cases.add(new Case(ILLEGAL, "lengths has 3 elements", c -> c.lengths = new int[3]));
    cases.add(new Case(ILLEGAL, "lengths[1] is -1", c -> c.lengths = new int[] {4, -1}));
    cases.add(new Case(ILLEGAL, "lengths[0] is 5", c -> c.lengths = new int[] {5, 4}));
    cases.add(
        new Case(
            RANGE,
            "x has",
            c -> {
              c.steps = Integer.MAX_VALUE;
              c.lengths = null;
            }));
    cases.add(
        new Case(
            ILLEGAL,
            "y overlaps x",
            c -> {
              c.y = new float[XS + YS];
              c.x = c.y;
              c.xOffset = YS - 1;
            }));
    cases.add(new Case(ILLEGAL, "y overlaps h", c -> c.h = c.y));
    cases.add(new Case(ILLEGAL, "y overlaps c", c -> c.c = c.y));
    for (Case wrong : cases) {
      check(wrong, Call::serve);
      check(wrong, Call::train);
    }
  }

  @Test
  void backwardNamesWhatIsWrongAndWritesNothing() {
    List<Case> cases = new ArrayList<>(common("d"));
    cases.add(new Case(NULL, "gradients", c -> c.gradients = null));
    cases.add(
        new Case(
            ILLEGAL,
            "gradients are of",
            c -> c.gradients = StackWeights.zeros(StackSpec.of(CellSpec.lstm(3, 5), 2))));
    cases.add(new Case(RANGE, "dx has 23 elements", c -> c.dx = new float[XS - 1]));
    cases.add(new Case(ILLEGAL, "dx overlaps x", c -> c.dx = c.x));
    cases.add(new Case(ILLEGAL, "dx overlaps dy", c -> c.dx = c.y));
    cases.add(new Case(ILLEGAL, "dx overlaps dh", c -> c.dx = c.h));
    for (Case wrong : cases) {
      check(wrong, Call::back);
    }
  }

  private static void check(Case wrong, Consumer<Call> run) {
    Call call = new Call();
    wrong.spoil.accept(call);
    List<Snapshot> before = new ArrayList<>();
    for (float[] array : new float @Nullable [][] {call.x, call.y, call.h, call.c, call.dx}) {
      if (array != null) {
        before.add(Snapshot.of("array", array));
      }
    }
    Exception thrown = assertThrows(wrong.type, () -> run.accept(call), wrong.message);
    String message = Objects.requireNonNull(thrown.getMessage());
    assertTrue(message.contains(wrong.message), message + " instead of " + wrong.message);
    Reproducer where = Reproducer.of("Stack").with("expected", wrong.message);
    before.forEach(snapshot -> snapshot.assertUnmodified(where));
  }
}
