package dev.unroll.flow.attractor;

import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.RecurrentModel;

/** Chaotic maps whose Lyapunov exponents are known: what a spectrum is checked with. */
public enum KnownMap implements RecurrentModel {
  /**
   * Henon's map, {@code (x, y) -> (1 - 1.4 x^2 + y, 0.3 x)}. Exponents .4192 and -1.6231 (numerical
   * literature); their sum is ln 0.3 exactly, since |det J| = 0.3 everywhere.
   */
  HENON(2) {
    @Override
    public void next(double[] x, double[] u, double[] next) {
      next[0] = 1 - 1.4 * x[0] * x[0] + x[1];
      next[1] = 0.3 * x[0];
    }

    @Override
    public LinearOperator stateJacobian(double[] x, double[] u) {
      return LinearOperator.dense(2, 2, new double[] {-2.8 * x[0], 1, 0.3, 0});
    }
  },
  /** The logistic map at its most chaotic, {@code x -> 4 x (1 - x)}. Its exponent is ln 2. */
  LOGISTIC(1) {
    @Override
    public void next(double[] x, double[] u, double[] next) {
      next[0] = 4 * x[0] * (1 - x[0]);
    }

    @Override
    public LinearOperator stateJacobian(double[] x, double[] u) {
      return LinearOperator.dense(1, 1, new double[] {4 - 8 * x[0]});
    }
  };

  private final int size;

  KnownMap(int size) {
    this.size = size;
  }

  @Override
  public int stateSize() {
    return size;
  }

  @Override
  public int inputSize() {
    return 0;
  }

  @Override
  public int parameterSize() {
    return 0;
  }

  @Override
  public LinearOperator parameterJacobian(double[] x, double[] u) {
    return LinearOperator.dense(size, 0, new double[0]);
  }
}
