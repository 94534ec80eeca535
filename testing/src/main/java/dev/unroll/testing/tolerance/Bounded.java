package dev.unroll.testing.tolerance;

import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceActivations;

/**
 * A number, and how far an implementation may be from it.
 *
 * <p>With {@code d} for the error of an operand, {@code u} for the unit roundoff and {@code eta}
 * for the error of underflow:
 *
 * <pre>
 *   a b          D + u (|ab| + D) + eta              D = |a| db + |b| da + da db
 *   1 - z        dz + u (|1 - z| + dz)
 *   s(z)         L dz + ulps ulp(|s| + L dz)         L = max s' over [z - dz, z + dz]; L dz is at most
 *                                                    the range of s, 1 for sigmoid and 2 for tanh
 *   1 - y^2      D + u (|1 - y^2| + D) + eta         D = 2 |y| dy + dy^2
 *   y - y^2      D + u (|y - y^2| + D) + eta         D = |1 - 2y| dy + dy^2
 *   z a + (1 - z) b    |z| da + |1 - z| db + |a - b| dz + dz (da + db)
 *                      + gamma(3) (|z| (|a| + |b|) + |1 - z| |b|) + 4 eta
 *                                                    whether computed like this or as b + z (a - b)
 *   relu, clamp        da, or 0 where the error does not reach the kink
 *   their derivatives  0, or 1 where the error reaches the kink
 * </pre>
 *
 * <p>Factors of exactly 0, 1 and -1 cost no rounding. Sums: {@link BoundedSum}.
 *
 * @param value the number as the reference computes it
 * @param error largest error, in the same unit; infinite when nothing is known
 * @param model what operations cost
 */
public record Bounded(double value, double error, ErrorModel model) implements Real<Bounded> {

  /** An error that cannot be told is infinite. */
  public Bounded {
    error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** The error, and what stands for the reference's own errors. */
  public double bound() {
    return error * model.precision().slack;
  }

  /** Whether this number is known to be 0. */
  boolean isZero() {
    return value == 0 && error == 0;
  }

  /** Whether multiplying with this number rounds nothing. */
  boolean isUnit() {
    return Math.abs(value) == 1 && error == 0;
  }

  /** The most that the magnitude of an implementation's number can be. */
  double magnitude() {
    return Math.abs(value) + error;
  }

  /** The error that a product has from its factors. */
  static double inherited(Bounded a, Bounded b) {
    return Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error;
  }

  private Bounded with(double newValue, double newError) {
    return new Bounded(newValue, newError, model);
  }

  private Bounded rounded(double newValue, double inherited) {
    double u = model.precision().u;
    double eta = model.precision().eta;
    return with(newValue, inherited + u * (Math.abs(newValue) + inherited) + eta);
  }

  @Override
  public Bounded times(Bounded other) {
    if (isZero() || other.isZero()) {
      return with(0, 0);
    }
    double product = value * other.value;
    double inherited = inherited(this, other);
    return isUnit() || other.isUnit() ? with(product, inherited) : rounded(product, inherited);
  }

  @Override
  public Bounded oneMinus() {
    double u = model.precision().u;
    return with(1 - value, error + u * (Math.abs(1 - value) + error));
  }

  @Override
  public Bounded mix(Bounded a, Bounded b) {
    double rest = Math.abs(1 - value) + error;
    double inherited =
        Math.abs(value) * a.error
            + Math.abs(1 - value) * b.error
            + Math.abs(a.value - b.value) * error
            + error * (a.error + b.error);
    double terms = magnitude() * (a.magnitude() + b.magnitude()) + rest * b.magnitude();
    double rounding = model.precision().gamma(3) * terms + 4 * model.precision().eta;
    return with(value * a.value + (1 - value) * b.value, inherited + rounding);
  }

  @Override
  public Bounded sigmoid() {
    double nearest = Math.max(0, Math.abs(value) - error);
    double slope = ReferenceActivations.sigmoidGradFromInput(nearest);
    double inherited = Math.min(1, slope * error);
    return activated(ReferenceActivations.sigmoid(value), inherited, model.sigmoidUlps());
  }

  @Override
  public Bounded tanh() {
    double nearest = Math.max(0, Math.abs(value) - error);
    double slope = ReferenceActivations.tanhGradFromInput(nearest);
    double inherited = Math.min(2, slope * error);
    return activated(ReferenceActivations.tanh(value), inherited, model.tanhUlps());
  }

  private Bounded activated(double newValue, double inherited, double ulps) {
    double ulp = model.precision().ulp(Math.abs(newValue) + inherited);
    return with(newValue, inherited + ulps * ulp);
  }

  @Override
  public Bounded relu() {
    return value + error <= 0 ? with(0, 0) : with(Math.max(0, value), error);
  }

  @Override
  public Bounded sigmoidGradFromOutput() {
    double inherited = Math.abs(1 - 2 * value) * error + error * error;
    return gradient(ReferenceActivations.sigmoidGradFromOutput(value), inherited);
  }

  @Override
  public Bounded tanhGradFromOutput() {
    double inherited = 2 * Math.abs(value) * error + error * error;
    return gradient(ReferenceActivations.tanhGradFromOutput(value), inherited);
  }

  private Bounded gradient(double exact, double inherited) {
    Bounded once = rounded(exact, inherited);
    if (model.fused()) {
      return once;
    }
    double square = magnitude() * magnitude();
    return with(exact, once.error + model.precision().gamma(2) * (square + once.magnitude()));
  }

  @Override
  public Bounded reluGradFromOutput() {
    double exact = ReferenceActivations.reluGradFromOutput(value);
    boolean isSure = value > error || (value <= 0 && error == 0);
    return with(exact, isSure ? 0 : 1);
  }

  @Override
  public Bounded clamp(double limit) {
    double clamped = Math.max(-limit, Math.min(limit, value));
    return with(clamped, Math.abs(value) - error >= limit ? 0 : error);
  }

  @Override
  public Bounded clampGrad(double limit) {
    boolean isSure = Math.abs(value) + error < limit || Math.abs(value) - error >= limit;
    return with(Math.abs(value) < limit ? 1 : 0, isSure ? 0 : 1);
  }
}
