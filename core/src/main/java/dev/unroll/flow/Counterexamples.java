package dev.unroll.flow;

/**
 * Small systems for which the spectral radius of the weights says nothing about the gradient.
 *
 * <p>Source: the nilpotent network is the counterexample of a Lean formalisation of section 2 of
 * arXiv 1211.5063; the two-unit matrix is the one of note 3 of Wikipedia's "Vanishing gradient
 * problem".
 */
public final class Counterexamples {

  /** {{1/2, 10}, {0, 1/2}}: spectral radius 1/2, yet its powers grow before they shrink. */
  public static final LinearOperator DEFECTIVE =
      LinearOperator.dense(2, 2, new double[] {0.5, 10, 0, 0.5});

  private Counterexamples() {}

  /**
   * A network and where it rests.
   *
   * @param network without input
   * @param state a fixed point
   */
  public record AtRest(RecurrentNetwork network, double[] state) {

    /** dx_t/dx_{t-lag} at the fixed point. */
    public JacobianProduct jacobians(int lag) {
      return Trajectory.run(network, state, lag).jacobians(0, lag);
    }
  }

  /**
   * A tanh network of two units whose recurrent weights {{8, 8}, {-8, -8}} are nilpotent: all
   * eigenvalues are 0, and still its gradient doubles with each step: {@code |dx_t/dx_{t-l}| =
   * 2^(l-1) 10 sqrt(2)} at the fixed point (0, artanh(1/2)).
   */
  public static AtRest nilpotent() {
    // artanh(1/2) = ln(3) / 2, and tanh of it is 1/2.
    double[] state = {0, StrictMath.log(3) / 2};
    double[] b = {-4, state[1] + 4};
    return new AtRest(
        new RecurrentNetwork(
            RecurrentNetwork.Form.PRE,
            Nonlinearity.TANH,
            new double[] {8, 8, -8, -8},
            new double[0],
            b),
        state);
  }

  /**
   * Two units with W = {{0, 2}, {e, 0}} and slopes c: spectral radius sqrt(2 e), above 1 for e >
   * 1/2, but {@code (W D)^(2n) = (2 e c^2)^n I} shrinks for a small enough c.
   *
   * @param e the weak connection
   * @param c the slope of both units at their states, 0 < c < 1
   */
  public static LinearOperator scaledSwap(double e, double c) {
    return LinearOperator.dense(2, 2, new double[] {0, 2 * c, e * c, 0});
  }
}
