package dev.unroll.testing.gradient;

import dev.unroll.testing.gradient.Derivative.Kind;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Checks gradients of any function of many numbers: analytic ones in double precision against
 * central differences, and those that float code computes against the analytic ones.
 *
 * <p>No tolerance is chosen. In double it is the estimated error of each difference; in float it
 * follows from the condition of the gradient, which is measured: see {@link #floatBound}. Where the
 * function has a kink there is no derivative; such parameters are left out and reported, and a
 * check in which nothing is left fails.
 *
 * <p>Immutable. The functions must not keep or change the array that they are given.
 */
public final class GradientCheck {

  /**
   * A difference is an estimate with an estimated error: what is wrong is so by more than this
   * factor of it, and far more.
   */
  private static final double ESTIMATES = 8;

  private final ToDoubleFunction<double[]> loss;
  private final UnaryOperator<double[]> gradient;

  /**
   * What a check came across.
   *
   * @param checked parameters that were compared
   * @param reaimed those of them with a kink nearby, which took smaller steps
   * @param kinks parameters at a kink, which were not compared
   */
  public record Report(int checked, List<Integer> reaimed, List<Integer> kinks) {}

  private GradientCheck(ToDoubleFunction<double[]> loss, UnaryOperator<double[]> gradient) {
    this.loss = loss;
    this.gradient = gradient;
  }

  /** Of a function in double precision, whose gradient is taken by differences. */
  public static GradientCheck of(ToDoubleFunction<double[]> loss) {
    return new GradientCheck(
        loss,
        x -> {
          double[] gradient = new double[x.length];
          for (int i = 0; i < x.length; i++) {
            gradient[i] = partial(loss, x, i).value();
          }
          return gradient;
        });
  }

  /** The same function with its gradient in double precision: faster and more exact. */
  public GradientCheck withGradient(UnaryOperator<double[]> analytic) {
    return new GradientCheck(loss, analytic);
  }

  /** The derivative of a function by one parameter. */
  public static Derivative partial(ToDoubleFunction<double[]> f, double[] x, int parameter) {
    Objects.checkIndex(parameter, x.length);
    return Derivative.of(
        h -> {
          double[] moved = x.clone();
          moved[parameter] += h;
          return f.applyAsDouble(moved);
        });
  }

  /**
   * The derivative of a function in a direction, not divided by its length.
   *
   * @throws IllegalArgumentException if the direction is not as long as x
   */
  public static Derivative directional(
      ToDoubleFunction<double[]> f, double[] x, double[] direction) {
    if (direction.length != x.length) {
      throw new IllegalArgumentException(
          "direction has " + direction.length + " elements, x " + x.length);
    }
    return Derivative.of(
        h -> {
          double[] moved = x.clone();
          for (int i = 0; i < moved.length; i++) {
            moved[i] += h * direction[i];
          }
          return f.applyAsDouble(moved);
        });
  }

  /**
   * The gradient in double precision that was given is the derivative of the function at x, in each
   * parameter.
   *
   * @return what was compared
   */
  public Report assertGradient(double[] x, Reproducer where) {
    double[] got = gradient.apply(x.clone());
    if (got.length != x.length) {
      throw new AssertionError(
          "gradient has " + got.length + " elements, x " + x.length + "\n" + where.line());
    }
    List<Integer> reaimed = new ArrayList<>();
    List<Integer> kinks = new ArrayList<>();
    int wrong = 0;
    double most = 0;
    String worst = "";
    for (int i = 0; i < x.length; i++) {
      Derivative exact = partial(loss, x, i);
      if (exact.kind() == Kind.KINK) {
        kinks.add(i);
        continue;
      }
      if (exact.kind() == Kind.REAIMED) {
        reaimed.add(i);
      }
      double allowed = ESTIMATES * exact.error() + Math.ulp(exact.value());
      double excess = Math.abs(got[i] - exact.value()) / allowed;
      if (!(excess <= 1)) {
        wrong++;
        if (worst.isEmpty() || !(excess <= most)) {
          most = excess;
          worst =
              "parameter %d: got %s expected %s error %s, bound %s"
                  .formatted(i, got[i], exact.value(), Math.abs(got[i] - exact.value()), allowed);
        }
      }
    }
    if (wrong > 0) {
      throw new AssertionError(
          "assertGradient: %d of %d wrong; worst at %s%n%s"
              .formatted(wrong, x.length, worst, where.line()));
    }
    requireSomething(x.length, kinks, where);
    return new Report(x.length - kinks.size(), reaimed, kinks);
  }

  /**
   * The gradient that float code computed at x is within {@link #floatBound} of the gradient in
   * double precision, except by parameters at a kink.
   *
   * @param x the parameters that the code was run on
   * @param got its gradient
   * @param roundings on the longest way from a parameter through the loss to a gradient, like
   *     {@code 2 T (H + 3)} of a recurrent layer; errors that are better bounded by analysis are so
   *     with {@link dev.unroll.testing.tolerance.ErrorModel}
   * @return what was compared
   */
  public Report assertFloatGradient(float[] x, float[] got, int roundings, Reproducer where) {
    double[] wide = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      wide[i] = x[i];
    }
    double[] exact = gradient.apply(wide.clone());
    double[] bound = floatBound(wide, roundings);
    List<Integer> reaimed = new ArrayList<>();
    List<Integer> kinks = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      Kind kind = partial(loss, wide, i).kind();
      if (kind == Kind.KINK) {
        kinks.add(i);
        bound[i] = Double.POSITIVE_INFINITY;
      } else if (kind == Kind.REAIMED) {
        reaimed.add(i);
      }
    }
    FloatAssert.assertWithin(got, 0, exact, bound, x.length, where);
    requireSomething(x.length, kinks, where);
    return new Report(x.length - kinks.size(), reaimed, kinks);
  }

  /**
   * What the gradient of float code may be off in each parameter:
   *
   * <pre>
   *   gamma(roundings) (|g_i| + sum over j of |H_ij| |x_j|)
   * </pre>
   *
   * <p>with g the gradient and H its derivative, the Hessian, by differences of the gradient: what
   * a gradient changes by when each parameter is rounded that often. An implementation that stays
   * within it has computed nearly the right gradient of nearly the right parameters, which is the
   * most that can be asked of float; the sum is the condition of the task, and large where small
   * changes of x matter.
   */
  public double[] floatBound(double[] x, int roundings) {
    double[] g = gradient.apply(x.clone());
    double[] bound = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      bound[i] = Math.abs(g[i]);
    }
    for (int j = 0; j < x.length; j++) {
      if (x[j] == 0) {
        continue;
      }
      double h = Math.abs(x[j]) * Math.cbrt(Math.ulp(1.0));
      double[] right = moved(x, j, h);
      double[] left = moved(x, j, -h);
      for (int i = 0; i < x.length; i++) {
        bound[i] += Math.abs(right[i] - left[i]) / (2 * h) * Math.abs(x[j]);
      }
    }
    for (int i = 0; i < x.length; i++) {
      bound[i] = ErrorBounds.gamma(roundings) * bound[i] + roundings * ErrorBounds.ETA;
    }
    return bound;
  }

  private double[] moved(double[] x, int parameter, double h) {
    double[] moved = x.clone();
    moved[parameter] += h;
    return gradient.apply(moved);
  }

  private static void requireSomething(int length, List<Integer> kinks, Reproducer where) {
    if (length > 0 && kinks.size() == length) {
      throw new AssertionError(
          "all " + length + " parameters are at a kink: nothing was compared\n" + where.line());
    }
  }
}
