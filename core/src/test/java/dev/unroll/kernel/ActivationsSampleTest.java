package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.testing.sweep.Certificate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link ActivationsSweep} over half a million floats, in every build. */
class ActivationsSampleTest {

  /** A prime, so that the sample has all kinds of significands. */
  private static final int STEP = 8191;

  @ParameterizedTest
  @EnumSource
  void everySampledFloat(ActivationFunction f) {
    Certificate sweep = f.sweep().step(STEP).run();
    sweep.mustHold();
    assertEquals(hash(f), sweep.hash(), "the bits have changed: a new numerics version?");
  }

  /** The same on every machine, in every JVM; they change with the numerics version only. */
  private static String hash(ActivationFunction f) {
    return switch (f) {
      case EXP -> "7afd38954bc8fd82bf736d2092921a6b00d70d7f652fb669bb3d144e4c4d8da6";
      case TANH -> "add82371e5db2bb6a67987c35e246fb05c9f6096a11e6081800b44a427083666";
      case SIGMOID -> "f28a04dc0e3e6b5108473de0a6d3ef8262142679ba89c042ea0b61ebe599bd1b";
      case RELU -> "7d2f0e018c9eb6f321ad0696b0454033527d0254d732587e448ff18e366ef2a8";
      case TANH_GRAD_FROM_OUTPUT ->
          "42a310a2951db878472482baac1742e7f7322ecc916a459bc4c609b424dab5e4";
      case SIGMOID_GRAD_FROM_OUTPUT ->
          "e01ee90bd73e1f287511316931cbb93c79b3c72603fbe9e827125d052229fd5b";
      case RELU_GRAD_FROM_OUTPUT, RELU_GRAD_FROM_INPUT ->
          "0f371d4ca90a7156e6b6a1edd39d9905bd5cd1ba8e1a57a2fb7c9a466bbef1a4";
      case TANH_GRAD_FROM_INPUT ->
          "033113a44de15ff30506fee6edda72b28807d7abce8a0186b7980bc5ce5248b9";
      case SIGMOID_GRAD_FROM_INPUT ->
          "2ddfa94811d57ca2e0b2632a034ea5a1804281ea417ed989b45b07ac4e1b38b0";
    };
  }
}
