package dev.unroll.testing.reference;

/**
 * A number in double precision and nothing else.
 *
 * @param value the number
 */
public record Plain(double value) implements Real<Plain> {

  /** Arithmetic in double precision. */
  public static final Arithmetic<Plain> ARITHMETIC =
      new Arithmetic<>() {
        @Override
        public Plain of(double exact) {
          return new Plain(exact);
        }

        @Override
        public Sum<Plain> sum() {
          return new PlainSum();
        }
      };

  @Override
  public Plain times(Plain other) {
    return new Plain(value * other.value);
  }

  @Override
  public Plain oneMinus() {
    return new Plain(1 - value);
  }

  @Override
  public Plain mix(Plain a, Plain b) {
    return new Plain(value * a.value + (1 - value) * b.value);
  }

  @Override
  public Plain sigmoid() {
    return new Plain(ReferenceActivations.sigmoid(value));
  }

  @Override
  public Plain tanh() {
    return new Plain(ReferenceActivations.tanh(value));
  }

  @Override
  public Plain relu() {
    return new Plain(ReferenceActivations.relu(value));
  }

  @Override
  public Plain sigmoidGradFromOutput() {
    return new Plain(ReferenceActivations.sigmoidGradFromOutput(value));
  }

  @Override
  public Plain tanhGradFromOutput() {
    return new Plain(ReferenceActivations.tanhGradFromOutput(value));
  }

  @Override
  public Plain reluGradFromOutput() {
    return new Plain(ReferenceActivations.reluGradFromOutput(value));
  }

  @Override
  public Plain clamp(double limit) {
    return new Plain(Math.max(-limit, Math.min(limit, value)));
  }

  @Override
  public Plain clampGrad(double limit) {
    return new Plain(Math.abs(value) < limit ? 1 : 0);
  }

  private static final class PlainSum implements Sum<Plain> {

    private double total;

    @Override
    public Sum<Plain> add(Plain term) {
      total += term.value;
      return this;
    }

    @Override
    public Sum<Plain> add(Plain a, Plain b) {
      total += a.value * b.value;
      return this;
    }

    @Override
    public Sum<Plain> subtract(Plain a, Plain b) {
      total -= a.value * b.value;
      return this;
    }

    @Override
    public Plain total() {
      return new Plain(total);
    }
  }
}
