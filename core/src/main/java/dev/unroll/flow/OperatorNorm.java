package dev.unroll.flow;

import java.util.Random;

/**
 * The 2-norm of a linear operator, its largest singular value, by power iteration on A^T A.
 *
 * <p><b>Formula.</b> {@code v <- A^T A v / |A^T A v|}; the norm is |A v|.
 *
 * <p><b>Accuracy.</b> Never above the norm by more than rounding. With the two largest singular
 * values s1 > s2 the error after i steps is about {@code s1 (s2/s1)^(4 i)}, and never more than s1
 * - s2 once the iteration has turned to their plane. It ends when the growth of one step is below
 * 2^-50, or after {@link #LIMIT} steps.
 *
 * <p><b>Special values.</b> NaN when a product is NaN; 0 for the zero operator.
 *
 * <p><b>Allocation.</b> Two vectors.
 */
public final class OperatorNorm {

  /** Steps at most. */
  public static final int LIMIT = 20_000;

  private static final double SETTLED = 0x1p-50;

  /** So that one lucky step does not end the iteration. */
  private static final int SETTLED_STEPS = 4;

  private OperatorNorm() {}

  /** The norm of A. */
  public static double of(LinearOperator a) {
    double[] v = new double[a.columns()];
    double[] image = new double[a.rows()];
    // Any fixed vector may be orthogonal to the leading one; a random one is so with chance 0.
    Random random = new Random(a.columns());
    for (int i = 0; i < v.length; i++) {
      v[i] = random.nextGaussian();
    }
    Vectors.normalize(v);
    double norm = 0;
    int settled = 0;
    for (int i = 0; i < LIMIT && settled < SETTLED_STEPS; i++) {
      a.apply(v, image);
      double next = Vectors.normalize(image);
      if (next == 0 || Double.isNaN(next)) {
        return next;
      }
      settled = next - norm <= SETTLED * next ? settled + 1 : 0;
      norm = Math.max(norm, next);
      a.applyTransposed(image, v);
      if (Vectors.normalize(v) == 0) {
        return norm;
      }
    }
    return norm;
  }
}
