package dev.unroll.flow;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A model's states over a sequence of inputs, and the Jacobians along it.
 *
 * @param model what moved
 * @param inputs u_1 to u_T; {@code inputs[t - 1]} is u_t
 * @param states x_0 to x_T; {@code states[t]} is x_t
 */
public record Trajectory(RecurrentModel model, double[][] inputs, double[][] states) {

  /** Runs a model from x_0 over the inputs; copies x_0. */
  public static Trajectory run(RecurrentModel model, double[] x0, double[][] inputs) {
    if (x0.length != model.stateSize()) {
      throw new IllegalArgumentException(
          "x0 has " + x0.length + " elements, must have " + model.stateSize());
    }
    double[][] states = new double[inputs.length + 1][];
    states[0] = x0.clone();
    for (int t = 1; t <= inputs.length; t++) {
      if (inputs[t - 1].length != model.inputSize()) {
        throw new IllegalArgumentException(
            "inputs["
                + (t - 1)
                + "] has "
                + inputs[t - 1].length
                + " elements, must have "
                + model.inputSize());
      }
      states[t] = new double[model.stateSize()];
      model.next(states[t - 1], inputs[t - 1], states[t]);
    }
    return new Trajectory(model, inputs, states);
  }

  /** Runs a model that has no input. */
  public static Trajectory run(RecurrentModel model, double[] x0, int steps) {
    return run(model, x0, new double[steps][0]);
  }

  /** T. */
  public int steps() {
    return inputs.length;
  }

  /** x_T. */
  public double[] last() {
    return states[steps()];
  }

  /** dx_t/dx_{t-1}, for t from 1 to T. */
  public LinearOperator stateJacobian(int t) {
    return model.stateJacobian(states[t - 1], inputs[t - 1]);
  }

  /** The immediate partial derivative of x_t by theta, for t from 1 to T. */
  public LinearOperator parameterJacobian(int t) {
    return model.parameterJacobian(states[t - 1], inputs[t - 1]);
  }

  /** dx_t/dx_k for 0 <= k < t <= T. */
  public JacobianProduct jacobians(int k, int t) {
    if (k < 0 || k >= t || t > steps()) {
      throw new IllegalArgumentException(
          "k is " + k + " and t is " + t + ", must be 0 <= k < t <= " + steps());
    }
    List<LinearOperator> factors =
        IntStream.rangeClosed(k + 1, t).mapToObj(this::stateJacobian).toList();
    return new JacobianProduct(factors);
  }
}
