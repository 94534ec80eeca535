package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * The largest modulus of a square matrix's eigenvalues.
 *
 * <p><b>Formula.</b> Gelfand's: {@code rho = lim |A^k|^(1/k)}, with k = 2^j by squaring, each power
 * scaled by its Frobenius norm so that nothing overflows.
 *
 * <p><b>Shapes.</b> n x n, row-major without gaps.
 *
 * <p><b>Accuracy.</b> About n ln(k) / k and a few n roundings, relatively; the power is k = 2^40.
 * Unlike an iteration of vectors it does not mind complex or equal leading eigenvalues. An
 * eigenvalue 0 of a nilpotent matrix is found exactly when the powers vanish exactly.
 *
 * <p><b>Special values.</b> NaN when an element is not finite.
 *
 * <p><b>Allocation.</b> Two matrices.
 *
 * <p>Source: I. Gelfand, "Normierte Ringe", 1941.
 */
public final class SpectralRadius {

  private static final int SQUARINGS = 40;

  private SpectralRadius() {}

  /** The spectral radius of a matrix of floats. */
  public static double of(int n, float[] a) {
    requireNonNull(a, "a");
    double[] wide = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      wide[i] = a[i];
    }
    return of(n, wide);
  }

  /**
   * The spectral radius.
   *
   * @throws IllegalArgumentException when a has not n x n elements
   */
  public static double of(int n, double[] a) {
    requireNonNull(a, "a");
    if (n < 0 || a.length != (long) n * n) {
      throw new IllegalArgumentException(
          "a has " + a.length + " elements, must have n x n with n = " + n);
    }
    double[] power = a.clone();
    double[] next = new double[a.length];
    double log = 0;
    for (int j = 0; j <= SQUARINGS; j++) {
      double norm = Vectors.norm(power);
      if (norm == 0) {
        return 0;
      }
      log += StrictMath.scalb(StrictMath.log(norm), -j);
      for (int i = 0; i < power.length; i++) {
        power[i] /= norm;
      }
      if (j < SQUARINGS) {
        square(n, power, next);
        double[] swap = power;
        power = next;
        next = swap;
      }
    }
    return StrictMath.exp(log);
  }

  private static void square(int n, double[] a, double[] into) {
    Arrays.fill(into, 0);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double x = a[i * n + k];
        for (int j = 0; j < n; j++) {
          into[i * n + j] += x * a[k * n + j];
        }
      }
    }
  }
}
