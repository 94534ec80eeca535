package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.LstmOptions;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Simulated.Worst;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bounds by hand, and how close the worst arithmetic that is allowed comes to them. */
class ErrorModelTest {

  private static final double U = ErrorBounds.U;
  private static final ErrorModel MODEL = ErrorModel.ofFloat(1.5, 1);

  private static void assertBound(double expected, Bounded got) {
    assertEquals(expected, got.bound(), 1e-5 * expected);
  }

  @Test
  void anExactNumberHasNoError() {
    assertEquals(0, MODEL.of(3).bound());
    assertEquals(0, MODEL.sum().total().bound());
    assertEquals(0, MODEL.sum().add(MODEL.of(0)).add(MODEL.of(0.1)).total().bound());
    assertEquals(0, MODEL.of(1).times(MODEL.of(0.1)).bound());
  }

  @Test
  void productsAndSumsByHand() {
    Bounded third = MODEL.of(0.3);
    assertBound(0.09 * U, third.times(third));
    assertBound(0.7 * U, third.oneMinus());
    // Two numbers and one product: three terms, so the numbers are added twice at most.
    assertBound(
        2 * U * (0.3 + 5) + 3 * U * 0.09,
        MODEL.sum().add(third).add(MODEL.of(-5)).subtract(third, third).total());
    Bounded off = new Bounded(2, 1e-3, MODEL);
    assertEquals(4e-3 + 1e-6, off.times(off).error(), 1e-6 * 1e-3 + 5 * U);
  }

  @Test
  void activationsByHand() {
    assertBound(1.5 * U, MODEL.of(0).sigmoid());
    Bounded off = new Bounded(0, 1e-3, MODEL);
    assertBound(0.25e-3 + 1.5 * U, off.sigmoid());
    assertEquals(1e-3, off.tanh().error(), 1e-9);
    // Far out the slope is that of the nearest point.
    Bounded far = new Bounded(10, 5, MODEL);
    double slope = 1 / Math.pow(Math.cosh(5), 2);
    assertEquals(5 * slope, far.tanh().error(), 1e-6);
    assertEquals(2, new Bounded(0, 1e9, MODEL).tanh().error(), 1e-6);
  }

  @Test
  void kinksAreDoubtedWhereTheErrorReachesThem() {
    Bounded off = new Bounded(0.5, 0.25, MODEL);
    assertEquals(0, off.reluGradFromOutput().error());
    assertEquals(1, new Bounded(0.2, 0.25, MODEL).reluGradFromOutput().error());
    assertEquals(0.25, off.relu().error());
    assertEquals(0, new Bounded(-0.5, 0.25, MODEL).relu().error());
    assertEquals(0.25, new Bounded(-0.2, 0.25, MODEL).relu().error());
    assertEquals(0, off.clampGrad(1).error());
    assertEquals(1, off.clampGrad(0.7).error());
    assertEquals(0, off.clamp(0.25).error());
    assertEquals(0.25, off.clamp(0.3).error());
    assertEquals(0, MODEL.of(0).reluGradFromOutput().error());
  }

  @Test
  void whatCannotBeToldIsInfinite() {
    Bounded lost = new Bounded(1, Double.NaN, MODEL);
    assertEquals(Double.POSITIVE_INFINITY, lost.bound());
    assertEquals(Double.POSITIVE_INFINITY, lost.times(new Bounded(0, 1e-9, MODEL)).bound());
    assertEquals(0, lost.times(MODEL.of(0)).bound());
  }

  /** Everything 0: all sums are exact, so only the activations and the last products count. */
  @Test
  void aSleepingLstmByHand() {
    CellWeights<Bounded> weights =
        new CellWeights<>(
            Tensor.zeros(MODEL, 4, 1),
            Tensor.zeros(MODEL, 4, 1),
            Tensor.zeros(MODEL, 4),
            Tensor.zeros(MODEL, 4));
    double[] one = {1};
    CellInputs<Bounded> inputs =
        new CellInputs<>(
            Tensor.of(MODEL, one, 1, 1, 1),
            Tensor.of(MODEL, one, 1, 1),
            Tensor.of(MODEL, one, 1, 1));
    CellOutputs<Bounded> out = new ReferenceLstm(1, 1).forward(MODEL, weights, inputs);
    // f = 1/2 within 1.5 ulp(1/2) = 1.5 u; times c = 1 rounds nothing; i g = 0 within 1/2 of the
    // smallest floats, and adding it rounds to 1/2.
    double dc = 1.5 * U + 0.5 * U;
    assertEquals(dc, out.cn().at(0).bound(), 2e-5 * dc);
    // o = 1/2 within 1.5 u; t = tanh(1/2) = 0.4621 within dc (1 - t^2) and 1 ulp, u/2.
    double t = Math.tanh(0.5);
    double dt = dc * (1 - t * t) + 0.5 * U;
    double dh = 0.5 * dt + t * 1.5 * U + 0.5 * t * U;
    assertEquals(dh, out.hn().at(0).bound(), 2e-5 * dh);
  }

  /** With recurrent weights that forget, bounds stay small however long the sequence is. */
  @Test
  void errorsThatAreForgottenDoNotPileUp() {
    for (ReferenceCell cell :
        List.of(
            new ReferenceLstm(4, 4),
            new ReferenceGru(4, 4, ReferenceGru.Reset.AFTER),
            new ReferenceElman(4, 4, ReferenceActivation.TANH))) {
      CellSample sample = new CellSample(cell, 300, new int[] {300}, 0.25, false, 1);
      Map<String, Tensor<Bounded>> all = ErrorModelProperties.run(sample, MODEL);
      for (String name : List.of("y", "dx")) {
        double[] bounds = ErrorModel.bounds(Objects.requireNonNull(all.get(name)));
        double most = Arrays.stream(bounds).max().orElseThrow();
        assertTrue(most < 2e-5, cell + ": " + name + " " + most);
      }
    }
  }

  /** The worst arithmetic that is allowed comes close: no bound could be much smaller. */
  @Test
  void theWorstArithmeticComesClose() {
    List<ReferenceCell> cells =
        List.of(
            new ReferenceElman(2, 2, ReferenceActivation.TANH),
            new ReferenceGru(2, 2, ReferenceGru.Reset.AFTER),
            new ReferenceLstm(2, 2),
            new ReferenceLstm(2, 2, LstmOptions.PLAIN.withPeepholes().withProjection(2)));
    for (ReferenceCell cell : cells) {
      assertTrue(closest(cell, "y") > 0.3, cell + " y " + closest(cell, "y"));
      assertTrue(closest(cell, "dx") > 0.15, cell + " dx " + closest(cell, "dx"));
      assertTrue(closest(cell, "dW") > 0.15, cell + " dW " + closest(cell, "dW"));
    }
  }

  /** How much of a bound is reached, at most, by errors that all go the same way. */
  private static double closest(ReferenceCell cell, String name) {
    double most = 0;
    for (int seed = 0; seed < 20; seed++) {
      CellSample sample = new CellSample(cell, 1, new int[] {1, 1}, 1, true, seed);
      for (double up : new double[] {0, 1}) {
        Worst worst = new Worst(1.5, 1, up, false, new SplittableRandom(seed));
        Tensor<Bounded> exact =
            Objects.requireNonNull(ErrorModelProperties.run(sample, MODEL).get(name));
        double[] got =
            Objects.requireNonNull(ErrorModelProperties.run(sample, Simulated.by(worst)).get(name))
                .values();
        for (int i = 0; i < got.length; i++) {
          Bounded bounded = exact.at(i);
          most = Math.max(most, Math.abs(got[i] - bounded.value()) / bounded.bound());
        }
      }
    }
    return most;
  }

  @Test
  void doubleIsJudgedByItsOwnRoundings() {
    Bounded third = ErrorModel.ofDouble(4, 1).of(1.0 / 3);
    assertEquals(2 * 0x1p-53 / 9, third.times(third).bound(), 1e-20);
    Bounded fused = third.tanhGradFromOutput();
    Bounded apart = ErrorModel.ofDouble(4, 1).withoutFma().of(1.0 / 3).tanhGradFromOutput();
    assertTrue(apart.error() > fused.error());
    assertEquals(8.0 / 9, new Plain(1.0 / 3).tanhGradFromOutput().value(), 1e-15);
  }
}
