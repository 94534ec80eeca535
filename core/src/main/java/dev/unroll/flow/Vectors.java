package dev.unroll.flow;

/** Vectors as arrays of doubles. */
final class Vectors {

  private Vectors() {}

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** The 2-norm, without overflow or underflow on the way. */
  static double norm(double... x) {
    double largest = 0;
    for (double value : x) {
      if (!(Math.abs(value) <= largest)) {
        largest = Math.abs(value);
      }
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
    }
    if (largest == 0 || Double.isInfinite(largest)) {
      return largest;
    }
    // A power of two, so that scaling rounds nothing.
    int exponent = Math.getExponent(largest);
    double sum = 0;
    for (double value : x) {
      double scaled = Math.scalb(value, -exponent);
      sum += scaled * scaled;
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  /** Scales x to length 1 and gives the length that it had; a zero vector stays. */
  static double normalize(double[] x) {
    double norm = norm(x);
    if (norm > 0) {
      for (int i = 0; i < x.length; i++) {
        x[i] /= norm;
      }
    }
    return norm;
  }
}
