package dev.unroll.flow.attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.Approx;
import dev.unroll.flow.SequenceGradient;
import dev.unroll.flow.SequenceLoss;
import dev.unroll.flow.Trajectory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class OneNeuronTest {

  private static final OneNeuron BISTABLE = new OneNeuron(5, -2.5);

  @Test
  void foldsInClosedForm() {
    Folds folds = Folds.of(5);
    double golden = (1 + Math.sqrt(5)) / 2;
    double half = Math.sqrt(5) / 2 - 2 * Math.log(golden);
    assertEquals(-2.5 + half, folds.lowerEnds(), 1e-12);
    assertEquals(-2.5 - half, folds.upperEnds(), 1e-12);
    assertEquals(-2.344389661369312, folds.lowerEnds(), 1e-12);
    assertEquals(-2.655610338630688, folds.upperEnds(), 1e-12);
    assertEquals(0.7236067977499790, Folds.upperState(5), 1e-15);
    assertEquals(0.2763932022500210, Folds.lowerState(5), 1e-15);
  }

  @Test
  void foldsAreFoundWithoutTheClosedForm() {
    for (double w : new double[] {4.2, 5, 6, 10}) {
      Folds exact = Folds.of(w);
      Folds found = Folds.locate(w, -w, 0);
      assertEquals(exact.lowerEnds(), found.lowerEnds(), 1e-10, "w = " + w);
      assertEquals(exact.upperEnds(), found.upperEnds(), 1e-10, "w = " + w);
    }
  }

  @Test
  void foldsMeetInACusp() {
    Folds folds = Folds.of(4 + 1e-9);
    assertEquals(-2, folds.lowerEnds(), 1e-8);
    assertEquals(-2, folds.upperEnds(), 1e-8);
    assertThrows(IllegalArgumentException.class, () -> Folds.of(4));
    for (double b = -4; b <= 0; b += 0.01) {
      assertEquals(1, new OneNeuron(4, b).equilibria().size());
    }
  }

  @Test
  void equilibria() {
    assertEquilibria(-2.0, .9357657611);
    assertEquilibria(-2.3, .9004525004);
    assertEquilibria(-2.4, .1900067944, .3933472598, .8816720708);
    assertEquilibria(-2.5, .1447941083, .5, .8552058917);
    assertEquilibria(-2.6, .1183279292, .6066527402, .8099932056);
    assertEquilibria(-2.7, .0995474996);
    assertEquilibria(-3, .0642342389);
    // What is left just beyond a fold; its state has been given to ten digits.
    assertEquals(.8927897203, BISTABLE.withBias(-2.34438966).highest().x(), 2e-10);
    assertEquals(.1072102796, BISTABLE.withBias(-2.65561034).lowest().x(), 2e-10);
    // A state a little off an end of the other branch leaves for the one that remains.
    assertEquals(1, BISTABLE.withBias(-2.34438966).equilibria().size());
  }

  private static void assertEquilibria(double b, double... expected) {
    List<OneNeuron.Equilibrium> found = new OneNeuron(5, b).equilibria();
    assertEquals(expected.length, found.size(), "b = " + b);
    for (int i = 0; i < expected.length; i++) {
      double x = found.get(i).x();
      assertEquals(expected[i], x, 1e-10);
      assertEquals(i != 1, found.get(i).stable());
      assertEquals(b, Folds.bias(5, x), 1e-13);
    }
  }

  @Test
  void hysteresis() {
    HysteresisLoop loop = HysteresisLoop.sweep(BISTABLE, -3, -2, 1000, 4000);
    assertEquals(-2.345, loop.jumpUp()[0], 1e-12);
    assertEquals(-2.344, loop.jumpUp()[1], 1e-12);
    assertEquals(-2.656, loop.jumpDown()[0], 1e-12);
    assertEquals(-2.655, loop.jumpDown()[1], 1e-12);
    assertEquals(0.21538, loop.area(), 5e-6);
    assertThrows(
        IllegalArgumentException.class, () -> HysteresisLoop.sweep(BISTABLE, -2, -3, 10, 1));
  }

  @Test
  void remembersOneBit() {
    double low = BISTABLE.lowest().x();
    double high = BISTABLE.highest().x();
    double set = BISTABLE.after(10, low, 0.6);
    double held = BISTABLE.after(1_000_000, set, 0);
    assertEquals(high, held, 1e-14);
    assertEquals(low, BISTABLE.after(1_000_000, BISTABLE.after(10, held, -0.6), 0), 1e-14);
  }

  @Test
  void aWeakPulseIsForgotten() {
    // The pulse is added to the net input, which is a bias for ten steps.
    double low = BISTABLE.lowest().x();
    double high = BISTABLE.highest().x();
    assertEquals(.942973, pulse(low, 0.6), 5e-7);
    double nudged = pulse(low, 0.2);
    assertEquals(.278, nudged, 5e-4);
    assertEquals(low, BISTABLE.after(1000, nudged, 0), 1e-14);
    assertEquals(high, BISTABLE.after(1000, pulse(high, -0.2), 0), 1e-14);
    assertEquals(high, BISTABLE.after(1000, pulse(low, 0.3), 0), 1e-14);
    assertEquals(low, BISTABLE.after(1000, pulse(high, -0.3), 0), 1e-14);
  }

  private static double pulse(double x, double height) {
    return BISTABLE.withBias(BISTABLE.b() + height).after(10, x, 0);
  }

  @Test
  void gradientsVanishWhereItRemembers() {
    OneNeuron.Equilibrium high = BISTABLE.highest();
    assertEquals(0.619144, high.multiplier(), 5e-7);
    assertEquals(0.325133, BISTABLE.sensitivity(high), 5e-7);
    int steps = 100;
    SequenceGradient.Bptt gradient = gradient(BISTABLE, high.x(), steps);
    Approx.relative(StrictMath.pow(high.multiplier(), steps), gradient.states()[0][0], 1e-11);
    // dx_T/db approaches the shift of the equilibrium.
    Approx.relative(BISTABLE.sensitivity(high), gradient.parameters()[1], 1e-12);
  }

  @Test
  void gradientsExplodeOnTheSeparatrix() {
    int[] lengths = {10, 20, 50};
    double[] byBias = {8.313225746154785, 85.73617379884035, 70063.92321624086};
    for (int i = 0; i < lengths.length; i++) {
      SequenceGradient.Bptt gradient = gradient(BISTABLE, 0.5, lengths[i]);
      Approx.relative(StrictMath.pow(1.25, lengths[i]), gradient.states()[0][0], 1e-12);
      Approx.relative(byBias[i], gradient.parameters()[1], 1e-12);
    }
    SequenceGradient.Bptt leaky = gradient(new OneNeuron(5, -2.5, 0.1), 0.5, 100);
    Approx.relative(10.813716351062, leaky.parameters()[1], 1e-12);
  }

  private static SequenceGradient.Bptt gradient(OneNeuron neuron, double x, int steps) {
    Trajectory path = Trajectory.run(neuron, new double[] {x}, new double[steps][1]);
    SequenceLoss state =
        new SequenceLoss() {
          @Override
          public double value(int t, double[] x) {
            return x[0];
          }

          @Override
          public void gradient(int t, double[] x, double[] dx) {
            dx[0] = 1;
          }
        };
    return SequenceGradient.bptt(path, state.onlyAt(steps));
  }

  @Test
  void theOdeIsTheLimitOfSmallLeaks() {
    double time = 10;
    double[] atSeparatrix = BISTABLE.flow(0.5, 0, time, 4000);
    assertEquals(0.5, atSeparatrix[0], 1e-13);
    Approx.relative(StrictMath.exp(time / 4), atSeparatrix[1], 1e-10);
    Approx.relative(StrictMath.expm1(time / 4), atSeparatrix[2], 1e-10);
    // Elsewhere: the map's error falls with eps.
    double exact = BISTABLE.flow(0.6, 0, time, 4000)[0];
    double coarse = Math.abs(new OneNeuron(5, -2.5, 0.01).after(1000, 0.6, 0) - exact);
    double fine = Math.abs(new OneNeuron(5, -2.5, 0.001).after(10_000, 0.6, 0) - exact);
    assertEquals(10, coarse / fine, 0.5);
    // Both settle where the map without a leak does.
    assertEquals(BISTABLE.highest().x(), BISTABLE.flow(0.6, 0, 200, 20_000)[0], 1e-12);
  }

  @Test
  void jacobiansAreThoseOfTheMap() {
    OneNeuron neuron = new OneNeuron(3, -1, 0.3);
    double h = 1e-6;
    double x = 0.4;
    double u = 0.2;
    assertEquals(
        (neuron.next(x + h, u) - neuron.next(x - h, u)) / (2 * h), neuron.multiplier(x), 1e-9);
    double[] byTheta = neuron.parameterJacobian(new double[] {x}, new double[] {u}).toArray();
    assertEquals(
        (new OneNeuron(3 + h, -1, 0.3).next(x, u) - new OneNeuron(3 - h, -1, 0.3).next(x, u))
            / (2 * h),
        byTheta[0],
        1e-9);
    assertEquals(
        (neuron.withBias(-1 + h).next(x, u) - neuron.withBias(-1 - h).next(x, u)) / (2 * h),
        byTheta[1],
        1e-9);
  }

  @Test
  void stabilityOfAFlip() {
    // Without a leak a strongly negative weight makes the equilibrium flip; a leak repairs that.
    assertFalse(new OneNeuron(-8, 4).lowest().stable());
    assertTrue(new OneNeuron(-8, 4, 0.5).lowest().stable());
    assertThrows(IllegalArgumentException.class, () -> new OneNeuron(5, 0, 0));
  }
}
