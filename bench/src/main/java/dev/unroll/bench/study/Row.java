package dev.unroll.bench.study;

import java.util.Locale;

/**
 * A quantity that is known, and what was measured of it.
 *
 * @param quantity what it is
 * @param expected what is known, in words or as a number
 * @param measured what came out
 * @param tolerance how far it may be off
 * @param source where the expectation comes from
 * @param passed whether it is within the tolerance
 */
public record Row(
    String quantity,
    String expected,
    String measured,
    String tolerance,
    String source,
    boolean passed) {

  /** An expectation with an absolute tolerance. */
  public static Row near(
      String quantity, double expected, double measured, double tolerance, String source) {
    boolean passed = Math.abs(measured - expected) <= tolerance;
    return new Row(
        quantity, text(expected), text(measured), "+- " + shorter(tolerance), source, passed);
  }

  /** An expectation with a tolerance that is a share of it. */
  public static Row relative(
      String quantity, double expected, double measured, double tolerance, String source) {
    boolean passed = Math.abs(measured - expected) <= tolerance * Math.abs(expected);
    return new Row(
        quantity, text(expected), text(measured), shorter(tolerance) + " rel.", source, passed);
  }

  /** A bound from above. */
  public static Row atMost(String quantity, double bound, double measured, String source) {
    return new Row(
        quantity, "<= " + text(bound), text(measured), "one-sided", source, measured <= bound);
  }

  /** A bound from below. */
  public static Row atLeast(String quantity, double bound, double measured, String source) {
    return new Row(
        quantity, ">= " + text(bound), text(measured), "one-sided", source, measured >= bound);
  }

  /** Both ends of an interval. */
  public static Row between(
      String quantity, double least, double most, double measured, String source) {
    return new Row(
        quantity,
        text(least) + " to " + text(most),
        text(measured),
        "interval",
        source,
        measured >= least && measured <= most);
  }

  /** Something that is reported and not judged. */
  public static Row reported(String quantity, String expected, String measured, String source) {
    return new Row(quantity, expected, measured, "-", source, true);
  }

  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    double size = Math.abs(value);
    return size >= 1e-3 && size < 1e7
        ? String.format(Locale.ROOT, "%.10g", value).replaceFirst("(\\.\\d*?)0+$", "$1")
        : String.format(Locale.ROOT, "%.6e", value);
  }

  private static String shorter(double value) {
    return value >= 1e-3 && value < 1e4
        ? String.valueOf((float) value)
        : String.format(Locale.ROOT, "%.1e", value);
  }
}
