package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.train.Initializers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jacobians and norms from the production kernels. */
class CellJacobianTest {

  private static final int STEPS = 3;

  private static final List<CellSpec> SPECS =
      List.of(CellSpec.lstm(2, 5), CellSpec.gru(2, 6), CellSpec.elman(2, 4));

  private static WeightSet weights(CellSpec spec) {
    WeightSet weights = WeightSet.zeros(spec);
    Initializers.recurrent(Initializers.seeded(7), weights);
    return weights;
  }

  @Test
  void columnsAreDifferencesOfStates() {
    float[] x = {0.3f, -0.2f, 0.5f, 0.1f, -0.7f, 0.4f};
    for (CellSpec spec : SPECS) {
      WeightSet weights = weights(spec);
      CellJacobian jacobian = new CellJacobian(weights);
      int out = spec.outputSize();
      float[] h = new float[out];
      float @Nullable [] c = spec.hasCell() ? new float[spec.hiddenSize()] : null;
      double[] matrix = jacobian.through(STEPS, x, h, c).toArray();
      // A step of 1/64 errs by its square times a third derivative, and by f32 states over it.
      float step = 1 / 64f;
      for (int j = 0; j < jacobian.size(); j++) {
        double[] up = state(weights, x, j, step);
        double[] down = state(weights, x, j, -step);
        for (int i = 0; i < jacobian.size(); i++) {
          double slope = (up[i] - down[i]) / (2 * step);
          assertEquals(slope, matrix[i * jacobian.size() + j], 3e-4, spec + " " + i + " " + j);
        }
      }
      assertEquals(state(weights, x, 0, 0)[0], h[0], 0.0);
    }
  }

  private static double[] state(WeightSet weights, float[] x, int moved, float by) {
    CellSpec spec = weights.spec();
    int out = spec.outputSize();
    float[] h = new float[out];
    float @Nullable [] c = spec.hasCell() ? new float[spec.hiddenSize()] : null;
    if (moved < out) {
      h[moved] = by;
    } else if (c != null) {
      c[moved - out] = by;
    }
    Cell.of(PackedCell.pack(weights))
        .forward(SequenceLayout.TIME_MAJOR, STEPS, 1, x, new float[STEPS * out], h, c);
    double[] state = new double[out + (c == null ? 0 : c.length)];
    Arrays.setAll(state, i -> i < out ? h[i] : c == null ? 0 : c[i - out]);
    return state;
  }

  @Test
  void theProductOfTheStepsIsTheWhole() {
    float[] x = {0.3f, -0.2f, 0.5f, 0.1f, -0.7f, 0.4f};
    for (CellSpec spec : SPECS) {
      CellJacobian jacobian = new CellJacobian(weights(spec));
      float[] h = new float[spec.outputSize()];
      float @Nullable [] c = spec.hasCell() ? new float[spec.hiddenSize()] : null;
      double[] whole =
          jacobian.through(STEPS, x, h.clone(), c == null ? null : c.clone()).toArray();
      double[] product = new JacobianProduct(jacobian.steps(STEPS, x, h, c)).toArray();
      for (int i = 0; i < whole.length; i++) {
        // Entries are below 1; both take some tens of f32 operations.
        assertEquals(product[i], whole[i], 64 * 0x1p-24, spec.toString());
      }
    }
  }

  @Test
  void normsAreRecordedByStepAndLag() {
    CellSpec spec = CellSpec.lstm(2, 5);
    GradientNorms norms = new GradientNorms(STEPS);
    CellTrainer trainer = CellTrainer.of(spec).probe(norms);
    trainer.load(weights(spec));
    float[] x = {0.3f, -0.2f, 0.5f, 0.1f, -0.7f, 0.4f};
    float[] dh = {1, 0, 0, 0, 0};
    trainer.forward(
        SequenceLayout.TIME_MAJOR, STEPS, 1, x, new float[STEPS * 5], new float[5], new float[5]);
    trainer.backward(x, 0, null, 0, dh, 0, new float[5], 0, null, 0, WeightSet.zeros(spec), false);
    assertEquals(1, norms.state(STEPS - 1), 0.0);
    assertEquals(0, norms.cell(STEPS - 1), 0.0);
    for (int t = 0; t < STEPS; t++) {
      assertEquals(norms.states()[t], norms.state(t), 0.0);
      assertEquals(true, norms.state(t) > 0 && norms.input(t) > 0);
    }
    // Before the first step h is 0, so the largest lag gives nothing to dR.
    assertEquals(0, norms.recurrent(STEPS - 1), 0.0);
    norms.clear();
    assertEquals(0, norms.state(0), 0.0);
  }

  /** Rows of a batch draw masks of their own: they would be rows of different Jacobians. */
  @Test
  void aCellWithMasksIsRefused() {
    WeightSet weights = WeightSet.zeros(CellSpec.gru(2, 3).withZoneout(0.1f, 0));
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> new CellJacobian(weights));
    assertTrue(String.valueOf(thrown.getMessage()).contains("without zoneout"));
  }
}
