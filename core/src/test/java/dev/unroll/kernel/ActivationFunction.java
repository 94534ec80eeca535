package dev.unroll.kernel;

import dev.unroll.Platform;
import dev.unroll.internal.scalar.ScalarKernels;
import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.testing.law.UnaryLaws;
import dev.unroll.testing.reference.ReferenceActivations;
import dev.unroll.testing.sweep.UnarySweep;
import dev.unroll.testing.tolerance.Reproducer;
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

  /** Where a function saturates, underflows, overflows or rounds its n to another integer. */
  static final float[] THRESHOLDS = {
    0.1732868f,
    0.3465736f,
    0.5198604f,
    1.0397208f,
    8.66434f,
    9.010914f,
    9.5f,
    16.635532f,
    17.32868f,
    20f,
    52.67917f,
    54f,
    87.33655f,
    88.72284f,
    90f,
    103.27893f,
    103.97208f,
    105f
  };

  /** The lanes of one vector of the twin under test. */
  static final int LANES = Math.max(1, Platform.current().vectorBits() / Float.SIZE);

  /** What f(-x) is. */
  enum Symmetry {
    NONE,
    EVEN,
    ODD
  }

  /** A function of one twin. */
  @FunctionalInterface
  private interface Kernel {
    void apply(ActivationKernels twin, float[] x, int xOffset, float[] y, int yOffset, int length);
  }

  /** The public function over ranges. */
  final UnaryLaws.Ranges ranges;

  /** The public function over whole arrays. */
  final UnaryLaws.Arrays arrays;

  /** The function in double precision. */
  final DoubleUnaryOperator reference;

  /** Its limit in ULP. */
  final double limit;

  final Symmetry symmetry;

  /** Whether it never falls. */
  final boolean monotone;

  private final Kernel kernel;

  ActivationFunction(
      UnaryLaws.Ranges ranges,
      UnaryLaws.Arrays arrays,
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
  UnaryLaws.Ranges of(ActivationKernels twin) {
    return (x, xOffset, y, yOffset, length) -> kernel.apply(twin, x, xOffset, y, yOffset, length);
  }

  /** What the function promises. */
  UnaryLaws laws() {
    UnaryLaws laws =
        UnaryLaws.of(name(), ranges)
            .reference(reference)
            .maxUlp(limit)
            .keepsNaN()
            .sameBitsAs("the scalar twin", of(new ScalarKernels().activations()))
            .refuses("x", "y", "length")
            .thresholds(THRESHOLDS)
            .lanes(LANES)
            .samples(1 << 15)
            .reproducer(
                Reproducer.of(name())
                    .twin(Platform.current().twin().toString())
                    .width(Platform.current().vectorBits()));
    switch (symmetry) {
      case ODD -> laws.odd();
      case EVEN -> laws.even();
      case NONE -> {}
    }
    if (monotone) {
      laws.monotone();
    }
    switch (this) {
      case EXP, RELU -> laws.range(0, Float.POSITIVE_INFINITY);
      case TANH -> laws.range(-1, 1);
      case SIGMOID_GRAD_FROM_INPUT -> laws.range(0, 0.25f);
      // The derivatives from an output mean something for outputs only.
      case TANH_GRAD_FROM_OUTPUT, SIGMOID_GRAD_FROM_OUTPUT -> laws.range(0, 1, 0, 1);
      default -> laws.range(0, 1);
    }
    return laws;
  }

  /** The same over all floats. */
  UnarySweep sweep() {
    UnarySweep sweep =
        UnarySweep.of(name(), ranges, reference)
            .maxUlp(limit)
            .sameBitsAs("the scalar twin", of(new ScalarKernels().activations()));
    switch (symmetry) {
      case ODD -> sweep.odd();
      case EVEN -> sweep.even();
      case NONE -> {}
    }
    if (monotone) {
      sweep.monotone();
    }
    return switch (this) {
      case EXP, RELU -> sweep.range(0, Float.POSITIVE_INFINITY);
      case TANH -> sweep.range(-1, 1);
      case SIGMOID_GRAD_FROM_INPUT -> sweep.range(0, 0.25f);
      case TANH_GRAD_FROM_OUTPUT, SIGMOID_GRAD_FROM_OUTPUT -> sweep.range(0, 1, 0, 1);
      default -> sweep.range(0, 1);
    };
  }

  /** The public function of one value. */
  float of(float x) {
    float[] y = new float[1];
    ranges.apply(new float[] {x}, 0, y, 0, 1);
    return y[0];
  }
}
