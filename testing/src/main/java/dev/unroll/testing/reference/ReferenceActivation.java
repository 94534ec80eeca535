package dev.unroll.testing.reference;

/** The activation of an Elman cell. */
public enum ReferenceActivation {
  /** Hyperbolic tangent. */
  TANH,
  /** The positive part. */
  RELU,
  /** Logistic function. */
  SIGMOID,
  /** Nothing: the linear network. */
  IDENTITY;

  /** {@code f(z)}. */
  public <V extends Real<V>> V of(V z) {
    return switch (this) {
      case TANH -> z.tanh();
      case RELU -> z.relu();
      case SIGMOID -> z.sigmoid();
      case IDENTITY -> z;
    };
  }

  /** {@code dy f'(z)}, from {@code y = f(z)}. */
  public <V extends Real<V>> V back(V dy, V y) {
    return switch (this) {
      case TANH -> dy.times(y.tanhGradFromOutput());
      case RELU -> dy.times(y.reluGradFromOutput());
      case SIGMOID -> dy.times(y.sigmoidGradFromOutput());
      case IDENTITY -> dy;
    };
  }
}
