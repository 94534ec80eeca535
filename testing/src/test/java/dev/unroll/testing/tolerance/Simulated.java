package dev.unroll.testing.tolerance;

import static dev.unroll.testing.tolerance.ErrorBounds.U;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceActivations;
import dev.unroll.testing.reference.Sum;
import java.util.SplittableRandom;

/** A number of an implementation whose every rounding can be chosen. */
record Simulated(double value, Rounding by) implements Real<Simulated>, Arithmetic<Simulated> {

  /** What happens to the result of an operation, and how good the activations are. */
  interface Rounding {

    double round(double exact);

    default double sigmoid(double z) {
      return round(ReferenceActivations.sigmoid(z));
    }

    default double tanh(double z) {
      return round(ReferenceActivations.tanh(z));
    }

    /** What the derivatives of activations lose. */
    default double gradient(double exact) {
      return round(exact);
    }

    /** Whether products in sums are rounded on their own. */
    default boolean fused() {
      return true;
    }
  }

  /** Float, rounding to nearest, with activations that are rounded once. */
  static final Rounding NEAREST = exact -> (float) exact;

  /**
   * Each operation is off by as much as is allowed, upwards or downwards in magnitude.
   *
   * @param up the share of the operations that go up: 0, 1 or, at random, something between
   */
  record Worst(
      double sigmoidUlps, double tanhUlps, double up, boolean fused, SplittableRandom random)
      implements Rounding {

    /** A little less than all, so that the roundings of this simulation do not count. */
    private static final double ALLOWED = 1 - 0x1p-20;

    private double sign() {
      return random.nextDouble() < up ? ALLOWED : -ALLOWED;
    }

    @Override
    public double round(double exact) {
      return exact * (1 + U * sign());
    }

    @Override
    public double sigmoid(double z) {
      double y = ReferenceActivations.sigmoid(z);
      return y + sign() * sigmoidUlps * Ulp.size(y);
    }

    @Override
    public double tanh(double z) {
      double y = ReferenceActivations.tanh(z);
      return y + Math.signum(y) * sign() * tanhUlps * Ulp.size(y);
    }
  }

  static Arithmetic<Simulated> by(Rounding by) {
    return new Simulated(0, by);
  }

  @Override
  public Simulated of(double exact) {
    return new Simulated(exact, by);
  }

  private Simulated rounded(double exact) {
    return new Simulated(by.round(exact), by);
  }

  @Override
  public Simulated times(Simulated other) {
    return of(product(this, other));
  }

  /** Multiplying with 0, 1 or -1 rounds nothing in any arithmetic. */
  private static double product(Simulated a, Simulated b) {
    double exact = a.value * b.value;
    boolean isExact = exact == 0 || Math.abs(a.value) == 1 || Math.abs(b.value) == 1;
    return isExact ? exact : a.by.round(exact);
  }

  @Override
  public Simulated oneMinus() {
    return rounded(1 - value);
  }

  /** With fma as {@code b + z (a - b)}, without as it is written. */
  @Override
  public Simulated mix(Simulated a, Simulated b) {
    if (by.fused()) {
      return rounded(b.value + value * by.round(a.value - b.value));
    }
    double rest = by.round(by.round(1 - value) * b.value);
    return rounded(by.round(value * a.value) + rest);
  }

  @Override
  public Simulated sigmoid() {
    return of(by.sigmoid(value));
  }

  @Override
  public Simulated tanh() {
    return of(by.tanh(value));
  }

  @Override
  public Simulated relu() {
    return of(Math.max(0, value));
  }

  @Override
  public Simulated sigmoidGradFromOutput() {
    return of(by.gradient(Math.fma(-value, value, value)));
  }

  @Override
  public Simulated tanhGradFromOutput() {
    return of(by.gradient(Math.fma(-value, value, 1)));
  }

  @Override
  public Simulated reluGradFromOutput() {
    return of(value > 0 ? 1 : 0);
  }

  @Override
  public Simulated clamp(double limit) {
    return of(Math.max(-limit, Math.min(limit, value)));
  }

  @Override
  public Simulated clampGrad(double limit) {
    return of(Math.abs(value) < limit ? 1 : 0);
  }

  /** One chain, in the order in which the terms come. Adding 0 or to 0 rounds nothing. */
  @Override
  public Sum<Simulated> sum() {
    return new Sum<>() {

      private double total;

      @Override
      public Sum<Simulated> add(Simulated term) {
        return add(term.value);
      }

      private Sum<Simulated> add(double term) {
        if (total == 0 || term == 0) {
          total += term;
        } else {
          total = by.round(total + term);
        }
        return this;
      }

      @Override
      public Sum<Simulated> add(Simulated a, Simulated b) {
        return add(by.fused() && total != 0 ? a.value * b.value : product(a, b));
      }

      @Override
      public Sum<Simulated> subtract(Simulated a, Simulated b) {
        return add(of(-a.value), b);
      }

      @Override
      public Simulated total() {
        return of(total);
      }
    };
  }
}
