package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.BackwardSignals;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.WeightFormat;
import dev.unroll.cell.WeightSet;
import dev.unroll.internal.check.Checks;
import dev.unroll.kernel.Matmul;
import java.util.Arrays;

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
 * step alone, {@code back} of step t is {@code dh} of step t-1: one array with two offsets. A
 * {@code CellTrainer} keeps such an array, see {@link #accumulate(BackwardSignals, float,
 * WeightSet)}; its dR is laid out the other way round.
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
  private double[] squares = {};
  private float[] scaled = {};

  /** The rows above the floor, in the last call. */
  private long count;

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
    reserve(2L * rows, length);
    squares(rows, hiddenSize, back, backOffset, 0);
    squares(rows, hiddenSize, dh, dhOffset, rows);
    double omega = scale(rows, rows, hiddenSize, alpha, dz, dzOffset);
    int n = hiddenSize;
    if (count > 0) {
      product.multiply(n, n, rows, back, backOffset, n, scaled, 0, n, dR, dROffset, n);
    }
    return omega;
  }

  /**
   * Adds alpha times the immediate gradient to dR of an Elman cell in the post-activation form,
   * after a backward call that kept its signals. The loss must have been given by the gradients of
   * the last states alone, without dy: so that all of dh before a step is what the step hands back.
   *
   * @param gradients in PyTorch's format; those of the recurrent weights are added to
   * @return Omega, without alpha; 0 when all rows are below the floor
   * @throws NullPointerException when {@code signals} or {@code gradients} is null
   * @throws IllegalArgumentException when {@code gradients} are of another cell or format, or their
   *     sizes are not those of the signals
   */
  public double accumulate(BackwardSignals signals, float alpha, WeightSet gradients) {
    CellSpec spec = gradients.spec();
    if (spec.kind() != CellSpec.Kind.ELMAN || spec.form() != CellSpec.Form.POST_ACTIVATION) {
      throw new IllegalArgumentException(
          "gradients are of " + spec + ", must be of an Elman cell, post-activation");
    }
    if (gradients.format() != WeightFormat.PYTORCH) {
      throw new IllegalArgumentException(
          "gradients are in " + gradients.format() + ", must be in PYTORCH");
    }
    int n = spec.hiddenSize();
    if (signals.steps() > 0 && signals.sums() != n) {
      throw new IllegalArgumentException(
          "signals are of " + signals.sums() + " units, gradients of " + n);
    }
    int batch = signals.batch();
    int rows = signals.steps() * batch;
    reserve((long) rows + batch, (long) rows * n);
    // The signal after one step is what the next one hands back: one square for both.
    squares(rows == 0 ? 0 : rows + batch, n, signals.dh(), 0, 0);
    double omega = scale(rows, batch, n, alpha, signals.dz(), 0);
    if (count > 0) {
      float[] dR = gradients.recurrentWeights();
      product.multiply(n, n, rows, scaled, 0, n, signals.dh(), 0, n, dR, 0, n);
    }
    return omega;
  }

  private void reserve(long norms, long length) {
    if (norms > Integer.MAX_VALUE - 8 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "rows times hiddenSize is " + length + ", at most " + (Integer.MAX_VALUE - 8));
    }
    if (squares.length < norms) {
      squares = new double[(int) norms];
    }
    if (scaled.length < length) {
      scaled = new float[(int) length];
    }
  }

  /**
   * Omega from the squares of the rows, those of {@code back} first and those of dh {@code shift}
   * further on; dz times the factor of each row goes to {@code scaled}.
   */
  private double scale(int rows, int shift, int n, float alpha, float[] dz, int dzOffset) {
    double sum = 0;
    count = 0;
    for (int row = 0; row < rows; row++) {
      // Written so that NaN counts.
      if (!(squares[row + shift] < FLOOR)) {
        sum += term(squares[row] / squares[row + shift]);
        count++;
      }
    }
    double weight = alpha / (double) count;
    for (int row = 0; row < rows && count > 0; row++) {
      int at = row * n;
      double dhSquares = squares[row + shift];
      double factor =
          dhSquares < FLOOR ? 0 : weight * (slope(squares[row] / dhSquares) / dhSquares);
      // Not 0 times dz, which need not be finite.
      if (factor == 0) {
        Arrays.fill(scaled, at, at + n, 0f);
      } else {
        times(factor, n, dz, dzOffset + at, at);
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private void times(double factor, int n, float[] dz, int from, int to) {
    for (int i = 0; i < n; i++) {
      scaled[to + i] = (float) (factor * dz[from + i]);
    }
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

  /** The squares of so many rows, from {@code to} on; four chains, since one waits for itself. */
  private void squares(int rows, int n, float[] x, int offset, int to) {
    for (int row = 0; row < rows; row++) {
      int at = offset + row * n;
      int end = at + n;
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      int i = at;
      for (; i + 3 < end; i += 4) {
        a += (double) x[i] * x[i];
        b += (double) x[i + 1] * x[i + 1];
        c += (double) x[i + 2] * x[i + 2];
        d += (double) x[i + 3] * x[i + 3];
      }
      for (; i < end; i++) {
        a += (double) x[i] * x[i];
      }
      squares[to + row] = (a + b) + (c + d);
    }
  }
}
