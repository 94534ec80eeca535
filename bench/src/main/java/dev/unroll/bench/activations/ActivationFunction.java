package dev.unroll.bench.activations;

import dev.unroll.Platform;
import dev.unroll.kernel.Activations;
import dev.unroll.testing.reference.ReferenceActivations;
import dev.unroll.testing.tolerance.Ulp;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The elementwise functions, each with its competitors and its exact value. */
@SuppressWarnings("ImmutableEnumChecker") // Method references without state.
public enum ActivationFunction {
  EXP(Activations::exp, NaiveLoops::exp, ReferenceActivations::exp),
  TANH(Activations::tanh, NaiveLoops::tanh, ReferenceActivations::tanh),
  SIGMOID(Activations::sigmoid, NaiveLoops::sigmoid, ReferenceActivations::sigmoid),
  RELU(Activations::relu, NaiveLoops::relu, ReferenceActivations::relu),
  TANH_GRAD_FROM_OUTPUT(
      Activations::tanhGradFromOutput,
      NaiveLoops::tanhGradFromOutput,
      ReferenceActivations::tanhGradFromOutput),
  SIGMOID_GRAD_FROM_OUTPUT(
      Activations::sigmoidGradFromOutput,
      NaiveLoops::sigmoidGradFromOutput,
      ReferenceActivations::sigmoidGradFromOutput),
  RELU_GRAD_FROM_OUTPUT(
      Activations::reluGradFromOutput,
      NaiveLoops::reluGradFromOutput,
      ReferenceActivations::reluGradFromOutput),
  TANH_GRAD_FROM_INPUT(
      Activations::tanhGradFromInput,
      NaiveLoops::tanhGradFromInput,
      ReferenceActivations::tanhGradFromInput),
  SIGMOID_GRAD_FROM_INPUT(
      Activations::sigmoidGradFromInput,
      NaiveLoops::sigmoidGradFromInput,
      ReferenceActivations::sigmoidGradFromInput),
  RELU_GRAD_FROM_INPUT(
      Activations::reluGradFromInput,
      NaiveLoops::reluGradFromOutput,
      ReferenceActivations::reluGradFromInput);

  private final ArrayFunction ours;
  private final ArrayFunction naive;
  private final DoubleUnaryOperator exact;

  ActivationFunction(ArrayFunction ours, ArrayFunction naive, DoubleUnaryOperator exact) {
    this.ours = ours;
    this.naive = naive;
    this.exact = exact;
  }

  /** Our kernel. */
  public ArrayFunction ours() {
    return ours;
  }

  /** The platform's vector function; null when it, or this JVM, has none. */
  public @Nullable ArrayFunction jdk() {
    return Platform.current().vectorBits() == 0 ? null : JdkVectors.of(this);
  }

  /** The plain loop. */
  public ArrayFunction naive() {
    return naive;
  }

  /** Whether the argument is the function's value, which lies in [-1, 1] or [0, 1]. */
  public boolean fromOutput() {
    return name().endsWith("FROM_OUTPUT");
  }

  /** Inputs of this kind that lie in the function's domain. */
  public float[] inputs(DataKind kind, int length) {
    float[] values = kind.values(length);
    if (fromOutput()) {
      for (int i = 0; i < length; i++) {
        values[i] = (float) Math.tanh(values[i]);
      }
    }
    return values;
  }

  /**
   * The largest error in ULP over these values.
   *
   * @throws IllegalStateException when a value is so far off that another function must have been
   *     computed
   */
  public double maxUlp(float[] x, float[] y, String who) {
    double max = 0;
    for (int i = 0; i < x.length; i++) {
      double expected = exact.applyAsDouble(x[i]);
      // Differences near cancellation are judged against the largest value that the function has.
      double error = Math.abs(y[i] - expected);
      if (!(error <= 1e-5 * Math.max(1, Math.abs(expected)))) {
        throw new IllegalStateException(
            who + " computes " + this + "(" + x[i] + ") = " + y[i] + ", exact " + expected);
      }
      max = Math.max(max, Ulp.error(y[i], expected));
    }
    return max;
  }
}
