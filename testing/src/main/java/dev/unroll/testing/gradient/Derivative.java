package dev.unroll.testing.gradient;

import java.util.function.DoubleUnaryOperator;

/**
 * A derivative found by central differences, and how well it is known.
 *
 * <p>With {@code D(h) = (f(h) - f(-h)) / 2h} and the gap between the slopes on either side, {@code
 * G(h) = (f(h) - 2 f(0) + f(-h)) / h}, at step sizes from 1/16 down by factors of 8:
 *
 * <pre>
 *   value = (4 D(h/4) - D(h/2)) / 3
 *   error = |value - (4 D(h/2) - D(h)) / 3| + |2 G(h/4) - G(h/2)| / 2 + 6 noise / h
 * </pre>
 *
 * <p>and the step size with the least error counts. The first part is what the last extrapolation
 * changed. The last part is what the rounding errors of f, which are measured, can do to the value.
 * The second part is what is left of the gap at h = 0, half the jump of the derivative: a central
 * difference at a kink gives the mean of both slopes at every step size, and nothing in it looks
 * wrong. Where f is smooth that part is of order h^3.
 *
 * <p>A kink beside the point spoils the steps that reach it and no others, so the least error comes
 * from a smaller step; the derivative is then said to be {@link Kind#REAIMED}. Functions whose
 * scale is far from 1 are for the caller to scale.
 *
 * <p>Source: L. F. Richardson's extrapolation; C. Ridders, "Accurate computation of F'(x) and
 * F'(x)F''(x)", Advances in Engineering Software 4(2), 1982, for taking the least error of a table;
 * J. Moré and S. Wild, "Estimating computational noise", SIAM Journal on Scientific Computing
 * 33(3), 2011.
 *
 * @param value the derivative; at a kink the mean of the slopes
 * @param error how far it may be from the truth, an estimate
 * @param kind what was found around the point
 */
public record Derivative(double value, double error, Kind kind) {

  private static final double LARGEST_STEP = 0x1p-4;
  private static final int SIZES = 6;

  /** A jump below this share of the slopes is none that could be told from rounding. */
  private static final double VISIBLE = 0x1p-20;

  /** So near that what is not linear in f is far below its rounding errors. */
  private static final double NEAR = 0x1p-36;

  private static final int NEIGHBOURS = 7;

  /** What lies around the point. */
  public enum Kind {
    /** No kink within any step. */
    SMOOTH,
    /** A kink within the larger steps: the derivative is that of the smooth piece. */
    REAIMED,
    /** A kink at the point, or nearer than any step: there is no derivative. */
    KINK
  }

  /** The differences at one step size. */
  private record At(double value, double change, double jump, double slope, double noise) {

    static At step(DoubleUnaryOperator f, double middle, double h, double noise) {
      double[] right = new double[3];
      double[] left = new double[3];
      for (int halvings = 0; halvings < 3; halvings++) {
        double step = Math.scalb(h, -halvings);
        right[halvings] = (f.applyAsDouble(step) - middle) / step;
        left[halvings] = (middle - f.applyAsDouble(-step)) / step;
      }
      double coarse = (right[0] + left[0]) / 2;
      double half = (right[1] + left[1]) / 2;
      double fine = (right[2] + left[2]) / 2;
      double value = (4 * fine - half) / 3;
      double change = Math.abs(value - (4 * half - coarse) / 3);
      double jump = Math.abs(2 * (right[2] - left[2]) - (right[1] - left[1]));
      double slope = Math.abs(left[2]) + Math.abs(right[2]);
      // D(h/4) is off by 4 noise / h, D(h/2) by half of it; four thirds and one third of them.
      return new At(value, change, jump, slope, 6 * noise / h);
    }

    double error() {
      return change + jump / 2 + noise;
    }

    /** Whether there is more than rounding and truncation leave. */
    boolean isVisible(double part) {
      return part > VISIBLE * slope && part > noise;
    }

    /** Whether the slopes on both sides stay apart, at this step size as at a larger one. */
    boolean hasJump(At larger) {
      return isVisible(jump) && jump > larger.jump / 64;
    }

    /**
     * Whether a kink reached the steps of this size: what the size below says fits no power of h.
     */
    boolean reachesKink(At smaller) {
      double ratio = error() / smaller.error();
      return isVisible(error()) && (ratio < 8 || ratio > 0x1p16);
    }
  }

  /**
   * How far values of f are off at random, from its differences of order k = 2 to 6 between near
   * points: those of independent errors are sqrt(binomial(2k, k)) times as large as the errors. At
   * least half an ulp.
   */
  private static double noise(DoubleUnaryOperator f) {
    double[] differences = new double[NEIGHBOURS];
    for (int i = 0; i < NEIGHBOURS; i++) {
      differences[i] = f.applyAsDouble((i - NEIGHBOURS / 2) * NEAR);
    }
    double noise = Math.ulp(differences[NEIGHBOURS / 2]) / 2;
    double binomial = 1;
    for (int order = 1; order < NEIGHBOURS; order++) {
      binomial *= (4.0 * order - 2) / order;
      for (int i = 0; i + order < NEIGHBOURS; i++) {
        differences[i] = differences[i + 1] - differences[i];
        if (order > 1) {
          noise = Math.max(noise, Math.abs(differences[i]) / Math.sqrt(binomial));
        }
      }
    }
    return noise;
  }

  /** The derivative of f at 0. */
  public static Derivative of(DoubleUnaryOperator f) {
    double noise = noise(f);
    double middle = f.applyAsDouble(0);
    At[] sizes = new At[SIZES];
    double h = LARGEST_STEP;
    int best = 0;
    for (int size = 0; size < SIZES; size++) {
      sizes[size] = At.step(f, middle, h, noise);
      if (!(sizes[size].error() >= sizes[best].error())) {
        best = size;
      }
      h /= 8;
    }
    At at = sizes[best];
    if (at.hasJump(sizes[Math.max(0, best - 1)])) {
      return new Derivative(at.value, at.error(), Kind.KINK);
    }
    boolean reached = false;
    for (int size = 0; size < best; size++) {
      reached |= sizes[size].reachesKink(sizes[size + 1]);
    }
    return new Derivative(at.value, at.error(), reached ? Kind.REAIMED : Kind.SMOOTH);
  }
}
