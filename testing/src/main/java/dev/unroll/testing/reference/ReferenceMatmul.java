package dev.unroll.testing.reference;

/**
 * Matrix product in double precision: the triple loop.
 *
 * <p>Every product of two floats is exact in double, so the only errors are those of the sums,
 * about {@code k 2^-53} of {@link #magnitude}: 2^29 times smaller than the bound a float kernel has
 * to keep.
 */
public final class ReferenceMatmul {

  private ReferenceMatmul() {}

  /** {@code alpha op(A) op(B) + beta C + bias}, m by n, row-major, without padding. */
  public static double[] product(MatmulCase p) {
    double[] result = new double[Math.multiplyExact(p.m(), p.n())];
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        double sum = p.biasOf(j);
        if (p.beta() != 0) {
          sum += (double) p.beta() * p.c().get(i, j);
        }
        if (p.alpha() != 0) {
          double dot = 0;
          for (int q = 0; q < p.k(); q++) {
            dot += (double) p.opA(i, q) * p.opB(q, j);
          }
          sum += p.alpha() * dot;
        }
        result[i * p.n() + j] = sum;
      }
    }
    return result;
  }

  /**
   * {@code |alpha| |op(A)| |op(B)| + |beta| |C| + |bias|}, in the layout of {@link #product}: what
   * the relative error of a dot product is measured against, since cancellation can make the
   * product itself arbitrarily small.
   */
  public static double[] magnitude(MatmulCase p) {
    double[] result = new double[Math.multiplyExact(p.m(), p.n())];
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        double sum = Math.abs(p.biasOf(j));
        if (p.beta() != 0) {
          sum += Math.abs((double) p.beta() * p.c().get(i, j));
        }
        if (p.alpha() != 0) {
          double dot = 0;
          for (int q = 0; q < p.k(); q++) {
            dot += Math.abs((double) p.opA(i, q) * p.opB(q, j));
          }
          sum += Math.abs(p.alpha()) * dot;
        }
        result[i * p.n() + j] = sum;
      }
    }
    return result;
  }
}
