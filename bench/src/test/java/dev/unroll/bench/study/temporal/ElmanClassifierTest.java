package dev.unroll.bench.study.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.flow.task.TemporalOrder;
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
    float[][] gradients = network.gradients();
    float[][] kept = new float[gradients.length][];
    for (int p = 0; p < kept.length; p++) {
      kept[p] = gradients[p].clone();
    }
    for (int p = 0; p < kept.length; p++) {
      float[] values = network.parameters()[p];
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
