package dev.unroll.flow;

/**
 * How far a product of Jacobians is from preserving lengths, by the moments of its squared singular
 * values.
 *
 * <p><b>Formula.</b> {@code m_k = mean of sigma_i^(2k) = tr((J J^T)^k) / n}. A mean of 1 keeps a
 * typical gradient's length; dynamical isometry asks for more, all sigma near 1, a variance near 0.
 *
 * <p>Closed forms for products over L layers of width n to infinity: for linear layers with
 * Gaussian weights of variance 1/n the moments are the Fuss-Catalan numbers; for any layers {@code
 * Var / m_1^2 = L (mu_2 / mu_1^2 - 1 - s_1)}, mu_k the k-th moment of s'^2, s_1 = -1 for Gaussian
 * and 0 for orthogonal weights.
 *
 * <p>Source: J. Pennington, S. Schoenholz, S. Ganguli, "Resurrecting the sigmoid in deep learning
 * through dynamical isometry", 2017.
 *
 * @param mean m_1
 * @param secondMoment m_2
 * @param smallest the smallest sigma^2
 * @param largest the largest sigma^2
 */
public record Isometry(double mean, double secondMoment, double smallest, double largest) {

  /** The s_1 of Gaussian weights. */
  public static final double GAUSSIAN = -1;

  /** The s_1 of orthogonal weights. */
  public static final double ORTHOGONAL = 0;

  /** Of singular values, in any order. */
  public static Isometry of(double... singularValues) {
    if (singularValues.length == 0) {
      throw new IllegalArgumentException("singularValues is empty, must have at least one");
    }
    double mean = 0;
    double second = 0;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (double sigma : singularValues) {
      double square = sigma * sigma;
      mean += square;
      second += square * square;
      smallest = Math.min(smallest, square);
      largest = Math.max(largest, square);
    }
    int n = singularValues.length;
    return new Isometry(mean / n, second / n, smallest, largest);
  }

  /** Of an operator, by its singular values. */
  public static Isometry of(LinearOperator jacobian) {
    return of(SingularValues.of(jacobian));
  }

  /** Var(sigma^2) / m_1^2; 0 is isometry up to a factor. */
  public double relativeVariance() {
    return secondMoment / (mean * mean) - 1;
  }

  /** The k-th moment over L Gaussian linear layers: {@code C((L+1) k, k) / (L k + 1)}. */
  public static double fussCatalan(int layers, int k) {
    double binomial = 1;
    for (int i = 1; i <= k; i++) {
      binomial *= ((layers + 1.0) * k - k + i) / i;
    }
    return binomial / (layers * (double) k + 1);
  }

  /** The largest sigma^2 over L Gaussian linear layers: {@code (L+1)^(L+1) / L^L}. */
  public static double edge(int layers) {
    return (layers + 1) * StrictMath.pow((layers + 1.0) / layers, layers);
  }

  /**
   * The relative variance over L layers.
   *
   * @param momentRatio mu_2 / mu_1^2 of s'^2: 1 for linear units, 2 for ReLU
   * @param s1 {@link #GAUSSIAN} or {@link #ORTHOGONAL}
   */
  public static double expectedRelativeVariance(int layers, double momentRatio, double s1) {
    return layers * (momentRatio - 1 - s1);
  }
}
