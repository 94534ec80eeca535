package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link ActivationsSweep} over half a million floats, in every build. */
class ActivationsSampleTest {

  /** A prime, so that the sample has all kinds of significands. */
  private static final int STEP = 8191;

  @ParameterizedTest
  @EnumSource
  void everySampledFloat(ActivationFunction f) {
    FloatSweep sweep = new FloatSweep(f, STEP, percent -> {});
    sweep.check();
    assertEquals(hash(f), sweep.hash, "the bits have changed: a new numerics version?");
  }

  /** The same on every machine, in every JVM; they change with the numerics version only. */
  private static String hash(ActivationFunction f) {
    return switch (f) {
      case EXP -> "b981a76be886681789f8627c0e868717738817c54e69c971d7306b7622fd794e";
      case TANH -> "69ff58e3613c6fd256725a9a1ee9ad8eef4a4df31789863dcefa1a644cda012e";
      case SIGMOID -> "0a124b282a0290161dc6ba1852e6c7ab81cb0e0c6d78ca0251500178df2a4be2";
      case RELU -> "7d2f0e018c9eb6f321ad0696b0454033527d0254d732587e448ff18e366ef2a8";
      case TANH_GRAD_FROM_OUTPUT ->
          "34ded754e5de15767e8a107456be7a9fdec508a57f036d28cf83db8946de49a9";
      case SIGMOID_GRAD_FROM_OUTPUT ->
          "7d04f73b0cfe597db39d0aac55ebd92e3d9acd8913b15179f045b6a5e9d9b6c3";
      case RELU_GRAD_FROM_OUTPUT, RELU_GRAD_FROM_INPUT ->
          "9961023dcd2f1a1116b1c52a7c3c14667f162c50948f1ba6aa1422a592a3985d";
      case TANH_GRAD_FROM_INPUT ->
          "8f80b4e88a1e05a5e1dcc8728d3dc6e46d8156180c0d00638077352a2b5adcc0";
      case SIGMOID_GRAD_FROM_INPUT ->
          "861c5ef5aae4236b9a73a677c4f13317aa18fc1d60b24de6affcaf8bb2c0f6ec";
    };
  }
}
