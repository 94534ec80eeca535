package dev.unroll.cell;

import static dev.unroll.cell.CellArgumentsTest.assertThrown;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Zoneout and variational dropout by example: how often, how independent, what on average. */
final class CellMasksTest {

  private static final int STEPS = 8;
  private static final int BATCH = 500;
  private static final int UNITS = 9;

  /** What {@link #copying} is given: 1 everywhere. */
  private static float[] ones() {
    float[] x = new float[STEPS * BATCH * UNITS];
    Arrays.fill(x, 1);
    return x;
  }

  /** A linear cell that copies its inputs: y = W x with W = 1, R = 0. */
  private static float[] copying(CellSpec spec, long seed, float[] x) {
    WeightSet weights = WeightSet.zeros(spec);
    for (int i = 0; i < UNITS; i++) {
      weights.inputWeights()[i * UNITS + i] = 1;
    }
    CellTrainer trainer = CellTrainer.of(spec).masks(seed, 0, 0);
    trainer.load(weights);
    float[] y = new float[x.length];
    trainer.forward(TIME_MAJOR, STEPS, BATCH, x, y, new float[BATCH * UNITS], null);
    return y;
  }

  private static CellSpec linear() {
    return CellSpec.elman(UNITS, UNITS).linear().withBias(Bias.NONE);
  }

  /** Within five standard deviations of as many coins. */
  private static void assertRate(double rate, long hits, long coins, String of) {
    double deviation = Math.sqrt(coins * rate * (1 - rate));
    assertEquals(rate * coins, (double) hits, 5 * deviation, of);
  }

  /** Each value is the one before with the probability of the rate, on its own. */
  @Test
  void zoneoutKeepsAsOftenAsItsRateSays() {
    for (float rate : new float[] {0.1f, 0.5f, 0.85f}) {
      float[] x = new float[STEPS * BATCH * UNITS];
      for (int i = 0; i < x.length; i++) {
        x[i] = 1 + i / (BATCH * UNITS);
      }
      float[] y = copying(linear().withZoneout(rate, 0), 11, x);
      boolean[] kept = new boolean[y.length];
      int step = BATCH * UNITS;
      for (int i = 0; i < y.length; i++) {
        float before = i < step ? 0 : y[i - step];
        kept[i] = y[i] != x[i];
        assertEquals(kept[i] ? before : x[i], y[i]);
      }
      assertRate(rate, pairs(kept, 0), kept.length, "one");
      // Neighbours know nothing of each other: of units, of rows, of steps.
      for (int distance : new int[] {1, 2, UNITS, 2 * UNITS, step, step + 1}) {
        // A coin is in two pairs, which then are not independent: three times the variance at most.
        long pairs = (long) kept.length - distance;
        double both = rate * rate;
        double deviation = Math.sqrt(3 * pairs * both * (1 - both));
        assertEquals(
            both * pairs, (double) pairs(kept, distance), 5 * deviation, "distance " + distance);
      }
    }
  }

  private static long pairs(boolean[] kept, int distance) {
    long pairs = 0;
    for (int i = distance; i < kept.length; i++) {
      pairs += kept[i] && kept[i - distance] ? 1 : 0;
    }
    return pairs;
  }

  /** One mask for all steps: 0, or 1 / (1 - p). */
  @Test
  void variationalDropoutDropsTheSameAtAllSteps() {
    float[] y = copying(linear().withVariationalDropout(0.25f, 0.5f), 3, ones());
    int dropped = 0;
    for (int i = 0; i < y.length; i++) {
      float first = y[i % (BATCH * UNITS)];
      assertTrue(y[i] == 0 || y[i] == 1 / 0.75f, () -> "y is neither 0 nor 1 / (1 - p)");
      assertEquals(first, y[i]);
      dropped += i < BATCH * UNITS && first == 0 ? 1 : 0;
    }
    assertRate(0.25, dropped, BATCH * UNITS, "inputs");
  }

  /** The masks of x, h and c, of h and h before R, are drawn on their own. */
  @Test
  void eachPlaceHasMasksOfItsOwn() {
    CellSpec spec =
        CellSpec.lstm(64, 64).withZoneout(0.5f, 0.5f).withVariationalDropout(0.5f, 0.5f);
    PlainMasks masks = PlainMasks.of(spec);
    boolean[][] all = new boolean[4][64];
    for (int i = 0; i < 64; i++) {
      all[0][i] = masks.keepsHidden(0, 0, i);
      all[1][i] = masks.keepsCell(0, 0, i);
      all[2][i] = masks.input(0, i) == 0;
      all[3][i] = masks.recurrent(0, i) == 0;
    }
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(Arrays.equals(all[i], all[j]), i + " and " + j);
      }
    }
  }

  /**
   * Where all is linear, the mean over masks of what training gives is what serving gives: for two
   * steps, in which the second sees what the first has left.
   */
  @Test
  void servingIsTheExpectationOfTraining() {
    CellSpec spec =
        CellSpec.elman(2, 3).linear().withZoneout(0.375f, 0).withVariationalDropout(0.25f, 0.5f);
    CellCase q = CellCase.of(spec, 2, 1);
    CellRun serving = CellRun.forward(q, TIME_MAJOR);
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    int draws = 20_000;
    double[] sum = new double[serving.y().length];
    double[] squares = new double[sum.length];
    float[] y = new float[sum.length];
    for (int draw = 0; draw < draws; draw++) {
      trainer.masks(draw, 0, 0);
      trainer.forward(TIME_MAJOR, 2, 1, q.x(), y, q.h0(), null);
      for (int i = 0; i < y.length; i++) {
        sum[i] += y[i];
        squares[i] += (double) y[i] * y[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      double mean = sum[i] / draws;
      double deviation = Math.sqrt((squares[i] / draws - mean * mean) / draws);
      assertTrue(deviation > 0, "masks do nothing");
      assertEquals(mean, serving.y()[i], 5 * deviation, "y[" + i + "]");
    }
  }

  /** Serving knows of no variational dropout, and of the cells only what zoneout mixes. */
  @Test
  void servingDropsNothing() {
    for (CellSpec spec : CellSpecs.few(3, 5, 4)) {
      CellCase plain = CellCase.of(spec, 4, 3);
      CellCase dropping = CellCase.of(spec.withVariationalDropout(0.5f, 0.5f), 4, 3);
      CellRun.forward(dropping, TIME_MAJOR)
          .assertSameBits(CellRun.forward(plain, TIME_MAJOR), plain.where());
    }
  }

  @Test
  void anotherSeedIsAnotherMask() {
    float[] y = copying(linear().withZoneout(0.5f, 0), 1, ones());
    assertFalse(Arrays.equals(y, copying(linear().withZoneout(0.5f, 0), 2, ones())));
    assertTrue(Arrays.equals(y, copying(linear().withZoneout(0.5f, 0), 1, ones())));
  }

  /** Masks are those of a forward call: who changes them has to make another one. */
  @Test
  void thereIsNoWayBackWithOtherMasks() {
    CellCase q = CellCase.of(CellSpec.gru(3, 5).withZoneout(0.5f, 0), 4, 2);
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    trainer.forward(TIME_MAJOR, 4, 2, q.x(), new float[4 * 2 * 5], q.h0(), null);
    trainer.masks(1, 0, 0);
    assertThrown(
        IllegalStateException.class,
        "call forward first",
        () ->
            trainer.backward(
                q.x(), 0, null, 0, q.dh(), 0, null, 0, null, 0, WeightSet.zeros(q.spec()), false));
  }

  /** What the query says is there in the end; nothing of it where there are no masks. */
  @Test
  void memoryIsWhatTheQuerySays() {
    for (CellSpec spec : CellSpecs.stochastic(3, 16, 8)) {
      CellCase q = CellCase.of(spec, 40, 3);
      CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
      CellTrainer plain =
          CellTrainer.of(spec.withZoneout(0, 0).withVariationalDropout(0, 0), Parallelism.none());
      long expected = plain.tapeBytes(40, 3);
      if (spec.recurrentDropout() > 0) {
        expected += 4L * (40 + 1) * 3 * padded(spec.outputSize());
      }
      expected += spec.inputDropout() > 0 ? 4L * 3 * 3 : 0;
      expected += spec.cellZoneout() > 0 ? 4L * 40 * 3 * padded(16) : 0;
      assertEquals(expected, trainer.tapeBytes(40, 3), spec.toString());
      CellGradients.of(q, TIME_MAJOR, trainer, CellGradients.Way.PLAIN, null, q.where());
      assertTrue(trainer.workspaceBytes() >= expected, spec.toString());
    }
  }

  private static int padded(int units) {
    int lanes = Kernels.get().matmul().shape().lanes();
    return (units + lanes - 1) / lanes * lanes;
  }
}
