package dev.unroll.testing.reference;

/**
 * The activation functions and their derivatives in double precision, for arguments that are
 * floats.
 *
 * <p>Accuracy: relative error below 2^-50 wherever the result is at least 2^-1000, which covers
 * every result a float can hold, subnormal tails included; that is 2^-26 ULP of float. No formula
 * subtracts nearly equal numbers. NaN gives NaN.
 */
public final class ReferenceActivations {

  private ReferenceActivations() {}

  /** {@code e^x}. */
  public static double exp(double x) {
    return StrictMath.exp(x);
  }

  /** Hyperbolic tangent. */
  public static double tanh(double x) {
    return StrictMath.tanh(x);
  }

  /**
   * {@code 1 / (1 + e^-x)}, for negative x as {@code e^x / (1 + e^x)}: the first form overflows
   * long before the result leaves the range of subnormal floats.
   */
  public static double sigmoid(double x) {
    if (x < 0) {
      double z = StrictMath.exp(x);
      return z / (1 + z);
    }
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** x above 0, NaN for NaN, else +0 (also for -0). */
  public static double relu(double x) {
    return Double.isNaN(x) || x > 0 ? x : 0;
  }

  /** {@code 1 - y^2}, rounded once. */
  public static double tanhGradFromOutput(double y) {
    return Math.fma(-y, y, 1);
  }

  /** {@code y - y^2}, rounded once. */
  public static double sigmoidGradFromOutput(double y) {
    return Math.fma(-y, y, y);
  }

  /** 1 above 0, NaN for NaN, else +0. */
  public static double reluGradFromOutput(double y) {
    return reluGradFromInput(y);
  }

  /**
   * {@code 1 / cosh(x)^2} as {@code 4 z / (1 + z)^2} with {@code z = e^(-2|x|)}; {@code 1 -
   * tanh(x)^2} would cancel to nothing.
   */
  public static double tanhGradFromInput(double x) {
    double z = StrictMath.exp(-2 * Math.abs(x));
    return 4 * z / ((1 + z) * (1 + z));
  }

  /** {@code sigmoid(x) sigmoid(-x)} as {@code z / (1 + z)^2} with {@code z = e^(-|x|)}. */
  public static double sigmoidGradFromInput(double x) {
    double z = StrictMath.exp(-Math.abs(x));
    return z / ((1 + z) * (1 + z));
  }

  /** 1 above 0, NaN for NaN, else +0: the derivative at the kink is taken as 0. */
  public static double reluGradFromInput(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    return x > 0 ? 1 : 0;
  }
}
