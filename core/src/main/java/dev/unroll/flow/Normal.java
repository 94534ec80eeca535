package dev.unroll.flow;

/** The standard normal distribution. */
final class Normal {

  /** Where the sum takes as many terms as the continued fraction. */
  private static final double TAIL = 3;

  private Normal() {}

  static double density(double x) {
    return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The chance of a value below x; relative accuracy down to underflow. */
  static double distribution(double x) {
    if (x < -TAIL) {
      return tail(-x);
    }
    if (x > TAIL) {
      return 1 - tail(x);
    }
    // 1/2 + density * (x + x^3/3 + x^5/(3*5) + ...): terms of one sign, so nothing cancels in it.
    double term = x;
    double sum = x;
    for (int n = 3; Math.abs(term) > 0x1p-60 * Math.abs(sum); n += 2) {
      term *= x * x / n;
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }

  /** density(x) / (x + 1/(x + 2/(x + 3/(x + ...)))), from inside out. */
  private static double tail(double x) {
    double fraction = x;
    for (int n = 120; n >= 1; n--) {
      fraction = x + n / fraction;
    }
    return density(x) / fraction;
  }
}
