package dev.unroll.flow;

/**
 * What can be said about a gradient over many steps from the weights alone.
 *
 * <p><b>Formula.</b> With {@code gamma >= |s'|} and sigma the largest singular value of W_rec,
 * {@code |dx_t/dx_k| <= (gamma sigma)^(t-k)}. So sigma below 1/gamma is sufficient for vanishing
 * gradients, and sigma above 1/gamma is necessary for exploding ones.
 *
 * <p>The condition needs the singular value. The first versions of the paper, and many accounts
 * since, state it with the largest eigenvalue; for a matrix that is not normal that is wrong, even
 * for an eigenvalue 0: see {@link Counterexamples#nilpotent()}. Only without a nonlinearity, where
 * the Jacobian is a power of one matrix, does the spectral radius decide in the end, and even then
 * the gradient may grow for a while: {@link Counterexamples#DEFECTIVE}.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, section 2.1; the bounds for single units
 * are S. Hochreiter's, 1991, as in S. Hochreiter et al., "Gradient flow in recurrent nets", 2001.
 */
public final class GradientBounds {

  private GradientBounds() {}

  /** (gamma sigma)^lag, the bound of |dx_t/dx_{t-lag}|. */
  public static double jacobianNorm(double gamma, double sigma, int lag) {
    return StrictMath.pow(gamma * sigma, lag);
  }

  /** Whether gradients must vanish: sigma below 1/gamma. */
  public static boolean mustVanish(double gamma, double sigma) {
    return gamma * sigma < 1;
  }

  /** Whether gradients may explode: sigma above 1/gamma. */
  public static boolean mayExplode(double gamma, double sigma) {
    return gamma * sigma > 1;
  }

  /**
   * {@code n (n w / 4)^lag} for n logistic units whose weights are at most w: the bound of a single
   * unit's influence on another, lag + 1 steps later at most.
   */
  public static double unitInfluence(int n, double largestWeight, int lag) {
    return n * StrictMath.pow(n * largestWeight / 4, lag);
  }

  /** The local error flow {@code |s'(w a) w|} through one logistic unit with one input a. */
  public static double localFlow(double w, double a) {
    return Math.abs(Nonlinearity.LOGISTIC.derivative(w * a) * w);
  }

  /**
   * The weight with the largest local error flow: {@code w = coth(net / 2) / a} at its own net = w
   * a, beyond which a larger weight saturates the unit and the flow falls again.
   *
   * @param a the input, not 0
   */
  public static double strongestWeight(double a) {
    if (!(a != 0 && Double.isFinite(a))) {
      throw new IllegalArgumentException("a is " + a + ", must be finite and not 0");
    }
    // net tanh(net / 2) = 1, by bisection: increasing on the bracket.
    double low = 1;
    double high = 2;
    for (int i = 0; i < 60; i++) {
      double net = (low + high) / 2;
      if (net * StrictMath.tanh(net / 2) < 1) {
        low = net;
      } else {
        high = net;
      }
    }
    return (low + high) / 2 / a;
  }
}
