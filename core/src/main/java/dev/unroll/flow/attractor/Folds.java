package dev.unroll.flow.attractor;

import dev.unroll.flow.Nonlinearity;

/**
 * Where the one neuron's attractors are born and end.
 *
 * <p><b>Formula.</b> For w above 4, {@code x = (1 -+ sqrt(1 - 4/w)) / 2} and {@code b = ln(x / (1 -
 * x)) - w x}: for b between the two values there are two attractors. At w = 4 both folds meet in a
 * cusp, x = 1/2, b = -2; below there is none.
 *
 * <p><b>Accuracy.</b> A few roundings. {@link #locate} finds the same from the map alone.
 *
 * @param lowerEnds the bias at which the lower attractor ends; above it only the upper one is left
 * @param upperEnds the bias at which the upper attractor ends; below it only the lower one is left
 */
public record Folds(double lowerEnds, double upperEnds) {

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** In closed form; w above 4. */
  public static Folds of(double w) {
    return new Folds(bias(w, lowerState(w)), bias(w, upperState(w)));
  }

  /** The smaller x of the two folds. */
  public static double lowerState(double w) {
    check(w);
    // 1/w over the other root: no cancellation for a large w.
    return 1 / (w * upperState(w));
  }

  /** The larger x of the two folds. */
  public static double upperState(double w) {
    check(w);
    return (1 + Math.sqrt(1 - 4 / w)) / 2;
  }

  /** The bias at which x is an equilibrium: {@code ln(x / (1 - x)) - w x}. */
  public static double bias(double w, double x) {
    return StrictMath.log(x / (1 - x)) - w * x;
  }

  /**
   * The folds found from the map alone, without the closed form: by bisection on the bias, looking
   * whether {@code s(w x + b) - x} still reaches 0 on the side of each attractor.
   *
   * @param from a bias below both folds
   * @param to a bias above both folds
   */
  public static Folds locate(double w, double from, double to) {
    check(w);
    return new Folds(locate(w, from, to, true), locate(w, from, to, false));
  }

  private static double locate(double w, double from, double to, boolean lower) {
    double low = from;
    double high = to;
    for (int i = 0; i < 60; i++) {
      double b = (low + high) / 2;
      // The lower attractor is there as long as the excess dips below 0 where s is convex; the
      // upper one as soon as it rises above 0 where s is concave.
      boolean below = lower ? extreme(w, b, true) < 0 : extreme(w, b, false) < 0;
      if (below) {
        low = b;
      } else {
        high = b;
      }
    }
    return (low + high) / 2;
  }

  /** The least excess left of the inflection, or the greatest one right of it. */
  private static double extreme(double w, double b, boolean least) {
    double inflection = -b / w;
    double low = least ? 0 : inflection;
    double high = least ? inflection : 1;
    double sign = least ? 1 : -1;
    while (high - low > 1e-9) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (sign * excess(w, b, left) < sign * excess(w, b, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return excess(w, b, (low + high) / 2);
  }

  private static double excess(double w, double b, double x) {
    return Nonlinearity.LOGISTIC.value(w * x + b) - x;
  }

  private static void check(double w) {
    if (!(w > 4)) {
      throw new IllegalArgumentException("w is " + w + ", must be above 4: there is no fold below");
    }
  }
}
