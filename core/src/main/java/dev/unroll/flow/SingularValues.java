package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * All singular values of a small matrix, by one-sided Jacobi rotations.
 *
 * <p><b>Formula.</b> Columns are rotated in pairs until all are orthogonal; their lengths are the
 * singular values.
 *
 * <p><b>Shapes.</b> Any, row-major without gaps; the result has min(rows, columns) values, in
 * descending order.
 *
 * <p><b>Accuracy.</b> A few n roundings, relatively to the largest value; small values of a matrix
 * with well scaled columns are right relatively to themselves, down to 1e-150 of the largest, where
 * squares underflow.
 *
 * <p><b>Errors.</b> IllegalArgumentException when the sizes do not fit or an element is not finite;
 * the argument is not changed.
 *
 * <p><b>Allocation.</b> A copy of the matrix. O(rows columns^2) for each of about ten sweeps: meant
 * for hundreds of columns, not for thousands.
 *
 * <p>Source: M. Hestenes, "Inversion of matrices by biorthogonalization", 1958; J. Demmel and K.
 * Veselic, "Jacobi's method is more accurate than QR", 1992.
 */
public final class SingularValues {

  private static final int SWEEPS = 60;

  private SingularValues() {}

  /** The singular values of an operator. */
  public static double[] of(LinearOperator a) {
    return of(a.rows(), a.columns(), a.toArray());
  }

  /** The singular values of a matrix. */
  public static double[] of(int rows, int columns, double[] a) {
    requireNonNull(a, "a");
    if (rows < 0 || columns < 0 || a.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "a has " + a.length + " elements, must have " + rows + " x " + columns);
    }
    double largest = 0;
    for (double value : a) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a contains " + value + ", must be finite");
      }
      largest = Math.max(largest, Math.abs(value));
    }
    // Scaled by a power of two, which rounds nothing, so that no square overflows.
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    // The shorter side is rotated; each vector lies in one row of its own.
    int count = Math.min(rows, columns);
    double[][] vectors = new double[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = rows <= columns ? row(a, columns, i) : column(a, rows, columns, i);
      scale(vectors[i], -exponent);
    }
    for (int sweep = 0; sweep < SWEEPS && sweep(vectors); sweep++) {}
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.scalb(Vectors.norm(vectors[i]), exponent);
    }
    Arrays.sort(values);
    for (int i = 0; i < count / 2; i++) {
      double swap = values[i];
      values[i] = values[count - 1 - i];
      values[count - 1 - i] = swap;
    }
    return values;
  }

  private static void scale(double[] x, int exponent) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.scalb(x[i], exponent);
    }
  }

  private static double[] row(double[] a, int columns, int i) {
    return Arrays.copyOfRange(a, i * columns, (i + 1) * columns);
  }

  private static double[] column(double[] a, int rows, int columns, int j) {
    double[] column = new double[rows];
    for (int i = 0; i < rows; i++) {
      column[i] = a[i * columns + j];
    }
    return column;
  }

  /** Rotates each pair once; says whether any was not yet orthogonal. */
  private static boolean sweep(double[][] vectors) {
    boolean rotated = false;
    for (int p = 0; p < vectors.length; p++) {
      for (int q = p + 1; q < vectors.length; q++) {
        rotated |= orthogonalize(vectors[p], vectors[q]);
      }
    }
    return rotated;
  }

  private static boolean orthogonalize(double[] x, double[] y) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }
    // What is left of x.y when they are orthogonal is its own rounding. Written so that a zero
    // vector ends here.
    if (!(Math.abs(xy) > 0x1p-51 * Math.sqrt(x.length * xx * yy))) {
      return false;
    }
    double zeta = (yy - xx) / (2 * xy);
    double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
    double c = 1 / Math.hypot(1, t);
    double s = c * t;
    for (int i = 0; i < x.length; i++) {
      double xi = x[i];
      x[i] = c * xi - s * y[i];
      y[i] = s * xi + c * y[i];
    }
    // A tiny vector may be part of the other's rounding; then there is nothing to gain.
    return s != 0;
  }
}
