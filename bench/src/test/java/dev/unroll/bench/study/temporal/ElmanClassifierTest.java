package dev.unroll.bench.study.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.flow.task.TemporalOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network that is trained, and that its training trains. */
class ElmanClassifierTest {

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfTheLoss(Initialization initialization) {
    ElmanClassifier network = new ElmanClassifier(TemporalOrder.ALPHABET, 8, 4, initialization, 3);
    SymbolBatch batch = new TemporalOrder(2, 4).next(10, 6);
    // Biases and weights of some size, so that nothing is hidden by a small factor.
    for (float[] part : network.parameters()) {
      for (int i = 0; i < part.length; i++) {
        part[i] += 0.05f * (i % 5 - 2);
      }
    }
    network.gradients(batch);
    List<float[]> gradients = network.gradients();
    float[][] kept = new float[gradients.size()][];
    for (int p = 0; p < kept.length; p++) {
      kept[p] = gradients.get(p).clone();
    }
    for (int p = 0; p < kept.length; p++) {
      float[] values = network.parameters().get(p);
      for (int i = 0; i < values.length; i += 3) {
        // Extrapolated, so that what is left of the curvature falls with h^4. The loss comes from
        // f32 states, so a difference is off by about 1e-6 / h.
        float h = 1 / 128f;
        double coarse = difference(network, batch, values, i, h);
        double fine = difference(network, batch, values, i, h / 2);
        assertEquals((4 * fine - coarse) / 3, kept[p][i], 5e-4, "parameter " + p + ", " + i);
      }
    }
  }

  private static double difference(
      ElmanClassifier network, SymbolBatch batch, float[] values, int i, float h) {
    float before = values[i];
    values[i] = before + h;
    double up = network.gradients(batch);
    values[i] = before - h;
    double down = network.gradients(batch);
    values[i] = before;
    return (up - down) / (2 * h);
  }

  /** The same operations by products alone: the same bits, but for the order of rows in a sum. */
  @ParameterizedTest
  @EnumSource
  void isWhatItSays(Initialization initialization) {
    int hidden = 50;
    int rows = 20;
    ElmanClassifier network =
        new ElmanClassifier(TemporalOrder.ALPHABET, hidden, 4, initialization, 3);
    boolean logistic = initialization == Initialization.SIGMOID;
    for (int length : new int[] {60, 10}) {
      SymbolBatch batch = new TemporalOrder(2, 4).next(length, rows);
      PlainElman plain =
          new PlainElman(TemporalOrder.ALPHABET, hidden, 4, logistic, network.parameters());
      assertEquals(plain.gradients(batch), network.gradients(batch), 0);
      int states = (length + 1) * rows * hidden;
      same(plain.stateGradients(), network.signals().dh(), states);
      same(plain.sumGradients(), network.signals().dz(), length * rows * hidden);
      List<float[]> gradients = network.gradients();
      // dV and dc are sums in the same order.
      same(PlainElman.transposed(hidden, 4, plain.gradients()[3]), gradients.get(3), 4 * hidden);
      same(plain.gradients()[4], gradients.get(4), 4);
      float[] dR = PlainElman.transposed(hidden, hidden, plain.gradients()[1]);
      double[] sizes = new double[hidden * hidden];
      outer(length * rows, hidden, plain.sumGradients(), plain.states(), sizes);
      for (int i = 0; i < sizes.length; i++) {
        // Two chains of k fma from 0: each within k u of the exact sum, by the sum of sizes.
        double bound = 2 * length * rows * 0x1p-24 * sizes[i];
        assertEquals(dR[i], gradients.get(1)[i], bound, "dR " + i);
      }
      double omega = plain.regularize(batch, 2);
      assertEquals(omega, network.regularize(2), 0);
    }
  }

  private static void same(float[] expected, float[] actual, int length) {
    for (int i = 0; i < length; i++) {
      // Of two zeros either may have a sign: the cell adds 0 for the inputs that are not there.
      assertEquals(expected[i] + 0f, actual[i] + 0f, 0, "element " + i);
    }
  }

  /** The sizes of all terms, [to][from]. */
  private static void outer(int rows, int n, float[] dz, float[] h, double[] sizes) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          sizes[i * n + j] += Math.abs((double) dz[row * n + i] * h[row * n + j]);
        }
      }
    }
  }

  @Test
  void plainDescentWithOmegaLearnsTheShortTask() {
    TrainingSettings settings = TrainingSettings.paper(10, 3000, 1).method(Method.REGULARIZED);
    TemporalOrderTraining.Outcome outcome = new TemporalOrderTraining(settings).run(check -> {});
    assertTrue(outcome.solved(), outcome.checks().toString());
    // The same seed gives the same bits.
    TemporalOrderTraining.Outcome again = new TemporalOrderTraining(settings).run(check -> {});
    assertEquals(outcome, again);
  }
}
