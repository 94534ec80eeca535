package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.kernel.Activations;

/**
 * The mean cross-entropy of a softmax, and its gradient.
 *
 * <p><b>Formula.</b> For N rows of K logits z with the labels k,
 *
 * <pre>
 *   p = e^(z - max z) / sum e^(z - max z)     loss = mean of -ln p_k     dz = (p - [k]) / N
 * </pre>
 *
 * <p>e^x in f32, sums in double, in the order of the classes; ln by {@link StrictMath}: the same
 * bits on every machine.
 *
 * <p><b>Shapes.</b> Logits and their gradients [N][K] without gaps, from an offset on.
 *
 * <p><b>Aliasing.</b> The gradients may take the place of the logits.
 *
 * <p><b>Special values.</b> A row with NaN or +Inf among its logits gives NaN.
 *
 * <p><b>Allocation.</b> None.
 */
public final class SoftmaxCrossEntropy {

  private SoftmaxCrossEntropy() {}

  /**
   * The loss; writes the gradients.
   *
   * @param labels a class from 0 to K - 1 for each row, from the start of the array
   * @return the mean over the rows; 0 without rows
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when a size is negative, {@code classes} is 0, a label is no
   *     class, or the gradients overlap the logits without being in their place
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public static double loss(
      int rows,
      int classes,
      float[] logits,
      int logitsOffset,
      int[] labels,
      float[] dLogits,
      int dLogitsOffset) {
    Checks.size("rows", rows);
    if (classes < 1) {
      throw new IllegalArgumentException("classes is " + classes + ", must be at least 1");
    }
    long all = (long) rows * classes;
    Checks.range("logits", logits, logitsOffset, all);
    Checks.range("dLogits", dLogits, dLogitsOffset, all);
    if (logitsOffset != dLogitsOffset) {
      Checks.apart("dLogits", dLogits, dLogitsOffset, all, "logits", logits, logitsOffset, all);
    }
    if (requireNonNull(labels, "labels").length < rows) {
      throw new IndexOutOfBoundsException(
          "labels has " + labels.length + " elements, but " + rows + " are needed");
    }
    for (int n = 0; n < rows; n++) {
      if (labels[n] < 0 || labels[n] >= classes) {
        throw new IllegalArgumentException(
            "labels[" + n + "] is " + labels[n] + ", must be from 0 to " + (classes - 1));
      }
    }
    double loss = 0;
    for (int n = 0; n < rows; n++) {
      int z = logitsOffset + n * classes;
      int d = dLogitsOffset + n * classes;
      loss += row(rows, classes, logits, z, labels[n], dLogits, d);
    }
    return rows == 0 ? 0 : loss / rows;
  }

  private static double row(
      int rows, int classes, float[] z, int z0, int label, float[] d, int d0) {
    float most = z[z0];
    for (int j = 1; j < classes; j++) {
      most = Math.max(most, z[z0 + j]);
    }
    float own = z[z0 + label] - most;
    for (int j = 0; j < classes; j++) {
      d[d0 + j] = z[z0 + j] - most;
    }
    Activations.exp(d, d0, d, d0, classes);
    double sum = 0;
    for (int j = 0; j < classes; j++) {
      sum += d[d0 + j];
    }
    for (int j = 0; j < classes; j++) {
      double p = d[d0 + j] / sum;
      d[d0 + j] = (float) ((j == label ? p - 1 : p) / rows);
    }
    return StrictMath.log(sum) - own;
  }
}
