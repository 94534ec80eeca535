package dev.unroll.testing.example;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import org.junit.jupiter.api.Test;

class ElmanStepTest {

  /** The kernel under test: one step of a recurrent layer, h = tanh(W x + R h + b). */
  static float[] step(float[] w, float[] r, float[] b, float[] x, float[] h) {
    float[] next = new float[h.length];
    for (int i = 0; i < h.length; i++) {
      float z = b[i];
      for (int p = 0; p < x.length; p++) {
        z = Math.fma(w[i * x.length + p], x[p], z);
      }
      for (int p = 0; p < h.length; p++) {
        z = Math.fma(r[i * h.length + p], h[p], z);
      }
      next[i] = (float) Math.tanh(z);
    }
    return next;
  }

  @Test
  void aStepIsAsGoodAsItsRoundings() {
    float[] w = Fill.MODERATE.array(5 * 3, 1);
    float[] r = Fill.MODERATE.array(5 * 5, 2);
    float[] b = Fill.MODERATE.array(5, 3);
    float[] x = Fill.MODERATE.array(3, 4);
    float[] h = Fill.MODERATE.array(5, 5);
    // Sums and products that are rounded once, a tanh within 1 ULP.
    ErrorModel model = ErrorModel.ofFloat(1, 1);
    CellOutputs<Bounded> exact =
        new ReferenceElman(3, 5, ReferenceActivation.TANH)
            .forward(
                model,
                new CellWeights<>(
                    Tensor.of(model, w, 5, 3),
                    Tensor.of(model, r, 5, 5),
                    Tensor.of(model, b, 5),
                    Tensor.zeros(model, 5)),
                new CellInputs<>(
                    Tensor.of(model, x, 1, 1, 3), Tensor.of(model, h, 1, 5), Tensor.none()));
    FloatAssert.assertWithin(step(w, r, b, x, h), 0, exact.hn(), Reproducer.of("Elman step"));
  }
}
