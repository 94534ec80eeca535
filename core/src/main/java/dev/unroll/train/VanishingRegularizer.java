package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.kernel.Matmul;

/**
 * Omega, the regularizer against vanishing gradients: it asks the recurrent weights to keep the
 * norm of the error signal from one step to the step before.
 *
 * <p><b>Formula.</b> For a network whose steps are {@code h_t = f(h_{t-1} R + ...)}, rows being
 * sequences, a backward pass has for every step t and sequence b the rows
 *
 * <pre>
 *   dh = dL/dh_t            the whole signal at the output of step t
 *   dz = dh * f'(z_t)       the same before the activation
 *   back = dz R^T           what step t hands back to step t-1
 * </pre>
 *
 * <p>and Omega is, the sums running over the rows with {@code |dh|^2 >= FLOOR},
 *
 * <pre>
 *   SQUARED_NORMS   Omega = sum (|back|^2 / |dh|^2 - 1)^2 / count
 *   NORMS           Omega = sum (|back| / |dh| - 1)^2 / count
 * </pre>
 *
 * <p>Its immediate gradient, dh and dz held constant, is with {@code r = |back|^2 / |dh|^2}
 *
 * <pre>
 *   SQUARED_NORMS   dR += alpha * sum 4 (r - 1) back^T dz / |dh|^2 / count
 *   NORMS           dR += alpha * sum 2 (sqrt(r) - 1) / sqrt(r) back^T dz / |dh|^2 / count
 * </pre>
 *
 * <p>The paper's equation 9 is the form with norms, its equation 10 and its authors' program use
 * squared norms; the values differ (0.075 and 0.415 on one and the same network), so a weight alpha
 * belongs to a form. The program's is the default.
 *
 * <p><b>Shapes.</b> dh, dz and back are rows x H, row-major without gaps, each with an offset in
 * elements: rows = T N when all steps of a batch are given at once. dR is H x H, laid out as the R
 * above: {@code dR[i][j]} belongs to the connection from unit i to unit j. With a loss at the last
 * step alone, {@code back} of step t is {@code dh} of step t-1: one array with two offsets.
 *
 * <p><b>Aliasing.</b> dh, dz and back may overlap; dR shares no element with them.
 *
 * <p><b>Accumulates</b> into dR; clip after that, since the regularizer alone usually fails by
 * explosion.
 *
 * <p><b>Accuracy.</b> Norms in double precision, the factors of the rows rounded to float, the
 * product as {@link Matmul} promises with k = rows.
 *
 * <p><b>Special values.</b> Rows below the floor add nothing, nor do, in the form with norms, rows
 * with back = 0, where its derivative does not exist. NaN and infinities go through.
 *
 * <p><b>Allocation.</b> None once it has seen a shape. An instance belongs to one thread at a time.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, arXiv 1211.5063, section 3.3, and the
 * authors' trainingRNNs.
 */
public final class VanishingRegularizer {

  /** Rows whose |dh|^2 is less have no direction left to keep. */
  public static final double FLOOR = 1e-20;

  /** Which ratio Omega looks at. */
  public enum Form {
    /** |back|^2 / |dh|^2, the authors' program. */
    SQUARED_NORMS,
    /** |back| / |dh|, the paper's equation 9. */
    NORMS
  }

  private final Form form;
  private final Matmul product = Matmul.builder().transposeA().beta(1).build();
  private float[] scaled = {};

  /** In the form with squared norms. */
  public VanishingRegularizer() {
    this(Form.SQUARED_NORMS);
  }

  /** In either form. */
  public VanishingRegularizer(Form form) {
    this.form = requireNonNull(form, "form");
  }

  /**
   * Adds alpha times the immediate gradient to dR.
   *
   * @return Omega, without alpha; 0 when all rows are below the floor
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when a size is negative or dR overlaps {@code back}
   * @throws IndexOutOfBoundsException when a matrix does not lie inside its array; nothing has been
   *     written then
   */
  public double accumulate(
      int rows,
      int hiddenSize,
      float alpha,
      float[] dh,
      int dhOffset,
      float[] dz,
      int dzOffset,
      float[] back,
      int backOffset,
      float[] dR,
      int dROffset) {
    Checks.size("rows", rows);
    Checks.size("hiddenSize", hiddenSize);
    long length = (long) rows * hiddenSize;
    Checks.range("dh", dh, dhOffset, length);
    Checks.range("dz", dz, dzOffset, length);
    Checks.range("back", back, backOffset, length);
    long square = (long) hiddenSize * hiddenSize;
    Checks.range("dR", dR, dROffset, square);
    Checks.apart("dR", dR, dROffset, square, "dh", dh, dhOffset, length);
    Checks.apart("dR", dR, dROffset, square, "dz", dz, dzOffset, length);
    Checks.apart("dR", dR, dROffset, square, "back", back, backOffset, length);
    if (scaled.length < length) {
      scaled = new float[(int) length];
    }
    double sum = 0;
    long count = 0;
    for (int row = 0; row < rows; row++) {
      int at = row * hiddenSize;
      double dhSquares = squares(dh, dhOffset + at, hiddenSize);
      double factor = 0;
      // Written so that NaN counts.
      if (!(dhSquares < FLOOR)) {
        double ratio = squares(back, backOffset + at, hiddenSize) / dhSquares;
        sum += term(ratio);
        factor = slope(ratio) / dhSquares;
        count++;
      }
      for (int i = 0; i < hiddenSize; i++) {
        scaled[at + i] = factor == 0 ? 0 : (float) (factor * dz[dzOffset + at + i]);
      }
    }
    if (count == 0) {
      return 0;
    }
    double weight = alpha / (double) count;
    for (int i = 0; i < length; i++) {
      scaled[i] = (float) (weight * scaled[i]);
    }
    product.multiply(
        hiddenSize,
        hiddenSize,
        rows,
        back,
        backOffset,
        hiddenSize,
        scaled,
        0,
        hiddenSize,
        dR,
        dROffset,
        hiddenSize);
    return sum / count;
  }

  private double term(double ratio) {
    double excess = (form == Form.NORMS ? Math.sqrt(ratio) : ratio) - 1;
    return excess * excess;
  }

  /** d term / d (back back^T) times 2, which the square brings. */
  private double slope(double ratio) {
    if (form == Form.SQUARED_NORMS) {
      return 4 * (ratio - 1);
    }
    double root = Math.sqrt(ratio);
    return root == 0 ? 0 : 2 * (root - 1) / root;
  }

  private static double squares(float[] x, int offset, int length) {
    double sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }
}
