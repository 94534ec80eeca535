package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

/** What the tests of gradient flow share. */
public final class Approx {

  private Approx() {}

  /** Equal up to a share of the larger one. */
  public static void relative(double expected, double actual, double tolerance) {
    assertEquals(expected, actual, tolerance * Math.max(Math.abs(expected), Math.abs(actual)));
  }

  /** Equal up to a share of the longer vector. */
  public static void relative(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    double[] difference = new double[expected.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = expected[i] - actual[i];
    }
    double scale = Math.max(Vectors.norm(expected), Vectors.norm(actual));
    assertEquals(0, Vectors.norm(difference), tolerance * scale);
  }

  /** Normal numbers with a standard deviation. */
  public static double[] normal(Random random, int length, double deviation) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = deviation * random.nextGaussian();
    }
    return values;
  }

  /** A network with Gaussian weights. */
  static RecurrentNetwork network(
      RecurrentNetwork.Form form, Nonlinearity s, int hidden, int inputs, double gain, long seed) {
    Random random = new Random(seed);
    return new RecurrentNetwork(
        form,
        s,
        normal(random, hidden * hidden, gain / Math.sqrt(hidden)),
        normal(random, hidden * inputs, 1),
        normal(random, hidden, 0.5));
  }

  /** A trajectory under Gaussian inputs. */
  static Trajectory trajectory(RecurrentModel model, int steps, long seed) {
    Random random = new Random(seed);
    double[][] inputs = new double[steps][];
    for (int t = 0; t < steps; t++) {
      inputs[t] = normal(random, model.inputSize(), 1);
    }
    return Trajectory.run(model, normal(random, model.stateSize(), 1), inputs);
  }

  /** A loss with Gaussian targets at every step. */
  static SequenceLoss loss(int steps, int size, long seed) {
    Random random = new Random(seed);
    double[][] targets = new double[steps][];
    for (int t = 0; t < steps; t++) {
      targets[t] = normal(random, size, 1);
    }
    return SequenceLoss.squares(targets);
  }
}
