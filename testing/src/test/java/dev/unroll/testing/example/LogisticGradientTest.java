package dev.unroll.testing.example;

import dev.unroll.testing.gradient.GradientCheck;
import dev.unroll.testing.tolerance.Reproducer;
import org.junit.jupiter.api.Test;

class LogisticGradientTest {

  private static final float[][] X = {{0.5f, -1, 2}, {1.5f, 0.25f, -0.5f}, {-1, 1, 1}, {2, 0, 1}};
  private static final float[] LABEL = {1, 0, 1, 0};

  /** The kernel under test: the gradient of a logistic regression by its weights. */
  static float[] gradient(float[] w) {
    float[] dw = new float[w.length];
    for (int n = 0; n < X.length; n++) {
      float z = 0;
      for (int i = 0; i < w.length; i++) {
        z += w[i] * X[n][i];
      }
      float dz = 1 / (1 + (float) Math.exp(-z)) - LABEL[n];
      for (int i = 0; i < w.length; i++) {
        dw[i] += dz * X[n][i];
      }
    }
    return dw;
  }

  /** The loss that it is the gradient of, as the textbook has it. */
  static double loss(double[] w) {
    double loss = 0;
    for (int n = 0; n < X.length; n++) {
      double z = 0;
      for (int i = 0; i < w.length; i++) {
        z += w[i] * X[n][i];
      }
      loss += Math.log(1 + Math.exp(z)) - LABEL[n] * z;
    }
    return loss;
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    float[] w = {0.3f, -0.7f, 0.1f};
    // Roundings on the longest way: two for each of 3 terms of z, 5 for dz, two for each of 4 rows.
    GradientCheck.of(LogisticGradientTest::loss)
        .assertFloatGradient(w, gradient(w), 2 * 3 + 5 + 2 * 4, Reproducer.of("logistic"));
  }
}
