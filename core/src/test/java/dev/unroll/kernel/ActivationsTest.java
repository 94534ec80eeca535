package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationsTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float SMALLEST = Float.MIN_VALUE;

  /** Values in Java's own notation; compared as bits. */
  @ParameterizedTest
  @CsvSource({
    "EXP, 0, 1",
    "EXP, -0.0, 1",
    "EXP, 1.4e-45, 1",
    "EXP, 1, 2.7182817",
    "EXP, Infinity, Infinity",
    "EXP, -Infinity, 0",
    "EXP, 88.72283, 3.4027985e38",
    "EXP, 88.72284, Infinity",
    "EXP, 3.4028235e38, Infinity",
    "EXP, -100, 3.8e-44",
    "EXP, -103.97207, 1.4e-45",
    "EXP, -103.97209, 0",
    "EXP, -104, 0",
    "EXP, -1000, 0",
    "TANH, 0, 0",
    "TANH, -0.0, -0.0",
    "TANH, 1.4e-45, 1.4e-45",
    "TANH, -1.1754942e-38, -1.1754942e-38",
    "TANH, 1e-20, 1e-20",
    "TANH, 9.02, 1",
    "TANH, 1e38, 1",
    "TANH, Infinity, 1",
    "TANH, -Infinity, -1",
    "SIGMOID, 0, 0.5",
    "SIGMOID, -0.0, 0.5",
    "SIGMOID, 1.4e-45, 0.5",
    "SIGMOID, 17.5, 1",
    "SIGMOID, 1e38, 1",
    "SIGMOID, Infinity, 1",
    "SIGMOID, -Infinity, 0",
    "SIGMOID, -100, 3.8e-44",
    "SIGMOID, -103.97207, 1.4e-45",
    "SIGMOID, -103.97209, 0",
    "SIGMOID, -104, 0",
    "SIGMOID, -1000, 0",
    "RELU, 0, 0",
    "RELU, -0.0, 0",
    "RELU, -1.4e-45, 0",
    "RELU, 1.4e-45, 1.4e-45",
    "RELU, Infinity, Infinity",
    "RELU, -Infinity, 0",
    "TANH_GRAD_FROM_OUTPUT, 1, 0",
    "TANH_GRAD_FROM_OUTPUT, -1, 0",
    "TANH_GRAD_FROM_OUTPUT, -0.0, 1",
    "TANH_GRAD_FROM_OUTPUT, 0.5, 0.75",
    "SIGMOID_GRAD_FROM_OUTPUT, 0, 0",
    "SIGMOID_GRAD_FROM_OUTPUT, 1, 0",
    "SIGMOID_GRAD_FROM_OUTPUT, 0.5, 0.25",
    "SIGMOID_GRAD_FROM_OUTPUT, 1.4e-45, 1.4e-45",
    "RELU_GRAD_FROM_OUTPUT, 0, 0",
    "RELU_GRAD_FROM_OUTPUT, -0.0, 0",
    "RELU_GRAD_FROM_OUTPUT, 1.4e-45, 1",
    "RELU_GRAD_FROM_OUTPUT, Infinity, 1",
    "TANH_GRAD_FROM_INPUT, 0, 1",
    "TANH_GRAD_FROM_INPUT, -0.0, 1",
    "TANH_GRAD_FROM_INPUT, 1.4e-45, 1",
    "TANH_GRAD_FROM_INPUT, 52.67917, 1.4e-45",
    "TANH_GRAD_FROM_INPUT, 52.6792, 0",
    "TANH_GRAD_FROM_INPUT, -Infinity, 0",
    "SIGMOID_GRAD_FROM_INPUT, 0, 0.25",
    "SIGMOID_GRAD_FROM_INPUT, -0.0, 0.25",
    "SIGMOID_GRAD_FROM_INPUT, 103.97207, 1.4e-45",
    "SIGMOID_GRAD_FROM_INPUT, 103.97209, 0",
    "SIGMOID_GRAD_FROM_INPUT, -Infinity, 0",
    "RELU_GRAD_FROM_INPUT, 0, 0",
    "RELU_GRAD_FROM_INPUT, -0.0, 0",
    "RELU_GRAD_FROM_INPUT, -3, 0",
    "RELU_GRAD_FROM_INPUT, 3, 1",
    "RELU_GRAD_FROM_INPUT, Infinity, 1",
  })
  void specialValues(ActivationFunction f, float x, float expected) {
    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(f.of(x)));
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("NullAway") // the point
  void nullArraysAreNamed(ActivationFunction f) {
    float[] a = new float[4];
    float[] none = null;
    assertNames("x", NullPointerException.class, () -> f.arrays.apply(none, a));
    assertNames("y", NullPointerException.class, () -> f.arrays.apply(a, none));
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfDifferentLengthsAreRefusedBeforeAnyWrite(ActivationFunction f) {
    float[] y = new float[39];
    Arrays.fill(y, 42);
    assertNames("x", IllegalArgumentException.class, () -> f.arrays.apply(new float[40], y));
    for (float value : y) {
      assertEquals(42, value);
    }
    f.arrays.apply(new float[0], new float[0]);
  }

  @Test
  void tanhAndSigmoidSaturateAtTheFloatsWhereTheyShould() {
    // The first float whose exact result is nearer to 1 than to the float below.
    float tanhOne = 9.010914f;
    assertTrue(ActivationFunction.TANH.of(tanhOne - 0.01f) < 1);
    assertEquals(1, ActivationFunction.TANH.of(tanhOne + 0.01f));
    assertEquals(-1, ActivationFunction.TANH.of(-tanhOne - 0.01f));
    assertEquals(1, ActivationFunction.SIGMOID.of(17.5f));
    assertTrue(ActivationFunction.SIGMOID.of(16.5f) < 1);
    assertEquals(SMALLEST, ActivationFunction.SIGMOID.of(-103.5f));
    assertEquals(0, ActivationFunction.EXP.of(-INFINITY));
  }

  private static void assertNames(
      String name, Class<? extends RuntimeException> type, Runnable call) {
    String message = assertThrows(type, call::run).getMessage();
    assertTrue(message != null && message.startsWith(name), message);
  }
}
