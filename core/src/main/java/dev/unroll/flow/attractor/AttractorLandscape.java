package dev.unroll.flow.attractor;

import dev.unroll.flow.Nonlinearity;

/**
 * The error of a one neuron that ought to end at a target: {@code L(w, b) = (target - x_T)^2}, x_T
 * the state of {@link OneNeuron} after T steps from x_0, without input.
 *
 * <p>With w = 5, x_0 = 1/2 and a target of 0.855 this is the landscape of Wikipedia's "Vanishing
 * gradient problem": as b falls to -2.5, L falls to nearly 0, then x_0 crosses the separatrix and L
 * jumps to (0.855 - 0.145)^2 = 0.504. The gradient in between is large, and points away.
 *
 * @param target where x_T ought to be
 * @param start x_0
 * @param eps the neuron's leak
 * @param steps T
 */
public record AttractorLandscape(double target, double start, double eps, int steps)
    implements Landscape {

  /** The article's constants. */
  public static AttractorLandscape article(int steps) {
    return new AttractorLandscape(0.855, 0.5, 1, steps);
  }

  @Override
  public Point at(double w, double b) {
    OneNeuron neuron = new OneNeuron(w, b, eps);
    double x = start;
    double dw = 0;
    double db = 0;
    for (int t = 0; t < steps; t++) {
      double multiplier = neuron.multiplier(x);
      double slope = eps * Nonlinearity.LOGISTIC.derivative(w * x + b);
      dw = multiplier * dw + slope * x;
      db = multiplier * db + slope;
      x = neuron.next(x, 0);
    }
    double miss = x - target;
    return new Point(miss * miss, 2 * miss * dw, 2 * miss * db, x);
  }
}
