package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.RecurrentNetwork.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("once")
class OmegaTest {

  @ParameterizedTest
  @EnumSource
  void gradientIsThatOfTheValue(Omega.Form form) {
    int rows = 12;
    int n = 5;
    Random random = new Random(1);
    double[] dh = Approx.normal(random, rows * n, 1);
    double[] dz = Approx.normal(random, rows * n, 0.7);
    double[] r = Approx.normal(random, n * n, 0.5);
    // One row below the floor.
    Arrays.fill(dh, 0, n, 1e-11);
    Omega omega = new Omega(form);
    double[] gradient = new double[n * n];
    double[] ignored = new double[n * n];
    omega.withGradient(rows, n, dh, dz, r, gradient);
    double h = 1e-5;
    for (int i = 0; i < r.length; i++) {
      double kept = r[i];
      r[i] = kept + h;
      double up = omega.withGradient(rows, n, dh, dz, r, ignored);
      r[i] = kept - h;
      double down = omega.withGradient(rows, n, dh, dz, r, ignored);
      r[i] = kept;
      // A quartic or smoother function: the central difference is off by h^2 times its third
      // derivative, and by a few roundings over h.
      assertEquals((up - down) / (2 * h), gradient[i], 1e-8, "element " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTheSameFromJacobians(Omega.Form form) {
    RecurrentNetwork network = Approx.network(Form.POST, Nonlinearity.TANH, 6, 2, 1.4, 3);
    Trajectory path = Approx.trajectory(network, 9, 4);
    SequenceLoss loss = Approx.loss(9, 6, 5);
    SequenceGradient.Bptt gradient = SequenceGradient.bptt(path, loss);
    double fromTrajectory = new Omega(form).of(path, gradient);
    // By hand: h_t = tanh(z), rows dz = dh (1 - h^2), R transposed to rows of row vectors.
    double[] dh = new double[9 * 6];
    double[] dz = new double[9 * 6];
    for (int t = 1; t <= 9; t++) {
      for (int i = 0; i < 6; i++) {
        double h = path.states()[t][i];
        dh[(t - 1) * 6 + i] = gradient.states()[t][i];
        dz[(t - 1) * 6 + i] = gradient.states()[t][i] * (1 - h * h);
      }
    }
    double[] r = new double[36];
    double[] wRec = network.recurrentWeights().toArray();
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        r[i * 6 + j] = wRec[j * 6 + i];
      }
    }
    double byRows = new Omega(form).withGradient(9, 6, dh, dz, r, new double[36]);
    Approx.relative(byRows, fromTrajectory, 1e-12);
    assertTrue(byRows > 0);
  }

  @Test
  void theTwoFormsDiffer() {
    LinearOperator half = LinearOperator.dense(1, 1, new double[] {0.5});
    List<LinearOperator> jacobians = List.of(half, half);
    double[][] signals = {{1}, {3}};
    assertEquals(0.25, new Omega(Omega.Form.NORMS).of(jacobians, signals), 0);
    assertEquals(0.5625, new Omega(Omega.Form.SQUARED_NORMS).of(jacobians, signals), 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Omega(Omega.Form.NORMS).of(jacobians, new double[1][1]));
  }

  @Test
  void signalsBelowTheFloorDoNotCount() {
    LinearOperator half = LinearOperator.dense(1, 1, new double[] {0.5});
    double[][] signals = {{1}, {1e-11}};
    assertEquals(0.25, new Omega(Omega.Form.NORMS).of(List.of(half, half), signals), 0);
    double[][] none = {{0}};
    assertEquals(0, new Omega(Omega.Form.NORMS).of(List.of(half), none), 0);
  }
}
