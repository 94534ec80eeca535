package dev.unroll.train;

import static java.util.Objects.requireNonNull;

/**
 * Keeps exploding gradients from leaving the region where they mean something.
 *
 * <p><b>Formula.</b> By norm: with g all gradients as one vector, {@code g = g * threshold / |g|}
 * where {@code |g| > threshold}; the direction stays. By element: {@code g[i] = min(max(g[i],
 * -threshold), threshold)}; the direction does not stay, and a sum of clipped terms can even change
 * its sign: 10 - 9.5 - 0.4 is 0.1, but clipped at 1 it is 1 - 1 - 0.4 = -0.4, an ascent. Prefer the
 * norm.
 *
 * <p><b>Shapes.</b> Whole arrays; together they are one vector. None, or empty ones, are fine.
 *
 * <p><b>Writes</b> the gradients in place, and only when something has to be clipped.
 *
 * <p><b>Accuracy.</b> The norm is the square root of a sum of squares in double precision: no float
 * overflows or underflows there. Each clipped element is rounded once, so the new norm is within
 * 2^-24 of the threshold, relatively, as long as the elements stay normal.
 *
 * <p><b>Special values.</b> A zero gradient stays. NaN or an infinity in g makes |g| not finite;
 * what happens then is the caller's {@link NonFinitePolicy}: no scaling could repair such a
 * gradient.
 *
 * <p><b>Errors.</b> NullPointerException for a null array, IllegalArgumentException for a threshold
 * that is not above 0, both before anything is written.
 *
 * <p><b>Allocation.</b> The result; the VM usually removes it.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
 * networks", ICML 2013, arXiv 1211.5063, algorithm 1. It prints {@code >=}; the results are equal.
 * The variant by element is T. Mikolov's, "Statistical language models based on neural networks",
 * 2012. As a threshold they suggest half to ten times the average norm, see {@link AverageNorm}.
 */
public final class GradientClipping {

  private GradientClipping() {}

  /**
   * What clipping by norm did.
   *
   * @param norm |g| before; NaN or infinite when g is not finite
   * @param scale what g was multiplied with; 1 when nothing was done
   */
  public record Result(double norm, double scale) {

    /** Whether the gradient was longer than the threshold. */
    public boolean clipped() {
      return scale < 1 && finite();
    }

    /** Whether all elements were finite. */
    public boolean finite() {
      return Double.isFinite(norm);
    }
  }

  /** |g|, the 2-norm of all arrays together. */
  public static double norm(float[]... gradients) {
    double sum = 0;
    for (float[] part : gradients) {
      for (float value : requireNonNull(part, "gradients")) {
        // Exact: a product of two floats has 48 bits. So large and small values need no scaling.
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Clips by norm and refuses gradients that are not finite.
   *
   * @throws ArithmeticException when the gradient is not finite; nothing has been written then
   */
  public static Result byNorm(double threshold, float[]... gradients) {
    return byNorm(threshold, NonFinitePolicy.REFUSE, gradients);
  }

  /**
   * Clips by norm.
   *
   * @param threshold the largest norm that stays, above 0; infinity clips nothing
   * @throws ArithmeticException when the gradient is not finite and the policy is to refuse it;
   *     nothing has been written then
   */
  public static Result byNorm(double threshold, NonFinitePolicy policy, float[]... gradients) {
    check(threshold);
    requireNonNull(policy, "policy");
    double norm = norm(gradients);
    if (!Double.isFinite(norm)) {
      return policy.apply(norm, gradients);
    }
    if (norm <= threshold) {
      return new Result(norm, 1);
    }
    double scale = threshold / norm;
    for (float[] part : gradients) {
      for (int i = 0; i < part.length; i++) {
        part[i] = (float) (part[i] * scale);
      }
    }
    return new Result(norm, scale);
  }

  /**
   * Clips each element by itself. NaN stays NaN, infinities become the threshold.
   *
   * @return how many elements were clipped
   */
  public static long byElement(float threshold, float[]... gradients) {
    check(threshold);
    for (float[] part : gradients) {
      requireNonNull(part, "gradients");
    }
    long clipped = 0;
    for (float[] part : gradients) {
      for (int i = 0; i < part.length; i++) {
        if (Math.abs(part[i]) > threshold) {
          part[i] = Math.copySign(threshold, part[i]);
          clipped++;
        }
      }
    }
    return clipped;
  }

  private static void check(double threshold) {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException("threshold is " + threshold + ", must be above 0");
    }
  }
}
