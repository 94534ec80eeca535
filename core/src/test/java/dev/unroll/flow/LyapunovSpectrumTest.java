package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.attractor.KnownMap;
import dev.unroll.flow.attractor.OneNeuron;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class LyapunovSpectrumTest {

  @Test
  void aFixedMatrixHasTheLogarithmsOfItsEigenvalues() {
    // Triangular, so the eigenvalues are on its diagonal; not normal.
    LinearOperator a = LinearOperator.dense(3, 3, new double[] {1.5, 2, -1, 0, -0.7, 3, 0, 0, 0.2});
    int steps = 20_000;
    LyapunovSpectrum spectrum = new LyapunovSpectrum(3);
    for (int t = 0; t < steps; t++) {
      spectrum.step(a);
    }
    double[] expected = {Math.log(1.5), Math.log(0.7), Math.log(0.2)};
    assertArrayEquals(expected, spectrum.exponents(), 2e-4);
    // Once the directions have settled there is nothing left but rounding.
    spectrum.forget();
    assertEquals(0, spectrum.steps());
    for (int t = 0; t < steps; t++) {
      spectrum.step(a);
    }
    assertArrayEquals(expected, spectrum.exponents(), 1e-13);
  }

  @Test
  void henon() {
    Trajectory path = Trajectory.run(KnownMap.HENON, new double[] {0.1, 0.1}, 200_000);
    double[] exponents = LyapunovSpectrum.of(path, 1000);
    assertEquals(0.4192, exponents[0], 2e-3);
    assertEquals(-1.6233, exponents[1], 2e-3);
    assertEquals(Math.log(0.3), exponents[0] + exponents[1], 1e-13);
    // Kaplan and Yorke: 1.26 in the literature.
    assertEquals(1.258, LyapunovSpectrum.kaplanYorkeDimension(exponents), 2e-3);
    assertEquals(exponents[0], LyapunovSpectrum.entropyBound(exponents), 0);
  }

  @Test
  void logisticMap() {
    LyapunovSpectrum spectrum = new LyapunovSpectrum(1);
    double[] x = {0.3};
    for (int t = 0; t < 1_000_000; t++) {
      spectrum.step(KnownMap.LOGISTIC.stateJacobian(x, x));
      double[] next = new double[1];
      KnownMap.LOGISTIC.next(x, x, next);
      x = next;
    }
    // ln |x'| has a heavy tail towards 0, but its mean over 10^6 steps is this close.
    assertEquals(Math.log(2), spectrum.exponents()[0], 1e-4);
  }

  @Test
  void productsOfGaussianMatrices() {
    double[] expected = {
      -.06508835,
      -.14156886,
      -.23175501,
      -.34156886,
      -.48175501,
      -.67490219,
      -.98175501,
      -1.67490219
    };
    assertArrayEquals(expected, LyapunovSpectrum.newman(8, 1), 1e-8);
    assertEquals(expected[2] + Math.log(3), LyapunovSpectrum.newman(8, 3)[2], 1e-8);
    Random random = new Random(1);
    LyapunovSpectrum spectrum = new LyapunovSpectrum(8);
    for (int t = 0; t < 40_000; t++) {
      spectrum.step(LinearOperator.dense(8, 8, Approx.normal(random, 64, 1 / Math.sqrt(8))));
    }
    assertArrayEquals(expected, spectrum.exponents(), 0.02);
  }

  @Test
  void oneNeuronAtRest() {
    OneNeuron neuron = new OneNeuron(5, -2.5);
    Trajectory path =
        Trajectory.run(neuron, new double[] {neuron.highest().x()}, new double[1000][1]);
    assertEquals(Math.log(neuron.highest().multiplier()), LyapunovSpectrum.of(path, 0)[0], 1e-12);
    assertEquals(-0.479418, LyapunovSpectrum.of(path, 0)[0], 5e-7);
  }

  @Test
  void exponentsSumToTheLogarithmOfTheDeterminant() {
    RecurrentNetwork network =
        Approx.network(RecurrentNetwork.Form.POST, Nonlinearity.TANH, 2, 1, 2, 5);
    Trajectory path = Approx.trajectory(network, 500, 6);
    double sum = 0;
    for (int t = 1; t <= 500; t++) {
      double[] j = path.stateJacobian(t).toArray();
      sum += Math.log(Math.abs(j[0] * j[3] - j[1] * j[2]));
    }
    double[] exponents = LyapunovSpectrum.of(path, 0);
    assertEquals(sum / 500, exponents[0] + exponents[1], 1e-11);
  }

  @Test
  void aLostDirectionIsMinusInfinityAndTheRestGoesOn() {
    LinearOperator rankOne = LinearOperator.dense(2, 2, new double[] {2, 0, 0, 0});
    LyapunovSpectrum spectrum = new LyapunovSpectrum(2);
    for (int t = 0; t < 100; t++) {
      spectrum.step(rankOne);
    }
    assertEquals(Math.log(2), spectrum.exponents()[0], 0.02);
    assertEquals(Double.NEGATIVE_INFINITY, spectrum.exponents()[1], 0);
  }

  @Test
  void fewerDirectionsGiveTheLargestExponents() {
    LinearOperator a = LinearOperator.dense(3, 3, new double[] {2, 1, 0, 0, 0.5, 1, 0, 0, 3});
    LyapunovSpectrum spectrum = new LyapunovSpectrum(3, 2);
    for (int t = 0; t < 200; t++) {
      spectrum.step(a);
    }
    spectrum.forget();
    for (int t = 0; t < 200; t++) {
      spectrum.step(a);
    }
    assertArrayEquals(new double[] {Math.log(3), Math.log(2)}, spectrum.exponents(), 1e-12);
  }

  @Test
  void dimensions() {
    assertEquals(0, LyapunovSpectrum.kaplanYorkeDimension(-1, -2), 0);
    assertEquals(2, LyapunovSpectrum.kaplanYorkeDimension(1, 0.5), 0);
    assertEquals(2.5, LyapunovSpectrum.kaplanYorkeDimension(1, 0, -2), 0);
    assertEquals(1.5, LyapunovSpectrum.entropyBound(1, 0.5, -3), 0);
  }

  @Test
  void refusesWhatIsNoStep() {
    LyapunovSpectrum spectrum = new LyapunovSpectrum(2);
    assertThrows(
        IllegalArgumentException.class,
        () -> spectrum.step(LinearOperator.dense(1, 1, new double[1])));
    assertThrows(
        IllegalArgumentException.class,
        () -> spectrum.step(LinearOperator.dense(2, 2, new double[] {1, Double.NaN, 0, 1})));
    assertThrows(IllegalArgumentException.class, () -> new LyapunovSpectrum(2, 3));
    assertTrue(Double.isNaN(new LyapunovSpectrum(1).exponents()[0]));
  }
}
