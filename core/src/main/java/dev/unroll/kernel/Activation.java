package dev.unroll.kernel;

import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.internal.spi.UnaryKernel;
import org.jspecify.annotations.Nullable;

/** An elementwise function at the end of a matrix product; see {@link Activations}. */
public enum Activation {
  /** f(x) = x. */
  IDENTITY,
  /** f(x) = tanh(x). */
  TANH,
  /** f(x) = 1 / (1 + e^-x). */
  SIGMOID,
  /** f(x) = max(x, +0). */
  RELU;

  @Nullable UnaryKernel of(ActivationKernels kernels) {
    return switch (this) {
      case IDENTITY -> null;
      case TANH -> kernels::tanh;
      case SIGMOID -> kernels::sigmoid;
      case RELU -> kernels::relu;
    };
  }
}
