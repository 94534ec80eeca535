package dev.unroll.kernel;

import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.testing.reference.ReferenceActivations;
import java.util.function.DoubleUnaryOperator;

/** The elementwise functions, each with what the tests hold it to. */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum ActivationFunction {
  EXP(
      Activations::exp,
      Activations::exp,
      ActivationKernels::exp,
      ReferenceActivations::exp,
      Activations.EXP_ULP,
      Symmetry.NONE,
      true),
  TANH(
      Activations::tanh,
      Activations::tanh,
      ActivationKernels::tanh,
      ReferenceActivations::tanh,
      Activations.TANH_ULP,
      Symmetry.ODD,
      true),
  SIGMOID(
      Activations::sigmoid,
      Activations::sigmoid,
      ActivationKernels::sigmoid,
      ReferenceActivations::sigmoid,
      Activations.SIGMOID_ULP,
      Symmetry.NONE,
      true),
  RELU(
      Activations::relu,
      Activations::relu,
      ActivationKernels::relu,
      ReferenceActivations::relu,
      0,
      Symmetry.NONE,
      true),
  TANH_GRAD_FROM_OUTPUT(
      Activations::tanhGradFromOutput,
      Activations::tanhGradFromOutput,
      ActivationKernels::tanhGradFromOutput,
      ReferenceActivations::tanhGradFromOutput,
      Activations.GRAD_FROM_OUTPUT_ULP,
      Symmetry.EVEN,
      false),
  SIGMOID_GRAD_FROM_OUTPUT(
      Activations::sigmoidGradFromOutput,
      Activations::sigmoidGradFromOutput,
      ActivationKernels::sigmoidGradFromOutput,
      ReferenceActivations::sigmoidGradFromOutput,
      Activations.GRAD_FROM_OUTPUT_ULP,
      Symmetry.NONE,
      false),
  RELU_GRAD_FROM_OUTPUT(
      Activations::reluGradFromOutput,
      Activations::reluGradFromOutput,
      ActivationKernels::reluGradFromOutput,
      ReferenceActivations::reluGradFromOutput,
      0,
      Symmetry.NONE,
      true),
  TANH_GRAD_FROM_INPUT(
      Activations::tanhGradFromInput,
      Activations::tanhGradFromInput,
      ActivationKernels::tanhGradFromInput,
      ReferenceActivations::tanhGradFromInput,
      Activations.GRAD_FROM_INPUT_ULP,
      Symmetry.EVEN,
      false),
  SIGMOID_GRAD_FROM_INPUT(
      Activations::sigmoidGradFromInput,
      Activations::sigmoidGradFromInput,
      ActivationKernels::sigmoidGradFromInput,
      ReferenceActivations::sigmoidGradFromInput,
      Activations.GRAD_FROM_INPUT_ULP,
      Symmetry.EVEN,
      false),
  RELU_GRAD_FROM_INPUT(
      Activations::reluGradFromInput,
      Activations::reluGradFromInput,
      ActivationKernels::reluGradFromInput,
      ReferenceActivations::reluGradFromInput,
      0,
      Symmetry.NONE,
      true);

  /** What f(-x) is. */
  enum Symmetry {
    NONE,
    EVEN,
    ODD
  }

  /** A function over ranges. */
  @FunctionalInterface
  interface Ranges {
    void apply(float[] x, int xOffset, float[] y, int yOffset, int length);
  }

  /** A function over whole arrays. */
  @FunctionalInterface
  interface Arrays {
    void apply(float[] x, float[] y);
  }

  /** A function of one twin. */
  @FunctionalInterface
  private interface Kernel {
    void apply(ActivationKernels twin, float[] x, int xOffset, float[] y, int yOffset, int length);
  }

  /** The public function over ranges. */
  final Ranges ranges;

  /** The public function over whole arrays. */
  final Arrays arrays;

  /** The function in double precision. */
  final DoubleUnaryOperator reference;

  /** Its limit in ULP. */
  final double limit;

  final Symmetry symmetry;

  /** Whether it never falls. */
  final boolean monotone;

  private final Kernel kernel;

  ActivationFunction(
      Ranges ranges,
      Arrays arrays,
      Kernel kernel,
      DoubleUnaryOperator reference,
      double limit,
      Symmetry symmetry,
      boolean monotone) {
    this.ranges = ranges;
    this.arrays = arrays;
    this.kernel = kernel;
    this.reference = reference;
    this.limit = limit;
    this.symmetry = symmetry;
    this.monotone = monotone;
  }

  /** The function as one twin computes it. */
  Ranges of(ActivationKernels twin) {
    return (x, xOffset, y, yOffset, length) -> kernel.apply(twin, x, xOffset, y, yOffset, length);
  }

  /** The public function of one value. */
  float of(float x) {
    float[] y = new float[1];
    ranges.apply(new float[] {x}, 0, y, 0, 1);
    return y[0];
  }
}
