package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.tolerance.RoundedLstm.Nearest;
import dev.unroll.testing.tolerance.RoundedLstm.Worst;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The bound by hand, and its teeth. */
class LstmErrorBoundTest {

  private static final double U = ErrorBounds.U;
  private static final int SEEDS = 20;

  /** Everything 0: all sums are exact, so only the activations and the last products count. */
  @Test
  void aSleepingCellByHand() {
    ReferenceLstm.Weights weights =
        new ReferenceLstm.Weights(1, 1, new double[4], new double[4], new double[4], new double[4]);
    double[] one = {1};
    ReferenceLstm.Result bound = new LstmErrorBound(weights, 1.5, 1).step(1, one, one, one);
    // f = 1/2 within 1.5 ulp(1/2) = 1.5 u, times c = 1, rounded twice to 1/2; i g = 0 within 1/2
    // of the smallest floats.
    assertEquals(1.5 * U + 0.5 * U + 0.5 * U, bound.lastC()[0], 1e-6 * U);
    // o = 1/2 within 1.5 u; t = tanh(1/2) = 0.4621 within dc (1 - t^2) and 1 ulp, u/2.
    double t = Math.tanh(0.5);
    double dt = 2.5 * U * (1 - t * t) + 0.5 * U;
    assertEquals(0.5 * dt + t * 1.5 * U + 0.5 * t * U, bound.lastH()[0], 1e-6 * U);
  }

  @Test
  void noStepsNoError() {
    LstmSample sample = new LstmSample(3, 2, 0, 2, 1, false, 1);
    ReferenceLstm.Result bound = sample.bound(1.5, 1);
    assertEquals(0, bound.h().length);
    assertArrayEquals(new double[4], bound.lastH());
    assertArrayEquals(new double[4], bound.lastC());
  }

  /** A sum's share, alone: what the bound grows by is gamma(n + 2) times the terms, and no more. */
  @Test
  void aSumCountsWithTheSlopeOfItsGate() {
    // Only the candidate has a weight, 2^-10: z is so small that its slope is 1 within 2^-19.
    double[] w = new double[4];
    w[2] = 0x1p-10;
    ReferenceLstm.Weights weights =
        new ReferenceLstm.Weights(1, 1, w, new double[4], new double[4], new double[4]);
    double dc =
        new LstmErrorBound(weights, 0, 0)
            .step(1, new double[] {1}, new double[1], new double[1])
            .lastC()[0];
    double product = 0x1p-11 * U;
    assertEquals(0.5 * ErrorBounds.gamma(4) * 0x1p-10 + 2 * product, dc, 0x1p-18 * dc);
  }

  /** The worst arithmetic that is allowed comes close: no bound could be much smaller. */
  @Test
  void theWorstArithmeticComesClose() {
    double most = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      LstmSample sample = new LstmSample(2, 2, 1, 4, 1, true, seed);
      Worst worst = new Worst(1.5, 1, 1, new SplittableRandom(seed));
      double[] got = sample.computed(worst).c();
      double[] exact = sample.exact().c();
      double[] bound = sample.bound(1.5, 1).c();
      for (int i = 0; i < got.length; i++) {
        most = Math.max(most, (got[i] - exact[i]) / bound[i]);
      }
    }
    assertTrue(most > 0.5, "reaches only " + most + " of the bound");
  }

  /** With recurrent weights that forget, the bound stays small however long the sequence is. */
  @Test
  void errorsThatAreForgottenDoNotPileUp() {
    LstmSample sample = new LstmSample(8, 8, 512, 1, 0.25, false, 1);
    double[] bound = sample.bound(1.5, 1).h();
    double late = Arrays.stream(bound).skip(bound.length - 8).max().orElseThrow();
    assertTrue(late < 1e-5, "after 512 steps " + late);
  }

  @Test
  void whatAFloatCellDoesIsAllowed() {
    assertEquals(0, caught(weights -> weights, new Nearest()), "a false alarm");
  }

  @Test
  void sloppyActivationsAreCaught() {
    assertEquals(
        SEEDS,
        caught(
            weights -> weights,
            new Nearest() {
              @Override
              public double sigmoid(double z) {
                double y = super.sigmoid(z);
                return y + 24 * Ulp.size(y);
              }
            }));
    assertEquals(
        SEEDS,
        caught(
            weights -> weights,
            new Nearest() {
              @Override
              public double tanh(double z) {
                double y = super.tanh(z);
                return y + 24 * Ulp.size(y);
              }
            }));
  }

  /** Sums in 20 bits instead of 24. */
  @Test
  void sloppySumsAreCaught() {
    assertEquals(
        SEEDS,
        caught(
            weights -> weights,
            new Nearest() {
              @Override
              public double round(double exact) {
                return Float.intBitsToFloat(Float.floatToRawIntBits((float) exact) & ~0xf);
              }
            }));
  }

  @Test
  void weightsThatAreOffByAFewUlpOrInTheWrongPlaceAreCaught() {
    assertEquals(
        SEEDS,
        caught(
            good ->
                new ReferenceLstm.Weights(
                    good.inputSize(),
                    good.hiddenSize(),
                    map(good.w(), w -> w * (1 + 0x1p-16)),
                    good.r(),
                    good.inputBias(),
                    good.recurrentBias()),
            new Nearest()),
        "input weights with 16 bits");
    assertEquals(
        SEEDS,
        caught(
            good ->
                new ReferenceLstm.Weights(
                    good.inputSize(),
                    good.hiddenSize(),
                    good.w(),
                    good.r(),
                    good.inputBias(),
                    new double[good.recurrentBias().length]),
            new Nearest()),
        "a bias that was left out");
    assertEquals(
        SEEDS,
        caught(
            good ->
                new ReferenceLstm.Weights(
                    good.inputSize(),
                    good.hiddenSize(),
                    good.w(),
                    swapFirstGates(good.r()),
                    good.inputBias(),
                    good.recurrentBias()),
            new Nearest()),
        "two gates swapped");
  }

  /** In how many of the samples one step leaves the bound. */
  private static int caught(
      UnaryOperator<ReferenceLstm.Weights> damage, RoundedLstm.Arithmetic by) {
    int caught = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      LstmSample sample = new LstmSample(6, 5, 1, 4, 1, false, seed);
      ReferenceLstm.Result got =
          RoundedLstm.forward(
              damage.apply(sample.weights()), 1, 4, sample.x(), sample.h0(), sample.c0(), by);
      ReferenceLstm.Result exact = sample.exact();
      ReferenceLstm.Result bound = sample.bound(1.5, 1);
      boolean h = leaves(got.h(), exact.h(), bound.h());
      boolean c = leaves(got.c(), exact.c(), bound.c());
      caught += h || c ? 1 : 0;
    }
    return caught;
  }

  private static boolean leaves(double[] got, double[] exact, double[] bound) {
    for (int i = 0; i < got.length; i++) {
      if (Math.abs(got[i] - exact[i]) > bound[i]) {
        return true;
      }
    }
    return false;
  }

  private static double[] map(double[] values, DoubleUnaryOperator f) {
    return Arrays.stream(values).map(f).toArray();
  }

  private static double[] swapFirstGates(double[] r) {
    double[] swapped = r.clone();
    int gate = r.length / 4;
    System.arraycopy(r, 0, swapped, gate, gate);
    System.arraycopy(r, gate, swapped, 0, gate);
    return swapped;
  }
}
