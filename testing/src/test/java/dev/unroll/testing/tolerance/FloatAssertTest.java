package dev.unroll.testing.tolerance;

import static dev.unroll.testing.Failures.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.MatrixView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each assertion once where it has to pass, and wherever it has to fail, with its message. */
class FloatAssertTest {

  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float SIGNALLING = Float.intBitsToFloat(0x7f800001);
  private static final Reproducer HERE = Reproducer.of("Some.kernel").seed(42).shape("m=3");

  private static void assertFails(String expected, Executable assertion) {
    String message = messageOf(assertion);
    String[] lines = message.lines().toArray(String[]::new);
    assertEquals(expected, lines[0]);
    boolean isSingle = lines[0].contains(" of 1 wrong");
    assertEquals(isSingle ? 2 : 3, lines.length, message);
    assertTrue(isSingle || lines[1].startsWith("errors in ulp: "), message);
    String last = lines[lines.length - 1];
    assertTrue(last.startsWith("reproduce: Some.kernel seed=[42] shape=[m=3] jvm="), message);
  }

  // assertUlp

  @Test
  void ulpAtTheLimitPasses() {
    FloatAssert.assertUlp(Math.nextUp(1.0f), 1.0, 1.0, HERE);
    FloatAssert.assertUlp(Float.NaN, Double.NaN, 0, HERE);
  }

  @Test
  void ulpBeyondTheLimitFails() {
    assertFails(
        "assertUlp: 1 of 1 wrong; worst at index 0: got 1.0000001 (0x3f800001) expected 1.0 error"
            + " 1.0 ulp, bound 0.75 ulp",
        () -> FloatAssert.assertUlp(Math.nextUp(1.0f), 1.0, 0.75, HERE));
  }

  @Test
  void ulpReportsTheWorstOfARange() {
    float[] got = {9, 1, 1 + 0x1p-22f, 1 + 0x1p-21f, 1 + 0x1p-22f, 9};
    double[] exact = {7, 7, 1, 1, 1, 1, 7};
    assertFails(
        "assertUlp: 3 of 4 wrong; worst at index 2: got 1.0000005 (0x3f800004) expected 1.0 error"
            + " 4.0 ulp, bound 1.0 ulp",
        () -> FloatAssert.assertUlp(got, 1, exact, 2, 4, 1.0, HERE));
  }

  @Test
  void ulpLooksAtTheGivenRangeOnly() {
    FloatAssert.assertUlp(new float[] {9, 1, 9}, 1, new double[] {7, 7, 1, 7}, 2, 1, 0, HERE);
  }

  @Test
  void ulpOfAFunctionNamesTheArgument() {
    float[] x = {0, 2, 3};
    float[] y = {0, 4, 10};
    FloatAssert.assertUlp(x, 0, y, 0, 2, v -> v * v, 0, HERE);
    assertFails(
        "assertUlp: 1 of 2 wrong; worst at index 1: x 3.0 (0x40400000) got 10.0 (0x41200000)"
            + " expected 9.0 error 1048576.0 ulp, bound 1.0 ulp",
        () -> FloatAssert.assertUlp(x, 1, y, 1, 2, v -> v * v, 1, HERE));
  }

  @Test
  void ulpOfANanForANumberFails() {
    assertFails(
        "assertUlp: 1 of 1 wrong; worst at index 0: got NaN (0x7fc00000) expected 1.0 error"
            + " Infinity ulp, bound 1.0E9 ulp",
        () -> FloatAssert.assertUlp(Float.NaN, 1.0, 1e9, HERE));
  }

  // The histogram

  @Test
  void aRangeIsCountedByTheSizeOfItsErrors() {
    float[] got = {1, 1 + 0x1p-23f, 1 + 0x1p-21f, 2, Float.NaN, 1, 1e30f};
    double[] exact = {1, 1, 1, 1, 1, 1 + 0x1p-25, 1};
    String[] lines =
        messageOf(() -> FloatAssert.assertUlp(got, 0, exact, 0, 7, 1, HERE))
            .lines()
            .toArray(String[]::new);
    assertEquals(
        "errors in ulp: 1 to 0, 1 to 0.5, 1 to 1, 1 to 4, 1 to 2^24, 1 to 2^128, 1 beyond",
        lines[1]);
    float[] ones = {1, 1};
    float[] others = {1, Math.nextUp(1.0f)};
    String bits = messageOf(() -> FloatAssert.assertBitsEqual(others, 0, ones, 0, 2, HERE));
    assertTrue(bits.contains("errors in ulp: 1 to 0, 1 to 1\n".translateEscapes()), bits);
  }

  // assertGradient

  @Test
  void gradientsAreJudgedByTheirNorm() {
    double[] exact = {3, 4, 0};
    double allowed = 1e-6 * Math.sqrt(2 * 8);
    assertEquals(allowed, ErrorBounds.gradient(2, 8), 1e-20);
    float[] near = {7, 3, 4, (float) (4.9 * allowed)};
    FloatAssert.assertGradient(near, 1, exact, 3, 2, 8, HERE);
    float[] off = {3, 4, (float) (5.1 * allowed)};
    String message = messageOf(() -> FloatAssert.assertGradient(off, 0, exact, 3, 2, 8, HERE));
    assertTrue(message.startsWith("assertGradient: off by 4.0"), message);
    assertTrue(message.contains("of the norm 5.0, bound 4.0"), message);
    assertTrue(message.contains("worst at index 2: got 2.0"), message);
    assertTrue(message.contains("reproduce: "), message);
  }

  @Test
  void aGradientOfZeroAllowsNothing() {
    FloatAssert.assertGradient(new float[2], 0, new double[2], 2, 1, 1, HERE);
    assertThrows(
        AssertionError.class,
        () ->
            FloatAssert.assertGradient(
                new float[] {0, Float.MIN_VALUE}, 0, new double[2], 2, 1, 1, HERE));
    assertThrows(
        AssertionError.class,
        () ->
            FloatAssert.assertGradient(
                new float[] {Float.NaN}, 0, new double[] {1}, 1, 1, 1, HERE));
    assertThrows(IllegalArgumentException.class, () -> ErrorBounds.gradient(0, 1));
  }

  // assertWithin

  @Test
  void withinTheBoundPasses() {
    FloatAssert.assertWithin(1.5f, 1.0, 0.5, HERE);
    FloatAssert.assertWithin(Float.NaN, Double.NaN, 0, HERE);
    FloatAssert.assertWithin(INF, Double.POSITIVE_INFINITY, 1, HERE);
  }

  @Test
  void beyondTheBoundFails() {
    assertFails(
        "assertWithin: 1 of 1 wrong; worst at index 0: got 1.5 (0x3fc00000) expected 1.0 error"
            + " 0.5, bound 0.25",
        () -> FloatAssert.assertWithin(1.5f, 1.0, 0.25, HERE));
  }

  @Test
  void withinReportsWhatExceedsItsOwnBoundMost() {
    float[] got = {0, 11, 22, 33};
    double[] exact = {10, 20, 30};
    double[] bound = {0.5, 0.5, 2.75};
    assertFails(
        "assertWithin: 3 of 3 wrong; worst at index 1: got 22.0 (0x41b00000) expected 20.0 error"
            + " 2.0, bound 0.5",
        () -> FloatAssert.assertWithin(got, 1, exact, bound, 3, HERE));
  }

  @Test
  void withinOfAMatrixNamesRowAndColumn() {
    MatrixView got = new MatrixView(new float[] {9, 1, 2, 9, 3, 5}, 1, 3);
    double[] bound = {0, 0, 0, 0};
    FloatAssert.assertWithin(got, 2, 2, new double[] {1, 2, 3, 5}, bound, HERE);
    assertFails(
        "assertWithin: 1 of 4 wrong; worst at row 1 column 1: got 5.0 (0x40a00000) expected 4.0"
            + " error 1.0, bound 0.0",
        () -> FloatAssert.assertWithin(got, 2, 2, new double[] {1, 2, 3, 4}, bound, HERE));
  }

  @Test
  void overflowIsRightOnlyWhereTheBoundReachesIt() {
    FloatAssert.assertWithin(INF, Float.MAX_VALUE, 0x1p104, HERE);
    FloatAssert.assertWithin(-INF, -1e39, 0, HERE);
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(INF, 1e38, 1e30, HERE));
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(INF, -1e39, 0, HERE));
    assertThrows(
        AssertionError.class,
        () -> FloatAssert.assertWithin(1, Double.POSITIVE_INFINITY, Double.MAX_VALUE, HERE));
  }

  @Test
  void nanOnOneSideOrAsABoundFails() {
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(Float.NaN, 1, 1e9, HERE));
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(1, Double.NaN, 1e9, HERE));
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(1, 1, Double.NaN, HERE));
    assertThrows(AssertionError.class, () -> FloatAssert.assertWithin(1, 1, -1, HERE));
  }

  // assertClose

  @Test
  void closeAddsBothTolerances() {
    FloatAssert.assertClose(new float[] {9, 103}, 1, new double[] {100}, 1, 1, 0.02, HERE);
    assertFails(
        "assertWithin: 1 of 1 wrong; worst at index 0: got 103.5 (0x42cf0000) expected 100.0 error"
            + " 3.5, bound 3.0",
        () ->
            FloatAssert.assertClose(
                new float[] {9, 103.5f}, 1, new double[] {100}, 1, 1, 0.02, HERE));
  }

  // assertBitsEqual

  @Test
  void equalBitsPass() {
    float[] a = {9, 1, -0.0f, Float.NaN, INF};
    float[] b = {1, -0.0f, SIGNALLING, INF};
    FloatAssert.assertBitsEqual(a, 1, b, 0, 4, HERE);
  }

  @Test
  void aSingleBitFails() {
    float[] got = {1, 2, Math.nextUp(3.0f)};
    assertFails(
        "assertBitsEqual: 1 of 2 wrong; worst at index 1: got 3.0000002 (0x40400001) expected 3.0"
            + " (0x40400000), 1 floats apart, bound 0",
        () -> FloatAssert.assertBitsEqual(got, 1, new float[] {2, 3}, 0, 2, HERE));
  }

  @Test
  void theSignOfZeroFails() {
    assertFails(
        "assertBitsEqual: 1 of 1 wrong; worst at index 0: got -0.0 (0x80000000) expected 0.0"
            + " (0x00000000), 0 floats apart, bound 0",
        () -> FloatAssert.assertBitsEqual(new float[] {-0.0f}, 0, new float[] {0}, 0, 1, HERE));
  }

  @Test
  void aNanForANumberFails() {
    assertFails(
        "assertBitsEqual: 1 of 1 wrong; worst at index 0: got NaN (0x7fc00000) expected 0.0"
            + " (0x00000000), one is NaN, bound 0",
        () -> FloatAssert.assertBitsEqual(new float[] {Float.NaN}, 0, new float[1], 0, 1, HERE));
  }

  @Test
  void bitsOfAMatrixNameRowAndColumn() {
    MatrixView got = new MatrixView(new float[] {9, 1, 2, 9, 3, 5}, 1, 3);
    FloatAssert.assertBitsEqual(got, 2, 2, new float[] {1, 2, 3, 5}, HERE);
    assertFails(
        "assertBitsEqual: 1 of 4 wrong; worst at row 1 column 0: got 3.0 (0x40400000) expected 7.0"
            + " (0x40e00000), 10485760 floats apart, bound 0",
        () -> FloatAssert.assertBitsEqual(got, 2, 2, new float[] {1, 2, 7, 5}, HERE));
  }

  @Test
  void rawBitsTellNansApart() {
    float[] got = {SIGNALLING};
    FloatAssert.assertRawBitsEqual(got, 0, got.clone(), 0, 1, HERE);
    assertFails(
        "assertRawBitsEqual: 1 of 1 wrong; worst at index 0: got NaN (0x7f800001) expected NaN"
            + " (0x7fc00000), 0 floats apart, bound 0",
        () -> FloatAssert.assertRawBitsEqual(got, 0, new float[] {Float.NaN}, 0, 1, HERE));
  }

  @Test
  void nothingToCompareIsRight() {
    FloatAssert.assertBitsEqual(new float[0], 0, new float[0], 0, 0, HERE);
    FloatAssert.assertWithin(
        MatrixView.dense(new float[0], 0), 0, 0, new double[0], new double[0], HERE);
  }
}
