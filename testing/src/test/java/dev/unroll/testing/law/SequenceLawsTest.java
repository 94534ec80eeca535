package dev.unroll.testing.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequenceLawsTest {

  private static final String AGAIN = "the same bits from call to call";
  private static final String INPUT = "leaves its input alone";
  private static final String CUT = "time may be cut anywhere";
  private static final String STEPS = "steps one by one";
  private static final String ROW = "a row of a batch alone";
  private static final String PERMUTED = "permuted rows of a batch";
  private static final String EMPTY = "no steps, no rows";

  private static final int INPUTS = 3;
  private static final int UNITS = 2;

  /** A leaky sum and a counter of steps: h = h / 2 + the sum of x, y = h + count. */
  private static void leaky(int steps, int batch, float[] x, float[][] states, float[] y) {
    float[] h = states[0];
    float[] count = states[1];
    for (int t = 0; t < steps; t++) {
      for (int b = 0; b < batch; b++) {
        count[b] += 1;
        for (int j = 0; j < UNITS; j++) {
          int at = b * UNITS + j;
          float sum = h[at] / 2;
          for (int i = 0; i < INPUTS; i++) {
            sum += (j + 1) * x[(t * batch + b) * INPUTS + i];
          }
          h[at] = sum;
          y[(t * batch + b) * UNITS + j] = sum + count[b];
        }
      }
    }
  }

  private static SequenceLaws laws(SequenceLaws.Sequence kernel) {
    return SequenceLaws.of("leaky", INPUTS, UNITS, new int[] {UNITS, 1}, kernel);
  }

  @Test
  void aRightKernelKeepsThemAll() {
    laws(SequenceLawsTest::leaky).checkAll();
  }

  /** What can be wrong, and the laws that have to notice. */
  @SuppressWarnings("ImmutableEnumChecker") // a kernel with state is one of the faults
  enum Fault {
    STATE_OF_THE_BATCH_SHARED(ROW, PERMUTED) {
      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        for (int b = 1; b < batch; b++) {
          states[0][b * UNITS] = states[0][0];
        }
        leaky(steps, batch, x, states, y);
      }
    },
    LAST_STATE_FORGOTTEN(CUT, STEPS) {
      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        leaky(steps, batch, x, new float[][] {states[0].clone(), states[1]}, y);
      }
    },
    FIRST_STEP_SPECIAL(CUT, STEPS) {
      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        leaky(steps, batch, x, states, y);
        if (y.length > 0) {
          y[0] += 1;
        }
      }
    },
    STEP_WITHOUT_INPUT(EMPTY, CUT) {
      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        leaky(steps, batch, x, states, y);
        if (steps == 0 && batch > 0) {
          states[0][0] = 0;
        }
      }
    },
    KEEPS_ITS_STATE(AGAIN) {
      private float last;

      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        leaky(steps, batch, x, states, y);
        if (y.length > 0) {
          y[0] += last;
          last += 1;
        }
      }
    },
    SCRATCH_IN_THE_INPUT(INPUT) {
      @Override
      void run(int steps, int batch, float[] x, float[][] states, float[] y) {
        leaky(steps, batch, x, states, y);
        if (x.length > 0) {
          x[0] = 0;
        }
      }
    };

    private final List<String> broken;

    Fault(String... broken) {
      this.broken = List.of(broken);
    }

    abstract void run(int steps, int batch, float[] x, float[][] states, float[] y);
  }

  @ParameterizedTest
  @EnumSource
  void aFaultBreaksTheLawsThatAreAboutIt(Fault fault) {
    List<String> broken = laws(fault::run).laws().broken();
    assertTrue(broken.containsAll(fault.broken), broken.toString());
  }

  /** Blocks of two steps, whose sums are formed in another order. */
  @Test
  void aToleranceTakesTheRoundingOfAnotherOrder() {
    SequenceLaws laws =
        laws(
            (steps, batch, x, states, y) -> {
              leaky(steps, batch, x, states, y);
              for (int i = 0; i < y.length && steps > 1; i++) {
                y[i] = Math.nextUp(y[i]);
              }
            });
    assertEquals(List.of(CUT, STEPS), laws.laws().broken());
    laws.within(1e-4).checkAll();
  }
}
