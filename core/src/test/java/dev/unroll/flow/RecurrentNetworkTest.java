package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.RecurrentNetwork.Form;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("once")
class RecurrentNetworkTest {

  private static final double H = 1e-6;

  @ParameterizedTest
  @EnumSource
  void jacobiansAreThoseOfTheMap(Form form) {
    for (Nonlinearity s : Nonlinearity.values()) {
      RecurrentNetwork network = Approx.network(form, s, 4, 3, 1.2, 7);
      Random random = new Random(8);
      double[] x = Approx.normal(random, 4, 1);
      double[] u = Approx.normal(random, 3, 1);
      double[] byState = network.stateJacobian(x, u).toArray();
      for (int j = 0; j < 4; j++) {
        double[] difference = difference(network, network, moved(x, j, H), moved(x, j, -H), u);
        for (int i = 0; i < 4; i++) {
          assertEquals(difference[i], byState[i * 4 + j], 1e-7, s + " by state " + j);
        }
      }
      double[] theta = network.parameters();
      double[] byTheta = network.parameterJacobian(x, u).toArray();
      for (int p = 0; p < theta.length; p++) {
        double[] difference =
            difference(
                network.with(moved(theta, p, H)), network.with(moved(theta, p, -H)), x, x, u);
        for (int i = 0; i < 4; i++) {
          assertEquals(difference[i], byTheta[i * theta.length + p], 1e-7, s + " by theta " + p);
        }
      }
    }
  }

  @Test
  void theTwoFormsAreOneSystem() {
    int steps = 60;
    for (Nonlinearity s : new Nonlinearity[] {Nonlinearity.LOGISTIC, Nonlinearity.TANH}) {
      RecurrentNetwork pre = Approx.network(Form.PRE, s, 12, 2, 1.5, 3);
      Trajectory x = Approx.trajectory(pre, steps, 4);
      Trajectory y = Trajectory.run(pre.conjugate(), pre.output(x.states()[0]), x.inputs());
      for (int t = 0; t <= steps; t++) {
        double[] out = pre.output(x.states()[t]);
        for (int i = 0; i < out.length; i++) {
          // The same operations in the same order: the same bits.
          assertEquals(out[i], y.states()[t][i], 0);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void transposedProductsAreAdjoint(Form form) {
    RecurrentNetwork network = Approx.network(form, Nonlinearity.TANH, 9, 4, 1.3, 1);
    Trajectory path = Approx.trajectory(network, 5, 2);
    for (LinearOperator a :
        new LinearOperator[] {
          path.stateJacobian(3), path.parameterJacobian(3), path.jacobians(0, 5)
        }) {
      Random random = new Random(5);
      double[] v = Approx.normal(random, a.columns(), 1);
      double[] u = Approx.normal(random, a.rows(), 1);
      double[] av = new double[a.rows()];
      double[] atu = new double[a.columns()];
      a.apply(v, av);
      a.applyTransposed(u, atu);
      double scale = Vectors.norm(u) * Vectors.norm(av) + Vectors.norm(atu) * Vectors.norm(v);
      assertEquals(Vectors.dot(u, av), Vectors.dot(atu, v), 1e-13 * scale);
    }
  }

  @Test
  void parametersRoundTrip() {
    RecurrentNetwork network = Approx.network(Form.PRE, Nonlinearity.TANH, 3, 2, 1, 1);
    assertEquals(3 * 3 + 3 * 2 + 3, network.parameterSize());
    Approx.relative(network.parameters(), network.with(network.parameters()).parameters(), 0);
  }

  @Test
  void refusesSizesThatDoNotFit() {
    double[] four = new double[4];
    assertNamed("wRec", () -> network(new double[3], four, new double[2]));
    assertNamed("wIn", () -> network(four, new double[3], new double[2]));
    assertNamed("b", () -> network(four, four, new double[0]));
    RecurrentNetwork network = network(four, four, new double[2]);
    assertNamed("theta", () -> network.with(new double[1]));
    assertNamed("x0", () -> Trajectory.run(network, new double[3], new double[1][2]));
    assertNamed("inputs[0]", () -> Trajectory.run(network, new double[2], new double[1][1]));
    Trajectory path = Trajectory.run(network, new double[2], new double[3][2]);
    assertNamed("k", () -> path.jacobians(2, 2));
    assertNamed("t", () -> path.jacobians(0, 4));
  }

  private static RecurrentNetwork network(double[] wRec, double[] wIn, double[] b) {
    return new RecurrentNetwork(Form.PRE, Nonlinearity.TANH, wRec, wIn, b);
  }

  private static void assertNamed(String name, Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.contains(name), message);
  }

  private static double[] difference(
      RecurrentNetwork up, RecurrentNetwork down, double[] xUp, double[] xDown, double[] u) {
    double[] high = new double[up.stateSize()];
    double[] low = new double[up.stateSize()];
    up.next(xUp, u, high);
    down.next(xDown, u, low);
    for (int i = 0; i < high.length; i++) {
      high[i] = (high[i] - low[i]) / (2 * H);
    }
    return high;
  }

  private static double[] moved(double[] x, int i, double by) {
    double[] moved = x.clone();
    moved[i] += by;
    return moved;
  }
}
