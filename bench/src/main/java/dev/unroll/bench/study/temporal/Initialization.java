package dev.unroll.bench.study.temporal;

import dev.unroll.flow.SpectralRadius;
import dev.unroll.kernel.Activation;
import java.util.Arrays;
import java.util.Random;

/**
 * The three ways to begin of R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013. What they write as a
 * variance is the standard deviation in their program. Biases begin at 0.
 */
public enum Initialization {
  /** Logistic units, all weights with standard deviation 0.01. */
  SIGMOID(Activation.SIGMOID, 0.01),
  /** Tanh units, all weights with standard deviation 0.1. */
  BASIC_TANH(Activation.TANH, 0.1),
  /**
   * Tanh units, standard deviation 0.01; 15 connections into each unit, scaled to a spectral radius
   * of 0.95.
   */
  SMART_TANH(Activation.TANH, 0.01);

  private static final int CONNECTIONS = 15;
  private static final double RADIUS = 0.95;

  private final Activation activation;
  private final double deviation;

  Initialization(Activation activation, double deviation) {
    this.activation = activation;
    this.deviation = deviation;
  }

  Activation activation() {
    return activation;
  }

  void fill(float[] weights, Random random) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (deviation * random.nextGaussian());
    }
  }

  /** R, [to][from]. */
  void fillRecurrent(float[] weights, int hidden, Random random) {
    if (this != SMART_TANH) {
      fill(weights, random);
      return;
    }
    double[] sparse = new double[hidden * hidden];
    int[] from = new int[hidden];
    Arrays.setAll(from, i -> i);
    for (int unit = 0; unit < hidden; unit++) {
      for (int k = 0; k < Math.min(CONNECTIONS, hidden); k++) {
        int pick = k + random.nextInt(hidden - k);
        int chosen = from[pick];
        from[pick] = from[k];
        from[k] = chosen;
        sparse[unit * hidden + chosen] = random.nextGaussian();
      }
    }
    double scale = RADIUS / SpectralRadius.of(hidden, sparse);
    for (int i = 0; i < sparse.length; i++) {
      weights[i] = (float) (scale * sparse[i]);
    }
  }
}
