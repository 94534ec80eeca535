package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.RecurrentNetwork.Form;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class GradientBoundsTest {

  @Test
  void holdsOnAThousandRandomNetworks() {
    Random random = new Random(1);
    Nonlinearity[] functions = Nonlinearity.values();
    for (int trial = 0; trial < 1000; trial++) {
      int hidden = 1 + random.nextInt(8);
      Form form = random.nextBoolean() ? Form.PRE : Form.POST;
      Nonlinearity s = functions[random.nextInt(functions.length)];
      RecurrentNetwork network =
          Approx.network(form, s, hidden, 2, 2 * random.nextDouble(), random.nextLong());
      Trajectory path = Approx.trajectory(network, 8, random.nextLong());
      double sigma = SingularValues.of(network.recurrentWeights())[0];
      for (int lag = 1; lag <= 8; lag++) {
        double norm = SingularValues.of(path.jacobians(8 - lag, 8))[0];
        double bound = GradientBounds.jacobianNorm(s.gamma(), sigma, lag);
        assertTrue(norm <= bound * (1 + 1e-12), form + " " + s + " lag " + lag);
      }
    }
  }

  @Test
  void aLogisticNetworkBelowFourVanishes() {
    // 50 units with sigma_max = 3.6, so that gamma sigma_max = 0.9.
    Random random = new Random(2);
    double[] w = Approx.normal(random, 2500, 1);
    double scale = 3.6 / SingularValues.of(50, 50, w)[0];
    for (int i = 0; i < w.length; i++) {
      w[i] *= scale;
    }
    RecurrentNetwork network =
        new RecurrentNetwork(Form.PRE, Nonlinearity.LOGISTIC, w, new double[50], new double[50]);
    Trajectory path = Approx.trajectory(network, 40, 3);
    assertTrue(GradientBounds.mustVanish(0.25, 3.6));
    assertFalse(GradientBounds.mayExplode(0.25, 3.6));
    for (int lag = 1; lag <= 40; lag++) {
      double norm = OperatorNorm.of(path.jacobians(0, lag));
      assertTrue(norm <= StrictMath.pow(0.9, lag) * (1 + 1e-12), norm + " at lag " + lag);
      // Which is a long way off: the slopes of most units are well below their maximum.
      assertTrue(lag < 40 || norm < 1e-10, norm + " at lag " + lag);
    }
    assertEquals(1.478e-2, GradientBounds.jacobianNorm(0.25, 3.6, 40), 1e-5);
  }

  @Test
  void unitsInfluenceEachOtherLessThanTheUnitBound() {
    int n = 5;
    Random random = new Random(4);
    for (int trial = 0; trial < 100; trial++) {
      double[] w = new double[n * n];
      double largest = 0;
      for (int i = 0; i < w.length; i++) {
        w[i] = 2 * random.nextDouble() - 1;
        largest = Math.max(largest, Math.abs(w[i]));
      }
      RecurrentNetwork network =
          new RecurrentNetwork(Form.PRE, Nonlinearity.LOGISTIC, w, new double[n], new double[n]);
      Trajectory path = Approx.trajectory(network, 10, trial);
      for (int lag = 1; lag <= 10; lag++) {
        double bound = GradientBounds.unitInfluence(n, largest, lag);
        for (double influence : path.jacobians(10 - lag, 10).toArray()) {
          assertTrue(Math.abs(influence) <= bound);
        }
      }
    }
  }

  @Test
  void theStrongestWeightIsAMaximum() {
    for (double a : new double[] {1, 0.3, -0.7}) {
      double w = GradientBounds.strongestWeight(a);
      double flow = GradientBounds.localFlow(w, a);
      Approx.relative(w, 1 / StrictMath.tanh(w * a / 2) / a, 1e-14);
      assertTrue(flow >= GradientBounds.localFlow(w * 1.001, a));
      assertTrue(flow >= GradientBounds.localFlow(w * 0.999, a));
      assertTrue(GradientBounds.localFlow(1e4 * w, a) < 1e-100);
    }
    assertThrows(IllegalArgumentException.class, () -> GradientBounds.strongestWeight(0));
  }

  @Test
  void weightsBelowFourAlwaysShrink() {
    for (double w = 0; w < 4; w += 0.01) {
      for (double a = -3; a <= 3; a += 0.1) {
        assertTrue(GradientBounds.localFlow(w, a) < 1);
      }
    }
    assertEquals(1, GradientBounds.localFlow(4, 0), 0);
  }

  @Test
  void aNilpotentNetworkExplodes() {
    Counterexamples.AtRest example = Counterexamples.nilpotent();
    double[] state = example.state();
    Approx.relative(4.549306144334055, state[1] + 4, 1e-15);
    double[] next = new double[2];
    example.network().next(state, new double[0], next);
    Approx.relative(state, next, 1e-15);
    assertEquals(0, SpectralRadius.of(2, example.network().recurrentWeights().toArray()), 0);
    Approx.relative(16, OperatorNorm.of(example.network().recurrentWeights()), 1e-15);
    // The product along the trajectory at the fixed point: J^l = 2^(l-1) J.
    double[] jacobian = example.jacobians(1).toArray();
    Approx.relative(new double[] {8, 6, -8, -6}, jacobian, 1e-15);
    LinearOperator exact = LinearOperator.dense(2, 2, new double[] {8, 6, -8, -6});
    for (int lag = 1; lag <= 20; lag++) {
      double norm = OperatorNorm.of(power(exact, lag));
      Approx.relative(StrictMath.scalb(10 * Math.sqrt(2), lag - 1), norm, 1e-12);
    }
    Approx.relative(7414552.001894653, OperatorNorm.of(power(exact, 20)), 1e-12);
  }

  @Test
  void theTrajectoryOfTheNilpotentNetworkFollows() {
    // The fixed point is unstable, so a trajectory leaves it by what its rounding is doubled to:
    // about 2^20 times a few roundings after 20 steps.
    double norm = OperatorNorm.of(Counterexamples.nilpotent().jacobians(20));
    Approx.relative(7414552.001894653, norm, 1e-8);
  }

  @Test
  void aDefectiveMatrixGrowsBeforeItShrinks() {
    int[] powers = {1, 2, 3, 5, 10, 20};
    double[] expected = {10.0249, 10.0062, 7.5021, 3.1253, 0.195317, 3.81e-4};
    for (int i = 0; i < powers.length; i++) {
      double norm = OperatorNorm.of(power(Counterexamples.DEFECTIVE, powers[i]));
      // Half a unit in the last digit given.
      double digits = i == 5 ? 5e-7 : i == 4 ? 5e-7 : 5e-5;
      assertEquals(expected[i], norm, digits, "power " + powers[i]);
    }
    assertEquals(0.5, SpectralRadius.of(2, Counterexamples.DEFECTIVE.toArray()), 1e-9);
  }

  @Test
  void slopesDecideWhetherTheScaledSwapShrinks() {
    double[] shrinks = power(Counterexamples.scaledSwap(0.6, 0.9), 40).toArray();
    Approx.relative(new double[] {0.566663576739214, 0, 0, 0.566663576739214}, shrinks, 1e-12);
    double[] grows = power(Counterexamples.scaledSwap(0.6, 0.95), 40).toArray();
    Approx.relative(new double[] {4.926847643824391, 0, 0, 4.926847643824391}, grows, 1e-12);
    Approx.relative(Math.sqrt(1.2), SpectralRadius.of(2, new double[] {0, 2, 0.6, 0}), 1e-9);
  }

  private static JacobianProduct power(LinearOperator a, int n) {
    return new JacobianProduct(Collections.nCopies(n, a));
  }
}
