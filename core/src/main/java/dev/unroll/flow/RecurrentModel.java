package dev.unroll.flow;

/**
 * A recurrent model {@code x_t = F(x_{t-1}, u_t, theta)} with its two derivatives: all that
 * back-propagation through time needs to know.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, equation 1.
 */
public interface RecurrentModel {

  /** The length of x. */
  int stateSize();

  /** The length of u; 0 for a model without input. */
  int inputSize();

  /** The length of theta; 0 for a model without parameters. */
  int parameterSize();

  /**
   * F.
   *
   * @param x the state before, not changed
   * @param u the input, not changed
   * @param next the state after, overwritten; not the same array as x
   */
  void next(double[] x, double[] u, double[] next);

  /** D_x F at a state and an input, stateSize x stateSize; does not change later. */
  LinearOperator stateJacobian(double[] x, double[] u);

  /**
   * D_theta F at a state and an input, the state before being constant: the immediate partial
   * derivative, stateSize x parameterSize; does not change later.
   */
  LinearOperator parameterJacobian(double[] x, double[] u);
}
