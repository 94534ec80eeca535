package dev.unroll.flow;

import java.util.Arrays;
import java.util.Random;

/**
 * Lyapunov exponents: the rates, per step and in natural logarithms, at which small differences
 * grow or shrink along a trajectory.
 *
 * <p><b>Formula.</b> {@code Z_t = J_t Q_{t-1} = Q_t R_t} with orthonormal Q_t and a positive
 * diagonal of R_t; {@code lambda_i = mean of ln R_t[i][i]}, in descending order once a transient is
 * over. Back-propagated gradients scale as {@code e^(lambda_1 lag)}: the same Jacobians, the other
 * way round.
 *
 * <p><b>Shapes.</b> n directions at most for a state of n; fewer give the largest exponents.
 *
 * <p><b>Accuracy.</b> For T steps of a system at rest O(1/T); on an attractor the statistical error
 * of a mean over T correlated steps. The sum of all n exponents is the mean of ln |det J_t| to
 * rounding.
 *
 * <p><b>Special values.</b> A direction that a Jacobian maps to 0 has the exponent -infinity; the
 * process goes on with a fresh direction. Jacobians with NaN are refused.
 *
 * <p><b>Allocation.</b> None after construction, but for what the operators take.
 *
 * <p>Source: G. Benettin et al., "Lyapunov characteristic exponents", 1980; for recurrent networks
 * R. Vogt et al., arXiv 2006.14123, and R. Engelken et al., arXiv 2006.02427.
 */
public final class LyapunovSpectrum {

  private static final double EULER = 0.5772156649015329;

  /** Below this share of a vector's length, what is left of it is rounding. */
  private static final double DEPENDENT = 0x1p-45;

  private final int size;
  private final double[][] directions;
  private final double[] image;
  private final double[] sums;

  /** What the sums have lost to rounding so far. */
  private final double[] lost;

  private final Random random;
  private long steps;

  /** All exponents of a system with n state variables. */
  public LyapunovSpectrum(int n) {
    this(n, n);
  }

  /**
   * The largest exponents.
   *
   * @param n state variables, at least 1
   * @param count exponents, from 1 to n
   */
  public LyapunovSpectrum(int n, int count) {
    if (count < 1 || count > n) {
      throw new IllegalArgumentException("count is " + count + ", must be from 1 to n = " + n);
    }
    size = n;
    directions = new double[count][n];
    image = new double[n];
    sums = new double[count];
    lost = new double[count];
    random = new Random(n);
    for (int i = 0; i < count; i++) {
      renew(i);
    }
  }

  /**
   * Follows one step.
   *
   * @param jacobian n x n, dx_t/dx_{t-1}
   * @throws IllegalArgumentException when the Jacobian has another shape, or gives NaN or an
   *     infinity
   */
  public void step(LinearOperator jacobian) {
    if (jacobian.rows() != size || jacobian.columns() != size) {
      throw new IllegalArgumentException(
          "jacobian is "
              + jacobian.rows()
              + " x "
              + jacobian.columns()
              + ", must be "
              + size
              + " x "
              + size);
    }
    for (int i = 0; i < directions.length; i++) {
      jacobian.apply(directions[i], image);
      System.arraycopy(image, 0, directions[i], 0, size);
      double whole = Vectors.norm(directions[i]);
      if (!Double.isFinite(whole)) {
        throw new IllegalArgumentException("jacobian maps a direction to length " + whole);
      }
      double left = orthogonalize(i);
      if (left > DEPENDENT * whole) {
        add(i, StrictMath.log(left));
      } else {
        sums[i] = Double.NEGATIVE_INFINITY;
        renew(i);
      }
    }
    steps++;
  }

  /** Forgets the steps so far, but not the directions: what came before was a transient. */
  public void forget() {
    Arrays.fill(sums, 0);
    Arrays.fill(lost, 0);
    steps = 0;
  }

  /** Steps since the beginning or since {@link #forget}. */
  public long steps() {
    return steps;
  }

  /**
   * The exponents, in the order of the directions; NaN before the first step.
   *
   * <p>That order is descending in the limit.
   */
  public double[] exponents() {
    double[] exponents = sums.clone();
    for (int i = 0; i < exponents.length; i++) {
      exponents[i] = (exponents[i] + lost[i]) / steps;
    }
    return exponents;
  }

  /** All exponents of a trajectory after its first {@code transientSteps} steps. */
  public static double[] of(Trajectory trajectory, int transientSteps) {
    if (transientSteps < 0 || transientSteps >= trajectory.steps()) {
      throw new IllegalArgumentException(
          "transientSteps is "
              + transientSteps
              + ", must be from 0 to "
              + (trajectory.steps() - 1));
    }
    LyapunovSpectrum spectrum = new LyapunovSpectrum(trajectory.model().stateSize());
    for (int t = 1; t <= trajectory.steps(); t++) {
      if (t == transientSteps + 1) {
        spectrum.forget();
      }
      spectrum.step(trajectory.stateJacobian(t));
    }
    return spectrum.exponents();
  }

  /**
   * The Kaplan-Yorke dimension, {@code k + (sum of the first k) / |lambda_{k+1}|} for the largest k
   * whose sum is not negative; 0 when the first exponent is negative, n when no sum is.
   *
   * @param exponents in descending order
   */
  public static double kaplanYorkeDimension(double... exponents) {
    double sum = 0;
    for (int k = 0; k < exponents.length; k++) {
      if (sum + exponents[k] < 0) {
        return k + sum / Math.abs(exponents[k]);
      }
      sum += exponents[k];
    }
    return exponents.length;
  }

  /** The sum of the positive exponents, which bounds the Kolmogorov-Sinai entropy from above. */
  public static double entropyBound(double... exponents) {
    double sum = 0;
    for (double exponent : exponents) {
      sum += Math.max(exponent, 0);
    }
    return sum;
  }

  /**
   * The exponents of products of independent n x n matrices whose elements are normal with variance
   * {@code g^2 / n}: {@code lambda_i = ln g + (ln(2/n) + psi((n - i + 1) / 2)) / 2}.
   *
   * <p>Source: C. Newman, "The distribution of Lyapunov exponents", 1986.
   */
  public static double[] newman(int n, double g) {
    double[] exponents = new double[n];
    for (int i = 0; i < n; i++) {
      exponents[i] = StrictMath.log(g) + (StrictMath.log(2.0 / n) + digammaOfHalf(n - i)) / 2;
    }
    return exponents;
  }

  /** psi(m / 2) for m >= 1, from psi(1/2) or psi(1) upwards. */
  private static double digammaOfHalf(int m) {
    double psi = m % 2 == 0 ? -EULER : -EULER - 2 * StrictMath.log(2);
    for (int k = m % 2 == 0 ? 2 : 1; k < m; k += 2) {
      psi += 2.0 / k;
    }
    return psi;
  }

  /** Takes the earlier directions out of direction i, twice, and scales it to length 1. */
  private double orthogonalize(int i) {
    double[] z = directions[i];
    // Once leaves rounding of the parts that were taken out; twice is enough (W. Kahan, B.
    // Parlett).
    for (int pass = 0; pass < 2; pass++) {
      for (int j = 0; j < i; j++) {
        double part = Vectors.dot(directions[j], z);
        for (int k = 0; k < size; k++) {
          z[k] -= part * directions[j][k];
        }
      }
    }
    return Vectors.normalize(z);
  }

  /** Compensated, so that the sum over millions of steps is as good as each of its terms. */
  private void add(int i, double term) {
    double sum = sums[i] + term;
    if (Double.isInfinite(sum)) {
      return;
    }
    boolean sumLarger = Math.abs(sums[i]) >= Math.abs(term);
    lost[i] += sumLarger ? sums[i] - sum + term : term - sum + sums[i];
    sums[i] = sum;
  }

  private void renew(int i) {
    do {
      for (int k = 0; k < size; k++) {
        directions[i][k] = random.nextGaussian();
      }
    } while (orthogonalize(i) < DEPENDENT);
  }
}
