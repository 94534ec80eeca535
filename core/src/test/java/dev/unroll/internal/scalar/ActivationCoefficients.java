package dev.unroll.internal.scalar;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Finds the coefficients in {@link ActivationConstants}; {@code main} prints them.
 *
 * <p>{@code Q(r) = (e^r - 1 - r) / r^2} on {@code |r| <= ln(2)/2} is fitted in the minimax sense
 * under a weight that turns an error of Q into an error of the function. The coefficients are found
 * one after the other: the polynomial is fitted, its lowest coefficient rounded to float, and the
 * next fit makes up for the rounding.
 */
final class ActivationCoefficients {

  private static final int POINTS = 1500;

  /** A little more than ln(2)/2: the integer may be rounded the wrong way near a tie. */
  private static final double END = Math.log(2) / 2 * 1.0005;

  private static final double[] R = new double[POINTS];

  static {
    for (int i = 0; i < POINTS; i++) {
      R[i] = END * Math.cos(Math.PI * (i + 0.5) / POINTS);
    }
  }

  private ActivationCoefficients() {}

  /** Prints the coefficients, lowest first. */
  public static void main(String[] args) {
    print("EXP_Q", exp());
    print("TANH_Q", tanh());
    print("SIGMOID_Q", sigmoid());
  }

  static float[] exp() {
    return fit(5, ActivationCoefficients::relative);
  }

  static float[] tanh() {
    return fit(5, ActivationCoefficients::inUlpOfTanh);
  }

  /** Q(-r), negated: what the kernel of sigmoid uses. */
  static float[] sigmoid() {
    float[] q = fit(4, ActivationCoefficients::relative);
    for (int k = 0; k < q.length; k += 2) {
      q[k] = -q[k];
    }
    return q;
  }

  /** An error of Q as a relative error of e^r. */
  private static double relative(double r) {
    return r * r / Math.exp(r);
  }

  /**
   * An error of Q as an error of tanh in ULP: the worst over n = 0..3 of {@code tanh = m / (1 +
   * m)}, {@code m = (2^n e^r - 1) / 2}; beyond, tanh is too flat to matter.
   */
  private static double inUlpOfTanh(double r) {
    double worst = 0;
    for (int n = r > 0 ? 0 : 1; n <= 3; n++) {
      double scale = Math.scalb(1.0, n);
      double m = (scale * Math.exp(r) - 1) / 2;
      double ulp = Math.scalb(1.0, Math.getExponent(m / (1 + m)) - 23);
      worst = Math.max(worst, scale / 2 * r * r / ((1 + m) * (1 + m)) / ulp * 0x1p-24);
    }
    return worst;
  }

  private static float[] fit(int degree, DoubleUnaryOperator weight) {
    float[] rounded = new float[degree + 1];
    for (int k = 0; k <= degree; k++) {
      double[] target = new double[POINTS];
      double[] weights = new double[POINTS];
      for (int i = 0; i < POINTS; i++) {
        double known = 0;
        for (int j = k - 1; j >= 0; j--) {
          known = known * R[i] + rounded[j];
        }
        double power = Math.pow(R[i], k);
        target[i] = (q(R[i]) - known) / power;
        weights[i] = weight.applyAsDouble(R[i]) * Math.abs(power);
      }
      rounded[k] = (float) minimax(degree - k, target, weights)[0];
    }
    return rounded;
  }

  /** By its series: the closed form cancels. */
  private static double q(double r) {
    double sum = 0;
    for (int k = 22; k >= 2; k--) {
      sum = sum * r + 1 / factorial(k);
    }
    return sum;
  }

  private static double factorial(int k) {
    return k < 2 ? 1 : k * factorial(k - 1);
  }

  /**
   * The polynomial with the smallest largest weighted error over the points, by Remez's exchange of
   * one point at a time.
   */
  private static double[] minimax(int degree, double[] target, double[] weights) {
    int m = degree + 2;
    int[] reference = new int[m];
    for (int j = 0; j < m; j++) {
      reference[j] = (int) Math.round((j + 0.5) * POINTS / m);
    }
    for (int round = 0; round < 1000; round++) {
      double[] solution = level(degree, reference, target, weights);
      int worst = 0;
      double largest = 0;
      for (int i = 0; i < POINTS; i++) {
        double e = error(i, degree, solution, target) * weights[i];
        if (Math.abs(e) > Math.abs(largest)) {
          largest = e;
          worst = i;
        }
      }
      if (Math.abs(largest) <= Math.abs(solution[m - 1]) * (1 + 1e-6)) {
        return solution;
      }
      exchange(reference, worst, largest, degree, solution, target);
    }
    throw new IllegalStateException("no convergence");
  }

  /** Takes a point in so that the signs of the errors go on alternating. */
  private static void exchange(
      int[] reference, int in, double e, int degree, double[] solution, double[] target) {
    int m = reference.length;
    int next = -Arrays.binarySearch(reference, in) - 1;
    if (next < 0) {
      throw new IllegalStateException("the worst point is in the reference already");
    }
    boolean positive = e > 0;
    if (next > 0 && error(reference[next - 1], degree, solution, target) > 0 == positive) {
      reference[next - 1] = in;
    } else if (next < m && error(reference[next], degree, solution, target) > 0 == positive) {
      reference[next] = in;
    } else if (next == 0) {
      System.arraycopy(reference, 0, reference, 1, m - 1);
      reference[0] = in;
    } else {
      System.arraycopy(reference, 1, reference, 0, m - 1);
      reference[m - 1] = in;
    }
  }

  private static double error(int i, int degree, double[] solution, double[] target) {
    double p = 0;
    for (int k = degree; k >= 0; k--) {
      p = p * (R[i] / END) + solution[k] * Math.pow(END, k);
    }
    return target[i] - p;
  }

  /** The polynomial whose weighted errors on the reference are equal and alternate; last, they. */
  private static double[] level(int degree, int[] reference, double[] target, double[] weights) {
    int m = degree + 2;
    double[][] a = new double[m][m + 1];
    for (int j = 0; j < m; j++) {
      int i = reference[j];
      for (int k = 0; k <= degree; k++) {
        a[j][k] = Math.pow(R[i] / END, k);
      }
      a[j][m - 1] = (j % 2 == 0 ? 1 : -1) / weights[i];
      a[j][m] = target[i];
    }
    for (int c = 0; c < m; c++) {
      int pivot = c;
      for (int j = c; j < m; j++) {
        pivot = Math.abs(a[j][c]) > Math.abs(a[pivot][c]) ? j : pivot;
      }
      double[] row = a[pivot];
      a[pivot] = a[c];
      a[c] = row;
      for (int j = 0; j < m; j++) {
        double factor = j == c ? 0 : a[j][c] / row[c];
        for (int k = c; k <= m; k++) {
          a[j][k] -= factor * row[k];
        }
      }
    }
    double[] solution = new double[m];
    for (int k = 0; k < m; k++) {
      solution[k] = a[k][m] / a[k][k] / (k <= degree ? Math.pow(END, k) : 1);
    }
    return solution;
  }

  private static void print(String name, float[] coefficients) {
    for (int k = 0; k < coefficients.length; k++) {
      System.out.printf(Locale.ROOT, "%s%d = %sf%n", name, k, Float.toHexString(coefficients[k]));
    }
  }
}
