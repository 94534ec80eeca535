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

  /** Vectors and tails alike: the NaN sits at every index of a range in turn. */
  @ParameterizedTest
  @EnumSource
  void everyNaNIsHandedOn(ActivationFunction f) {
    int[] patterns = {0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff};
    for (int pattern : patterns) {
      for (int at = 0; at < 37; at++) {
        float[] x = new float[37];
        x[at] = Float.intBitsToFloat(pattern);
        f.arrays.apply(x, x);
        assertEquals(pattern, Float.floatToRawIntBits(x[at]), "index " + at);
        assertTrue(!Float.isNaN(x[(at + 1) % 37]), "neighbour of index " + at);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("NullAway") // the point
  void nullArraysAreNamed(ActivationFunction f) {
    float[] a = new float[4];
    float[] none = null;
    assertNames("x", NullPointerException.class, () -> f.ranges.apply(none, 0, a, 0, 4));
    assertNames("y", NullPointerException.class, () -> f.ranges.apply(a, 0, none, 0, 4));
    assertNames("x", NullPointerException.class, () -> f.arrays.apply(none, a));
    assertNames("y", NullPointerException.class, () -> f.arrays.apply(a, none));
    assertNames("x", NullPointerException.class, () -> f.ranges.apply(none, 0, a, 0, 0));
  }

  @ParameterizedTest
  @EnumSource
  void badRangesAreRefusedBeforeAnyWrite(ActivationFunction f) {
    float[] x = new float[40];
    float[] y = new float[40];
    Arrays.fill(y, 42);
    assertNames("length", IllegalArgumentException.class, () -> f.ranges.apply(x, 0, y, 0, -1));
    Class<IndexOutOfBoundsException> range = IndexOutOfBoundsException.class;
    assertNames("x", range, () -> f.ranges.apply(x, -1, y, 0, 4));
    assertNames("y", range, () -> f.ranges.apply(x, 0, y, -1, 4));
    assertNames("x", range, () -> f.ranges.apply(x, 1, y, 0, 40));
    assertNames("y", range, () -> f.ranges.apply(x, 0, y, 1, 40));
    assertNames("x", range, () -> f.ranges.apply(new float[39], 0, y, 0, 40));
    assertNames("y", range, () -> f.ranges.apply(x, 0, new float[39], 0, 40));
    assertNames("x", range, () -> f.ranges.apply(x, Integer.MAX_VALUE, y, 0, 1));
    assertNames("x", range, () -> f.ranges.apply(x, 40, y, 0, Integer.MAX_VALUE));
    assertNames("y", range, () -> f.ranges.apply(x, 40, y, Integer.MAX_VALUE, 0));
    assertNames("x", range, () -> f.ranges.apply(x, 41, y, 0, 0));
    assertNames("x", IllegalArgumentException.class, () -> f.arrays.apply(x, Arrays.copyOf(y, 39)));
    assertNames("y", IllegalArgumentException.class, () -> f.ranges.apply(y, 0, y, 1, 20));
    assertNames("y", IllegalArgumentException.class, () -> f.ranges.apply(y, 20, y, 1, 20));
    for (float value : y) {
      assertEquals(42, value);
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptyRangesAreFine(ActivationFunction f) {
    float[] x = {3};
    f.ranges.apply(x, 1, x, 0, 0);
    f.arrays.apply(new float[0], new float[0]);
    assertEquals(3, x[0]);
  }

  /** Two ranges that touch but share nothing are no overlap. */
  @ParameterizedTest
  @EnumSource
  void disjointRangesOfOneArray(ActivationFunction f) {
    float[] a = new float[60];
    for (int i = 0; i < a.length; i++) {
      a[i] = (i - 30) / 7f;
    }
    float[] expected = a.clone();
    for (int i = 0; i < 30; i++) {
      expected[30 + i] = f.of(a[i]);
    }
    f.ranges.apply(a, 0, a, 30, 30);
    for (int i = 0; i < a.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(a[i]), "index " + i);
    }
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
