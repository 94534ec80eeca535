package dev.unroll.flow.attractor;

import dev.unroll.flow.Nonlinearity;

/**
 * The error landscape with a wall: {@code E(w, b) = (s(x_T) - target)^2} for {@code x_t = w
 * s(x_{t-1}) + b}.
 *
 * <p><b>Formula.</b> The wall stands where x_0 is the unstable fixed point: {@code b = x_0 - w
 * s(x_0)}, for w above 1/s'(x_0). There, with {@code m = w s'(x_0)},
 *
 * <pre>
 *   dx_T/db = (m^T - 1) / (m - 1)        dx_T/dw = s(x_0) (m^T - 1) / (m - 1)
 * </pre>
 *
 * <p>The error at the foot of the wall is small on one side and large on the other; the gradient
 * grows exponentially with T. E vanishes along {@code b = ln(target / (1 - target)) - w target} for
 * T to infinity, as long as that fixed point is stable, {@code w < 1 / (target (1 - target))}.
 *
 * <p><b>Accuracy.</b> Double precision; gradients by forward sensitivities, which on the wall lose
 * what the recurrence itself amplifies: about m^T roundings.
 *
 * <p>Source: figure 6 and equation 8 of R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013.
 *
 * @param start x_0
 * @param target where s(x_T) ought to be
 * @param steps T
 */
public record WallLandscape(double start, double target, int steps) implements Landscape {

  private static final Nonlinearity S = Nonlinearity.LOGISTIC;

  /** The paper's constants: x_0 = 0.5, target 0.7, T = 50. */
  public static WallLandscape paper() {
    return new WallLandscape(0.5, 0.7, 50);
  }

  @Override
  public Point at(double w, double b) {
    double x = start;
    double dw = 0;
    double db = 0;
    for (int t = 0; t < steps; t++) {
      double s = S.value(x);
      double multiplier = w * S.derivative(x);
      dw = multiplier * dw + s;
      db = multiplier * db + 1;
      x = w * s + b;
    }
    double miss = S.value(x) - target;
    double outer = 2 * miss * S.derivative(x);
    return new Point(miss * miss, outer * dw, outer * db, x);
  }

  /** Where the wall begins: 1 / s'(x_0). */
  public double wallBegins() {
    return 1 / S.derivative(start);
  }

  /**
   * The bias of the wall.
   *
   * @throws IllegalArgumentException when there is no wall at w
   */
  public double wall(double w) {
    if (!(w > wallBegins())) {
      throw new IllegalArgumentException(
          "w is " + w + ", must be above " + wallBegins() + ", where the wall begins");
    }
    return start - w * S.value(start);
  }

  /** m = w s'(x_0), by which differences grow in each step on the wall. */
  public double wallMultiplier(double w) {
    return w * S.derivative(start);
  }

  /** dx_T/db on the wall, in closed form. */
  public double wallSensitivity(double w) {
    double m = wallMultiplier(w);
    return (StrictMath.pow(m, steps) - 1) / (m - 1);
  }

  /** |grad E| on the wall, in closed form; x_T is x_0 there. */
  public double wallSlope(double w) {
    double s = S.value(start);
    double outer = 2 * Math.abs(s - target) * S.derivative(start);
    return outer * wallSensitivity(w) * Math.hypot(1, s);
  }

  /** The bias at which the error of the limit vanishes. */
  public double zeroError(double w) {
    return StrictMath.log(target / (1 - target)) - w * target;
  }
}
