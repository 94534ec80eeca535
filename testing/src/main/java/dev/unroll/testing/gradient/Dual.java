package dev.unroll.testing.gradient;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceActivations;
import dev.unroll.testing.reference.Sum;
import dev.unroll.testing.reference.Tensor;

/**
 * A number and its derivative in one direction, {@code value + dot eps} with {@code eps^2 = 0}. A
 * forward pass over dual numbers gives the exact directional derivative of everything it computes,
 * without a step size.
 *
 * <p>At a kink (relu at 0, a clamp on its limit) the derivative is taken as 0, like everywhere in
 * this module.
 *
 * @param value the number
 * @param dot its derivative
 */
public record Dual(double value, double dot) implements Real<Dual> {

  /** Arithmetic whose constants have the derivative 0. */
  public static final Arithmetic<Dual> ARITHMETIC =
      new Arithmetic<>() {
        @Override
        public Dual of(double exact) {
          return new Dual(exact, 0);
        }

        @Override
        public Sum<Dual> sum() {
          return new DualSum();
        }
      };

  /**
   * Values with a direction.
   *
   * @throws IllegalArgumentException if there are not as many of one as of the other
   */
  public static Tensor<Dual> tensor(Tensor<?> values, double[] direction) {
    if (direction.length != values.length()) {
      throw new IllegalArgumentException(
          "direction: " + direction.length + ", values: " + values.length());
    }
    Tensor<Dual> tensor = values.to(ARITHMETIC);
    for (int i = 0; i < direction.length; i++) {
      tensor.set(new Dual(tensor.at(i).value, direction[i]), i);
    }
    return tensor;
  }

  /** The derivatives of all numbers, in a fresh array. */
  public static double[] dots(Tensor<Dual> tensor) {
    double[] dots = new double[tensor.length()];
    for (int i = 0; i < dots.length; i++) {
      dots[i] = tensor.at(i).dot;
    }
    return dots;
  }

  /** {@code f(this)} for a function whose value and slope at this point are known. */
  private Dual chain(double result, double slope) {
    return new Dual(result, slope * dot);
  }

  @Override
  public Dual times(Dual other) {
    return new Dual(value * other.value, value * other.dot + dot * other.value);
  }

  @Override
  public Dual oneMinus() {
    return chain(1 - value, -1);
  }

  @Override
  public Dual mix(Dual a, Dual b) {
    return new Dual(
        value * a.value + (1 - value) * b.value,
        value * a.dot + (1 - value) * b.dot + dot * (a.value - b.value));
  }

  @Override
  public Dual sigmoid() {
    return chain(
        ReferenceActivations.sigmoid(value), ReferenceActivations.sigmoidGradFromInput(value));
  }

  @Override
  public Dual tanh() {
    return chain(ReferenceActivations.tanh(value), ReferenceActivations.tanhGradFromInput(value));
  }

  @Override
  public Dual relu() {
    return chain(ReferenceActivations.relu(value), ReferenceActivations.reluGradFromInput(value));
  }

  @Override
  public Dual sigmoidGradFromOutput() {
    return chain(ReferenceActivations.sigmoidGradFromOutput(value), 1 - 2 * value);
  }

  @Override
  public Dual tanhGradFromOutput() {
    return chain(ReferenceActivations.tanhGradFromOutput(value), -2 * value);
  }

  @Override
  public Dual reluGradFromOutput() {
    return chain(ReferenceActivations.reluGradFromOutput(value), 0);
  }

  @Override
  public Dual clamp(double limit) {
    return chain(Math.max(-limit, Math.min(limit, value)), clampSlope(limit));
  }

  @Override
  public Dual clampGrad(double limit) {
    return chain(clampSlope(limit), 0);
  }

  private double clampSlope(double limit) {
    return Math.abs(value) < limit ? 1 : 0;
  }

  private static final class DualSum implements Sum<Dual> {

    private double value;
    private double dot;

    @Override
    public Sum<Dual> add(Dual term) {
      value += term.value;
      dot += term.dot;
      return this;
    }

    @Override
    public Sum<Dual> add(Dual a, Dual b) {
      return add(a.times(b));
    }

    @Override
    public Sum<Dual> subtract(Dual a, Dual b) {
      Dual product = a.times(b);
      value -= product.value;
      dot -= product.dot;
      return this;
    }

    @Override
    public Dual total() {
      return new Dual(value, dot);
    }
  }
}
