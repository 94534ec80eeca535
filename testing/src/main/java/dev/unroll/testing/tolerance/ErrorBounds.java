package dev.unroll.testing.tolerance;

import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;

/** Forward error bounds of float arithmetic, rounding to nearest. */
public final class ErrorBounds {

  /** Unit roundoff of float: half the distance from 1 to the next float. */
  public static final double U = 0x1p-24;

  /** Largest error of a result that underflows: half the smallest subnormal float. */
  public static final double ETA = 0x1p-150;

  private ErrorBounds() {}

  /**
   * {@code gamma(n) = n u / (1 - n u)}: bounds the relative error of n roundings in a row.
   *
   * @throws IllegalArgumentException when n is negative or n u reaches 1
   */
  public static double gamma(long n) {
    if (n < 0 || n * U >= 1) {
      throw new IllegalArgumentException("n: " + n);
    }
    return n * U / (1 - n * U);
  }

  /**
   * {@code 8 sqrt(k) u}: what the relative error of a chain of k operations stays below in
   * practice, since roundings of random data cancel. Far below {@link #gamma} for large k; a chain
   * that reaches it on random data is suspect.
   */
  public static double alarm(long k) {
    return 8 * Math.sqrt((double) k) * U;
  }

  /**
   * {@code 1e-6 sqrt(T H)}: what is promised of a gradient through T steps of H units, relative to
   * its norm. The roundings on the way are many more than T H, but they cancel like those of {@link
   * #alarm}.
   *
   * @throws IllegalArgumentException when a number is below 1
   */
  public static double gradient(int steps, int units) {
    if (steps < 1 || units < 1) {
      throw new IllegalArgumentException("steps: " + steps + ", units: " + units);
    }
    return 1e-6 * Math.sqrt((double) steps * units);
  }

  /**
   * Componentwise bound of a matrix product in float, in the layout of {@link
   * ReferenceMatmul#product}: {@code gamma(k + 2) (|alpha| |A| |B| + |beta| |C| + |bias|)}, plus
   * what the standard model of arithmetic adds for underflow: {@code eta} for each operation of the
   * chain, and {@code eta |b|} for each {@code alpha * a} that is rounded. Holds for every order of
   * summation, with and without fma, as long as nothing overflows.
   */
  public static double[] matmul(MatmulCase p) {
    double[] bound = ReferenceMatmul.magnitude(p);
    double gamma = gamma(p.k() + 2L);
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        int at = i * p.n() + j;
        bound[at] = gamma * bound[at] + (1 + gamma) * ETA * underflows(p, j);
      }
    }
    return bound;
  }

  /** How many times eta can enter one element of the given column. */
  private static double underflows(MatmulCase p, int column) {
    double count = 2;
    if (p.alpha() != 0) {
      // One for a product and one for a sum, should they be rounded apart.
      count += 2.0 * p.k();
      if (p.alpha() != 1) {
        for (int q = 0; q < p.k(); q++) {
          count += Math.abs((double) p.opB(q, column));
        }
      }
    }
    return count;
  }
}
