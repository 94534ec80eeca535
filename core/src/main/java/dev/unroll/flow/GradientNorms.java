package dev.unroll.flow;

import dev.unroll.cell.BackwardProbe;
import java.util.Arrays;

/**
 * Records how large the gradient is at each step on its way back, and how much each lag gives to
 * the gradients of the weights: a probe for one cell, that is, one layer and direction.
 *
 * <p><b>Formula.</b> Over the rows n of the batch, and over all backward calls since the last
 * {@link #clear}:
 *
 * <pre>
 *   state(t)      = sqrt(sum_n |dL/dh_{t,n}|^2)           cell(t) likewise, of dL/dc
 *   input(lag)    = sqrt(sum_n |dz_{t,n} x_{t,n}^T|_F^2)  with t = T_n - 1 - lag
 *   recurrent(lag) likewise, of dz_{t,n} h_{t-1,n}^T
 * </pre>
 *
 * <p>The contributions of the rows are not added before the norm is taken: rows of different
 * lengths have different lags at one step, and what cancels between rows has not vanished.
 *
 * <p><b>Accuracy.</b> Squares of the rows in f32 in one fixed order, their sums in double: the same
 * bits on every machine and for any number of threads.
 *
 * <p><b>Allocation.</b> None after the constructor.
 *
 * <p>Source: the temporal components of R. Pascanu, T. Mikolov, Y. Bengio, arXiv:1211.5063, eq. 3
 * to 5.
 */
public final class GradientNorms implements BackwardProbe {

  private final double[] states;
  private final double[] cells;
  private final double[] inputs;
  private final double[] recurrents;

  /**
   * Room for sequences of so many steps.
   *
   * @throws IllegalArgumentException when {@code steps} is negative
   */
  public GradientNorms(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps is " + steps + ", must not be negative");
    }
    states = new double[steps];
    cells = new double[steps];
    inputs = new double[steps];
    recurrents = new double[steps];
  }

  /** Forgets what has been recorded. */
  public void clear() {
    Arrays.fill(states, 0);
    Arrays.fill(cells, 0);
    Arrays.fill(inputs, 0);
    Arrays.fill(recurrents, 0);
  }

  /**
   * Called by the backward pass.
   *
   * @throws IllegalArgumentException when there is no room for the step
   */
  @Override
  public void step(int step, Squares squares) {
    if (step >= states.length) {
      throw new IllegalArgumentException(
          "step is " + step + ", must be below " + states.length + ", the steps of this record");
    }
    double state = 0;
    double cell = 0;
    for (int i = 0; i < squares.rows(); i++) {
      state += squares.dh(i);
      cell += squares.dc(i);
      inputs[squares.lag(i)] += squares.dW(i);
      recurrents[squares.lag(i)] += squares.dR(i);
    }
    states[step] += state;
    cells[step] += cell;
  }

  /** The steps that have room. */
  public int steps() {
    return states.length;
  }

  /** The norm of dL/dh after step {@code t}. */
  public double state(int t) {
    return Math.sqrt(states[t]);
  }

  /** The norm of dL/dc after step {@code t}; 0 for a kind without cells. */
  public double cell(int t) {
    return Math.sqrt(cells[t]);
  }

  /** What the steps {@code lag} before the last ones give to dW. */
  public double input(int lag) {
    return Math.sqrt(inputs[lag]);
  }

  /** What they give to dR. */
  public double recurrent(int lag) {
    return Math.sqrt(recurrents[lag]);
  }

  /** {@link #state} of all steps; a copy. */
  public double[] states() {
    return Arrays.stream(states).map(Math::sqrt).toArray();
  }

  /** {@link #recurrent} of all lags; a copy. */
  public double[] recurrents() {
    return Arrays.stream(recurrents).map(Math::sqrt).toArray();
  }
}
