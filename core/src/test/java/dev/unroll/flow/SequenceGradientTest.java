package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.RecurrentNetwork.Form;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("once")
class SequenceGradientTest {

  private static final int STEPS = 25;

  @ParameterizedTest
  @EnumSource
  void threeWaysAgree(Form form) {
    for (Nonlinearity s : Nonlinearity.values()) {
      // Bounded trajectories: a gain above 1 would explode without a squashing s.
      RecurrentNetwork network = Approx.network(form, s, 7, 3, 0.9, 11);
      Trajectory path = Approx.trajectory(network, STEPS, 12);
      SequenceLoss loss = Approx.loss(STEPS, 7, 13);
      double[] bptt = SequenceGradient.bptt(path, loss).parameters();
      Approx.relative(bptt, SequenceGradient.temporalComponents(path, loss).sum(), 1e-12);
      Approx.relative(bptt, SequenceGradient.rtrl(path, loss), 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientIsThatOfTheLoss(Form form) {
    RecurrentNetwork network = Approx.network(form, Nonlinearity.TANH, 5, 2, 1.1, 21);
    Trajectory path = Approx.trajectory(network, STEPS, 22);
    SequenceLoss loss = Approx.loss(STEPS, 5, 23);
    SequenceGradient.Bptt gradient = SequenceGradient.bptt(path, loss);
    double[] theta = network.parameters();
    double h = 1e-6;
    for (int p = 0; p < theta.length; p++) {
      double numeric =
          (loss.total(moved(network, path, theta, p, h))
                  - loss.total(moved(network, path, theta, p, -h)))
              / (2 * h);
      assertEquals(
          numeric, gradient.parameters()[p], 1e-7 * Math.max(1, Math.abs(numeric)), "theta " + p);
    }
    double[] x0 = path.states()[0];
    for (int i = 0; i < x0.length; i++) {
      double kept = x0[i];
      x0[i] = kept + h;
      double up = loss.total(Trajectory.run(network, x0, path.inputs()));
      x0[i] = kept - h;
      double down = loss.total(Trajectory.run(network, x0, path.inputs()));
      x0[i] = kept;
      double numeric = (up - down) / (2 * h);
      assertEquals(
          numeric, gradient.states()[0][i], 1e-7 * Math.max(1, Math.abs(numeric)), "x0 " + i);
    }
  }

  private static Trajectory moved(
      RecurrentNetwork network, Trajectory path, double[] theta, int p, double by) {
    double[] moved = theta.clone();
    moved[p] += by;
    return Trajectory.run(network.with(moved), path.states()[0], path.inputs());
  }

  @Test
  void longTermComponentsVanishAtTheBoundsRate() {
    RecurrentNetwork network = Approx.network(Form.PRE, Nonlinearity.LOGISTIC, 20, 2, 1, 31);
    Trajectory path = Approx.trajectory(network, STEPS, 32);
    SequenceLoss last = Approx.loss(STEPS, 20, 33).onlyAt(STEPS);
    double[] norms = SequenceGradient.temporalComponents(path, last).norms();
    double[] states = SequenceGradient.bptt(path, last).norms();
    double sigma = OperatorNorm.of(network.recurrentWeights());
    assertTrue(GradientBounds.mustVanish(0.25, sigma));
    for (int lag = 1; lag <= STEPS; lag++) {
      double bound = GradientBounds.jacobianNorm(0.25, sigma, lag);
      assertTrue(states[STEPS - lag] <= bound * states[STEPS]);
    }
    assertTrue(norms[STEPS - 1] < 1e-8 * norms[0], norms[STEPS - 1] + " after " + norms[0]);
  }

  @Test
  void aLossAtTheEndHasItsGradientThereAlone() {
    RecurrentNetwork network = Approx.network(Form.POST, Nonlinearity.TANH, 3, 1, 1, 41);
    Trajectory path = Approx.trajectory(network, 4, 42);
    SequenceLoss all = Approx.loss(4, 3, 43);
    SequenceLoss last = all.onlyAt(4);
    assertEquals(all.value(4, path.last()), last.total(path), 0);
    // Sums over later steps end where the loss is.
    double[][] components = SequenceGradient.temporalComponents(path, last).byLag();
    assertEquals(4, components.length);
  }
}
