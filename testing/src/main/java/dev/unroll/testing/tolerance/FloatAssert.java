package dev.unroll.testing.tolerance;

import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.reference.Tensor;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * Assertions on floats. Each looks at every value before it fails, and then reports how many are
 * wrong, the worst of them, how many errors are how large in units in the last place, and the
 * {@link Reproducer}'s line.
 */
public final class FloatAssert {

  private FloatAssert() {}

  // ULP

  /** One value is within {@code limit} ULP of the exact result. */
  public static void assertUlp(float got, double exact, double limit, Reproducer where) {
    assertUlp(new float[] {got}, 0, new double[] {exact}, 0, 1, limit, where);
  }

  /** Each value of a range is within {@code limit} ULP of its exact result. */
  public static void assertUlp(
      float[] got,
      int gotOffset,
      double[] exact,
      int exactOffset,
      int length,
      double limit,
      Reproducer where) {
    check(
        "assertUlp",
        length,
        i -> Ulp.error(got[gotOffset + i], exact[exactOffset + i]) - limit,
        i -> Ulp.error(got[gotOffset + i], exact[exactOffset + i]),
        i -> "index " + i + ": " + ulps(got[gotOffset + i], exact[exactOffset + i], limit),
        where);
  }

  /** Each {@code y = f(x)} of a range is within {@code limit} ULP of what {@code exact} gives. */
  public static void assertUlp(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int length,
      DoubleUnaryOperator exact,
      double limit,
      Reproducer where) {
    check(
        "assertUlp",
        length,
        i -> Ulp.error(y[yOffset + i], exact.applyAsDouble(x[xOffset + i])) - limit,
        i -> Ulp.error(y[yOffset + i], exact.applyAsDouble(x[xOffset + i])),
        i ->
            "index "
                + i
                + ": x "
                + show(x[xOffset + i])
                + " "
                + ulps(y[yOffset + i], exact.applyAsDouble(x[xOffset + i]), limit),
        where);
  }

  // Bounds

  /** {@code |got - exact| <= bound} for one value. */
  public static void assertWithin(float got, double exact, double bound, Reproducer where) {
    assertWithin(new float[] {got}, 0, new double[] {exact}, new double[] {bound}, 1, where);
  }

  /**
   * {@code |got - exact| <= bound} for each value of a range. A NaN is matched by a NaN only, an
   * infinity by itself only, except that overflow of a float is right where {@code |exact| + bound}
   * rounds to infinity.
   */
  public static void assertWithin(
      float[] got, int gotOffset, double[] exact, double[] bound, int length, Reproducer where) {
    check(
        "assertWithin",
        length,
        i -> excess(got[gotOffset + i], exact[i], bound[i]),
        i -> Ulp.error(got[gotOffset + i], exact[i]),
        i -> "index " + i + ": " + errors(got[gotOffset + i], exact[i], bound[i]),
        where);
  }

  /** The same for a matrix; {@code exact} and {@code bound} are row-major without padding. */
  public static void assertWithin(
      MatrixView got, int rows, int columns, double[] exact, double[] bound, Reproducer where) {
    check(
        "assertWithin",
        rows * columns,
        i -> excess(got.get(i / columns, i % columns), exact[i], bound[i]),
        i -> Ulp.error(got.get(i / columns, i % columns), exact[i]),
        i -> place(i, columns) + errors(got.get(i / columns, i % columns), exact[i], bound[i]),
        where);
  }

  /** Each value of a range is within the bound of its reference, which was run over both. */
  public static void assertWithin(
      float[] got, int gotOffset, Tensor<Bounded> exact, Reproducer where) {
    assertWithin(got, gotOffset, exact.values(), ErrorModel.bounds(exact), exact.length(), where);
  }

  /** {@code |got - exact| <= absolute + relative |exact|} for each value of a range. */
  public static void assertClose(
      float[] got,
      int gotOffset,
      double[] exact,
      int length,
      double absolute,
      double relative,
      Reproducer where) {
    double[] expected = new double[length];
    double[] bound = new double[length];
    for (int i = 0; i < length; i++) {
      expected[i] = exact[i];
      bound[i] = Double.isFinite(exact[i]) ? absolute + relative * Math.abs(exact[i]) : absolute;
    }
    assertWithin(got, gotOffset, expected, bound, length, where);
  }

  /**
   * {@code ||got - exact|| <= 1e-6 sqrt(T H) ||exact||} in the 2-norm: what is promised of a
   * gradient through T steps of H units, tensor by tensor. A gradient that is exactly 0 must be met
   * exactly.
   *
   * @param steps T, at least 1
   * @param units H, at least 1
   */
  public static void assertGradient(
      float[] got,
      int gotOffset,
      double[] exact,
      int length,
      int steps,
      int units,
      Reproducer where) {
    double error = 0;
    double size = 0;
    int worst = 0;
    for (int i = 0; i < length; i++) {
      double off = Math.abs(got[gotOffset + i] - exact[i]);
      error = Math.hypot(error, off);
      size = Math.hypot(size, exact[i]);
      if (!(off <= Math.abs(got[gotOffset + worst] - exact[worst]))) {
        worst = i;
      }
    }
    double bound = ErrorBounds.gradient(steps, units);
    if (error <= bound * size) {
      return;
    }
    throw new AssertionError(
        "assertGradient: off by "
            + error / size
            + " of the norm "
            + size
            + ", bound "
            + bound
            + "; worst at index "
            + worst
            + ": got "
            + show(got[gotOffset + worst])
            + " expected "
            + exact[worst]
            + System.lineSeparator()
            + histogram(length, i -> Ulp.error(got[gotOffset + i], exact[i]))
            + where.line());
  }

  // Bits

  /**
   * The same bits in both ranges, every NaN counting as the same: which payload and sign a computed
   * NaN has, IEEE and Java leave open, and it depends on the order of operands in an instruction.
   * Zeros are told apart by their sign.
   */
  public static void assertBitsEqual(
      float[] got,
      int gotOffset,
      float[] expected,
      int expectedOffset,
      int length,
      Reproducer where) {
    check(
        "assertBitsEqual",
        length,
        i ->
            differ(
                Float.floatToIntBits(got[gotOffset + i]),
                Float.floatToIntBits(expected[expectedOffset + i]),
                got[gotOffset + i],
                expected[expectedOffset + i]),
        i -> Ulp.distance(got[gotOffset + i], expected[expectedOffset + i]),
        i -> "index " + i + ": " + bits(got[gotOffset + i], expected[expectedOffset + i]),
        where);
  }

  /** The same for a matrix; {@code expected} is row-major without padding. */
  public static void assertBitsEqual(
      MatrixView got, int rows, int columns, float[] expected, Reproducer where) {
    check(
        "assertBitsEqual",
        rows * columns,
        i ->
            differ(
                Float.floatToIntBits(got.get(i / columns, i % columns)),
                Float.floatToIntBits(expected[i]),
                got.get(i / columns, i % columns),
                expected[i]),
        i -> Ulp.distance(got.get(i / columns, i % columns), expected[i]),
        i -> place(i, columns) + bits(got.get(i / columns, i % columns), expected[i]),
        where);
  }

  /** The same raw bits in both ranges, NaN payloads included: for data that was only moved. */
  public static void assertRawBitsEqual(
      float[] got,
      int gotOffset,
      float[] expected,
      int expectedOffset,
      int length,
      Reproducer where) {
    check(
        "assertRawBitsEqual",
        length,
        i ->
            differ(
                Float.floatToRawIntBits(got[gotOffset + i]),
                Float.floatToRawIntBits(expected[expectedOffset + i]),
                got[gotOffset + i],
                expected[expectedOffset + i]),
        i -> Ulp.distance(got[gotOffset + i], expected[expectedOffset + i]),
        i -> "index " + i + ": " + bits(got[gotOffset + i], expected[expectedOffset + i]),
        where);
  }

  // The loop behind all of them

  /** Fails when any excess is above 0 or NaN; the largest excess is the worst. */
  private static void check(
      String name,
      int length,
      IntToDoubleFunction excess,
      IntToDoubleFunction ulps,
      IntFunction<String> describe,
      Reproducer where) {
    int wrong = 0;
    int worst = -1;
    double most = 0;
    for (int i = 0; i < length; i++) {
      double e = excess.applyAsDouble(i);
      if (e <= 0) {
        continue;
      }
      wrong++;
      if (worst < 0 || e > most || (Double.isNaN(e) && !Double.isNaN(most))) {
        worst = i;
        most = e;
      }
    }
    if (wrong > 0) {
      throw new AssertionError(
          name
              + ": "
              + wrong
              + " of "
              + length
              + " wrong; worst at "
              + describe.apply(worst)
              + System.lineSeparator()
              + histogram(length, ulps)
              + where.line());
    }
  }

  /** A line about all values; nothing where one value is all there is. */
  private static String histogram(int length, IntToDoubleFunction ulps) {
    if (length == 1) {
      return "";
    }
    Histogram histogram = new Histogram();
    for (int i = 0; i < length; i++) {
      histogram.add(ulps.applyAsDouble(i));
    }
    return histogram + System.lineSeparator();
  }

  private static double excess(float got, double exact, double bound) {
    if (Double.isNaN(bound) || bound < 0) {
      return Double.NaN;
    }
    if (Double.isNaN(exact) || Float.isNaN(got)) {
      return Double.isNaN(exact) && Float.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Double.isInfinite(exact) || Float.isInfinite(got)) {
      // A sum of doubles that rounds to an infinite float shows where float may overflow.
      double farthest = exact + Math.copySign(bound, exact);
      return got == (float) farthest && Float.isInfinite(got) ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(got - exact) - bound;
  }

  private static double differ(int gotBits, int expectedBits, float got, float expected) {
    if (gotBits == expectedBits) {
      return 0;
    }
    return Math.max(1, Ulp.distance(got, expected));
  }

  private static String place(int index, int columns) {
    return "row " + index / columns + " column " + index % columns + ": ";
  }

  private static String ulps(float got, double exact, double limit) {
    return "got "
        + show(got)
        + " expected "
        + exact
        + " error "
        + Ulp.error(got, exact)
        + " ulp, bound "
        + limit
        + " ulp";
  }

  private static String errors(float got, double exact, double bound) {
    return "got "
        + show(got)
        + " expected "
        + exact
        + " error "
        + Math.abs(got - exact)
        + ", bound "
        + bound;
  }

  private static String bits(float got, float expected) {
    long distance = Ulp.distance(got, expected);
    return "got "
        + show(got)
        + " expected "
        + show(expected)
        + (distance == Long.MAX_VALUE ? ", one is NaN" : ", " + distance + " floats apart")
        + ", bound 0";
  }

  private static String show(float value) {
    return "%s (0x%08x)".formatted(value, Float.floatToRawIntBits(value));
  }
}
