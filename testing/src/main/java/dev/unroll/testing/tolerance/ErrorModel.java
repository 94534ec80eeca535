package dev.unroll.testing.tolerance;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.Sum;
import dev.unroll.testing.reference.Tensor;

/**
 * What a careful implementation may be off in each operation, and so, with a reference run over
 * {@link Bounded} numbers, in everything that it computes.
 *
 * <pre>{@code
 * ErrorModel model = ErrorModel.ofFloat(1.5, 1);       // ULP of sigmoid and of tanh
 * CellGradients<Bounded> d =
 *     cell.backward(model, weights.to(model), inputs.to(model), gradients.to(model));
 * FloatAssert.assertWithin(dW, 0, d.weights().w(), where);
 * }</pre>
 *
 * <p>Every sum and product is rounded to nearest, in any order, with or without fma; sigmoid and
 * tanh keep their limits; the derivatives from outputs are one fma, {@code fma(-y, y, 1)} and
 * {@code fma(-y, y, y)}, unless {@link #withoutFma} is said. Errors of float are carried on through
 * all operations, states and gradients included, so the bound is rigorous, and it grows with time
 * where errors do. Holds while nothing overflows.
 *
 * <p>Source: N. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, SIAM 2002,
 * chapters 2 and 3.
 *
 * @param precision of the implementation
 * @param sigmoidUlps what its sigmoid is off at most, in units in the last place
 * @param tanhUlps what its tanh is off at most
 * @param fused whether its derivatives are a single fma
 */
public record ErrorModel(Precision precision, double sigmoidUlps, double tanhUlps, boolean fused)
    implements Arithmetic<Bounded> {

  /** Number formats. */
  public enum Precision {
    /** 24 bits. The reference is so much better that 2^-20 of the bound stand for its errors. */
    FLOAT(ErrorBounds.U, ErrorBounds.ETA, 1 + 0x1p-20) {
      @Override
      double ulp(double exact) {
        return Ulp.size(exact);
      }
    },
    /**
     * 53 bits, for implementations that are no worse and no better than the reference: both may be
     * off by the bound. The limits of sigmoid and tanh must be 4 and 1 at least, which {@link
     * dev.unroll.testing.reference.ReferenceActivations} keeps.
     */
    DOUBLE(0x1p-53, Double.MIN_VALUE, 2) {
      @Override
      double ulp(double exact) {
        return Math.ulp(exact);
      }
    };

    /** Largest relative error of rounding. */
    final double u;

    /** Largest error of a result that underflows. */
    final double eta;

    /** What the bound is multiplied with, since the reference has errors too. */
    final double slack;

    Precision(double u, double eta, double slack) {
      this.u = u;
      this.eta = eta;
      this.slack = slack;
    }

    abstract double ulp(double exact);

    /** {@code n u / (1 - n u)}. */
    final double gamma(long n) {
      return n * u / (1 - n * u);
    }
  }

  /** Float arithmetic with activations within these limits. */
  public static ErrorModel ofFloat(double sigmoidUlps, double tanhUlps) {
    return new ErrorModel(Precision.FLOAT, sigmoidUlps, tanhUlps, true);
  }

  /** Double arithmetic with activations within these limits, at least 4 and 1. */
  public static ErrorModel ofDouble(double sigmoidUlps, double tanhUlps) {
    return new ErrorModel(Precision.DOUBLE, sigmoidUlps, tanhUlps, true);
  }

  /** Derivatives as {@code 1 - y y} and {@code y (1 - y)}, two roundings each. */
  public ErrorModel withoutFma() {
    return new ErrorModel(precision, sigmoidUlps, tanhUlps, false);
  }

  @Override
  public Bounded of(double exact) {
    return new Bounded(exact, 0, this);
  }

  @Override
  public Sum<Bounded> sum() {
    return new BoundedSum(this);
  }

  /** How far results may be from {@code values()}, in the same layout. */
  public static double[] bounds(Tensor<Bounded> results) {
    double[] bounds = new double[results.length()];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = results.at(i).bound();
    }
    return bounds;
  }
}
