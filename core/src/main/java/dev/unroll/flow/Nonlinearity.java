package dev.unroll.flow;

/**
 * The activation functions in double precision, with what bounds their gradients.
 *
 * <p>gamma is the sharp bound of |s'|: 1/4 for the logistic function, not the 1 that accounts of
 * the vanishing gradient often use, and 1 for tanh.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, section 2.1, for logistic and tanh; the
 * others' maxima are computed.
 */
public enum Nonlinearity {
  /** s(x) = x. */
  IDENTITY(1) {
    @Override
    public double value(double x) {
      return x;
    }

    @Override
    public double derivative(double x) {
      return 1;
    }
  },
  /** s(x) = 1 / (1 + e^-x). */
  LOGISTIC(0.25) {
    @Override
    public double value(double x) {
      return logistic(x);
    }

    @Override
    public double derivative(double x) {
      return logistic(x) * logistic(-x);
    }
  },
  /** s(x) = tanh(x). */
  TANH(1) {
    @Override
    public double value(double x) {
      return StrictMath.tanh(x);
    }

    @Override
    public double derivative(double x) {
      // 4 / (e^x + e^-x)^2, without cancellation and without overflow.
      return 4 * logistic(2 * x) * logistic(-2 * x);
    }
  },
  /** s(x) = max(x, 0); its derivative at 0 is taken as 0. */
  RELU(1) {
    @Override
    public double value(double x) {
      return x > 0 || Double.isNaN(x) ? x : 0;
    }

    @Override
    public double derivative(double x) {
      return x > 0 ? 1 : 0;
    }
  },
  /** s(x) = ln(1 + e^x). */
  SOFTPLUS(1) {
    @Override
    public double value(double x) {
      return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    @Override
    public double derivative(double x) {
      return logistic(x);
    }
  },
  /** s(x) = x / (1 + e^-x), also called swish. Largest slope at x = 2.39935728052. */
  SILU(1.0998393201288672) {
    @Override
    public double value(double x) {
      return x * logistic(x);
    }

    @Override
    public double derivative(double x) {
      return logistic(x) * (1 + x * logistic(-x));
    }
  },
  /** s(x) = x Phi(x), Phi the normal distribution. Largest slope at x = sqrt(2). */
  GELU(1.128904145185155) {
    @Override
    public double value(double x) {
      return x * Normal.distribution(x);
    }

    @Override
    public double derivative(double x) {
      return Normal.distribution(x) + x * Normal.density(x);
    }
  };

  private final double gamma;

  Nonlinearity(double gamma) {
    this.gamma = gamma;
  }

  /** s(x). */
  public abstract double value(double x);

  /** s'(x), a function of the input. */
  public abstract double derivative(double x);

  /** The least upper bound of |s'|. */
  public double gamma() {
    return gamma;
  }

  private static double logistic(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }
}
