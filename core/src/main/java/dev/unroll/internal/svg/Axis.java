package dev.unroll.internal.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps values to places, linearly or by their logarithm, and knows where marks belong. */
final class Axis {

  private static final int MARKS = 6;

  private final boolean logarithmic;
  private final double from;
  private final double to;
  private final double start;
  private final double end;

  /**
   * @param least the least value shown; above 0 on a logarithmic axis
   * @param most the largest value shown
   * @param start where the least one is drawn
   * @param end where the largest one is drawn
   */
  Axis(boolean logarithmic, double least, double most, double start, double end) {
    this.logarithmic = logarithmic;
    double low = logarithmic ? StrictMath.log10(least) : least;
    double high = logarithmic ? StrictMath.log10(most) : most;
    if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
      // One value alone is drawn in the middle.
      low -= 0.5;
      high += 0.5;
    }
    from = low;
    to = high;
    this.start = start;
    this.end = end;
  }

  double place(double value) {
    double v = logarithmic ? StrictMath.log10(value) : value;
    return start + (v - from) / (to - from) * (end - start);
  }

  /** Whether the axis can show a value at all. */
  boolean shows(double value) {
    double v = logarithmic ? StrictMath.log10(value) : value;
    return v >= from - 1e-9 && v <= to + 1e-9;
  }

  /** Round values inside the range. */
  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    double step = logarithmic ? Math.max(1, niceStep()) : niceStep();
    for (double k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) {
      double mark = Math.abs(k) < 1e-9 ? 0 : k * step;
      marks.add(logarithmic ? StrictMath.pow(10, mark) : mark);
    }
    return marks;
  }

  /** How a mark is written. */
  String label(double mark) {
    if (logarithmic) {
      int exponent = (int) Math.round(StrictMath.log10(mark));
      return exponent >= -2 && exponent <= 3
          ? trim(String.format(Locale.ROOT, "%.2f", mark))
          : "1e" + exponent;
    }
    double step = niceStep();
    int digits = (int) Math.max(0, Math.ceil(-StrictMath.log10(step) - 1e-9));
    return digits > 6 || Math.abs(mark) >= 1e6
        ? String.format(Locale.ROOT, "%.2e", mark)
        : String.format(Locale.ROOT, "%." + digits + "f", mark);
  }

  private double niceStep() {
    double raw = (to - from) / MARKS;
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(raw)));
    double share = raw / power;
    return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
  }

  private static String trim(String number) {
    return number.replaceFirst("\\.?0+$", "");
  }
}
