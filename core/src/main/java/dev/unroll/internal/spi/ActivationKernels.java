package dev.unroll.internal.spi;

/**
 * Elementwise functions and their derivatives over ranges of arrays.
 *
 * <p>{@code y[yOffset + i] = f(x[xOffset + i])} for {@code 0 <= i < length}. Nothing is checked
 * here. The two ranges are disjoint, or the same range of the same array. {@code
 * dev.unroll.kernel.Activations} documents each function.
 */
public interface ActivationKernels {

  /** {@code e^x}. */
  void exp(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code tanh x}. */
  void tanh(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code 1 / (1 + e^-x)}. */
  void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code max(x, 0)}. */
  void relu(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code tanh'}, given {@code tanh}: {@code 1 - x^2}. */
  void tanhGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code sigmoid'}, given {@code sigmoid}: {@code x - x^2}. */
  void sigmoidGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code relu'}, given {@code relu}: 1 above 0, else 0. */
  void reluGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code tanh'(x)}. */
  void tanhGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code sigmoid'(x)}. */
  void sigmoidGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code relu'(x)}: 1 above 0, else 0. */
  void reluGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length);
}
