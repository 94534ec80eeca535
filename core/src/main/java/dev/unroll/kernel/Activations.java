package dev.unroll.kernel;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.internal.spi.Kernels;

/**
 * Elementwise functions in f32 and their derivatives.
 *
 * <p><b>Formula.</b> {@code y[yOffset + i] = f(x[xOffset + i])} for {@code 0 <= i < length}; the
 * functions say what f is. The same x gives the same bits at every index, offset and length, in
 * both twins, at every vector width, on every machine.
 *
 * <p><b>Shapes.</b> Ranges of arrays, offsets in elements; length may be 0. The overloads without
 * offsets take whole arrays of the same length.
 *
 * <p><b>Aliasing.</b> x and y are the same range of the same array, or share no element.
 *
 * <p><b>Writes</b> every element of the range of y, and reads none of them.
 *
 * <p><b>Accuracy.</b> The maximum over all 2^32 floats of {@code |got - exact| / 2^(max(floor(log2
 * |exact|), -126) - 23)}, against functions in double precision; the constants below are what the
 * tests enforce.
 *
 * <p><b>Special values.</b> A NaN is handed on as it is, sign and payload included. No branch
 * depends on the data, so neither does the speed, but for what the hardware takes for subnormal
 * results.
 *
 * <p><b>Errors.</b> Checked before anything is written: NullPointerException for an array that is
 * null, IllegalArgumentException for a negative length, for whole arrays of different lengths and
 * for ranges that overlap in part, IndexOutOfBoundsException for a range that leaves its array.
 * Each names the argument.
 *
 * <p><b>Allocation.</b> None.
 *
 * <p>Source: argument reduction and pairs (high, low) as in J.-M. Muller, "Elementary Functions",
 * 3rd ed., 2016; the coefficients are fitted by {@code ActivationCoefficients} in the test sources
 * of this module.
 */
public final class Activations {

  /** Largest error of {@link #exp}. */
  public static final double EXP_ULP = 1.0;

  /** Largest error of {@link #tanh}. */
  public static final double TANH_ULP = 1.0;

  /** Largest error of {@link #sigmoid}. */
  public static final double SIGMOID_ULP = 1.5;

  /** Largest error of the derivatives of tanh and sigmoid, given their output, of that output. */
  public static final double GRAD_FROM_OUTPUT_ULP = 0.5;

  /** Largest error of the derivatives of tanh and sigmoid at their input. */
  public static final double GRAD_FROM_INPUT_ULP = 3.0;

  private Activations() {}

  /**
   * {@code y = e^x}.
   *
   * <p>Accuracy: {@link #EXP_ULP} ULP over all floats.
   *
   * <p>Special values: +Inf above 88.7228 and for +Inf; +0 below -103.9721 and for -Inf, with
   * correctly scaled subnormals in between; 1 for +-0 and for subnormals.
   */
  public static void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().exp(x, xOffset, y, yOffset, length);
  }

  /** {@link #exp(float[], int, float[], int, int)} over whole arrays. */
  public static void exp(float[] x, float[] y) {
    exp(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * {@code y = tanh(x)}.
   *
   * <p>Accuracy: {@link #TANH_ULP} ULP over all floats; odd in bits, monotone, never beyond +-1.
   *
   * <p>Special values: +-0 and subnormals map to themselves, +-Inf to +-1, as does everything
   * beyond +-9.0109.
   */
  public static void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().tanh(x, xOffset, y, yOffset, length);
  }

  /** {@link #tanh(float[], int, float[], int, int)} over whole arrays. */
  public static void tanh(float[] x, float[] y) {
    tanh(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * {@code y = 1 / (1 + e^-x)}.
   *
   * <p>Accuracy: {@link #SIGMOID_ULP} ULP over all floats; monotone.
   *
   * <p>Special values: 0.5 for +-0; 1 from 17.33 on; subnormals of their own down to x = -103.9721,
   * +0 below and for -Inf.
   */
  public static void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().sigmoid(x, xOffset, y, yOffset, length);
  }

  /** {@link #sigmoid(float[], int, float[], int, int)} over whole arrays. */
  public static void sigmoid(float[] x, float[] y) {
    sigmoid(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * {@code y = x} for x above 0, else 0.
   *
   * <p>Accuracy: exact.
   *
   * <p>Special values: -0 gives +0.
   */
  public static void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().relu(x, xOffset, y, yOffset, length);
  }

  /** {@link #relu(float[], int, float[], int, int)} over whole arrays. */
  public static void relu(float[] x, float[] y) {
    relu(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of tanh, given its output: {@code y = 1 - x^2}.
   *
   * <p>Accuracy: {@link #GRAD_FROM_OUTPUT_ULP} ULP in terms of x: one fused operation.
   *
   * <p>Special values: +0 for +-1.
   */
  public static void tanhGradFromOutput(
      float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().tanhGradFromOutput(x, xOffset, y, yOffset, length);
  }

  /** {@link #tanhGradFromOutput(float[], int, float[], int, int)} over whole arrays. */
  public static void tanhGradFromOutput(float[] x, float[] y) {
    tanhGradFromOutput(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of sigmoid, given its output: {@code y = x - x^2}.
   *
   * <p>Accuracy: {@link #GRAD_FROM_OUTPUT_ULP} ULP in terms of x: one fused operation.
   *
   * <p>Special values: +0 for +0 and 1; a subnormal x maps to itself.
   */
  public static void sigmoidGradFromOutput(
      float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().sigmoidGradFromOutput(x, xOffset, y, yOffset, length);
  }

  /** {@link #sigmoidGradFromOutput(float[], int, float[], int, int)} over whole arrays. */
  public static void sigmoidGradFromOutput(float[] x, float[] y) {
    sigmoidGradFromOutput(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of relu, given its output: 1 above 0, else 0.
   *
   * <p>Accuracy: exact.
   *
   * <p>Special values: +0 for +-0.
   */
  public static void reluGradFromOutput(
      float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().reluGradFromOutput(x, xOffset, y, yOffset, length);
  }

  /** {@link #reluGradFromOutput(float[], int, float[], int, int)} over whole arrays. */
  public static void reluGradFromOutput(float[] x, float[] y) {
    reluGradFromOutput(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of tanh at x: {@code y = 1 / cosh(x)^2}.
   *
   * <p>Accuracy: {@link #GRAD_FROM_INPUT_ULP} ULP over all floats; even in bits; no cancellation,
   * down to the last subnormal.
   *
   * <p>Special values: 1 for +-0 and subnormals; +0 beyond +-52.6792 and for +-Inf.
   */
  public static void tanhGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().tanhGradFromInput(x, xOffset, y, yOffset, length);
  }

  /** {@link #tanhGradFromInput(float[], int, float[], int, int)} over whole arrays. */
  public static void tanhGradFromInput(float[] x, float[] y) {
    tanhGradFromInput(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of sigmoid at x: {@code y = sigmoid(x) sigmoid(-x)}.
   *
   * <p>Accuracy: {@link #GRAD_FROM_INPUT_ULP} ULP over all floats; even in bits; no cancellation,
   * down to the last subnormal.
   *
   * <p>Special values: 0.25 for +-0 and subnormals; +0 beyond +-103.9721 and for +-Inf.
   */
  public static void sigmoidGradFromInput(
      float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().sigmoidGradFromInput(x, xOffset, y, yOffset, length);
  }

  /** {@link #sigmoidGradFromInput(float[], int, float[], int, int)} over whole arrays. */
  public static void sigmoidGradFromInput(float[] x, float[] y) {
    sigmoidGradFromInput(x, 0, y, 0, sameLength(x, y));
  }

  /**
   * The derivative of relu at x: 1 above 0, else 0.
   *
   * <p>Accuracy: exact.
   *
   * <p>Special values: +0 for +-0: the derivative at the kink is taken as 0.
   */
  public static void reluGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    check(x, xOffset, y, yOffset, length);
    kernels().reluGradFromInput(x, xOffset, y, yOffset, length);
  }

  /** {@link #reluGradFromInput(float[], int, float[], int, int)} over whole arrays. */
  public static void reluGradFromInput(float[] x, float[] y) {
    reluGradFromInput(x, 0, y, 0, sameLength(x, y));
  }

  private static ActivationKernels kernels() {
    return Kernels.get().activations();
  }

  private static void check(float[] x, int xOffset, float[] y, int yOffset, int length) {
    Checks.size("length", length);
    Checks.range("x", x, xOffset, length);
    Checks.range("y", y, yOffset, length);
    if (xOffset != yOffset) {
      Checks.apart("y", y, yOffset, length, "x", x, xOffset, length);
    }
  }

  private static int sameLength(float[] x, float[] y) {
    requireNonNull(x, "x");
    requireNonNull(y, "y");
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "x has " + x.length + " elements, y " + y.length + ", must be the same");
    }
    return x.length;
  }
}
