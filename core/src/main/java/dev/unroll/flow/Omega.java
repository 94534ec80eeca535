package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far a network is from handing its error signal back at constant length: the regularizer Omega
 * in double precision, as a measure and as a reference.
 *
 * <p><b>Formula.</b> {@code Omega = mean of (r - 1)^2}, r being for each step the ratio {@code
 * |J_t^T dE/dx_t| / |dE/dx_t|} (form {@link Form#NORMS}, the paper's equation 9) or its square
 * (form {@link Form#SQUARED_NORMS}, its equation 10 and the authors' program). The paper sums
 * instead of taking the mean in equation 9. Steps with {@code |dE/dx_t|^2} below {@link #FLOOR} do
 * not count.
 *
 * <p>{@code dev.unroll.train.VanishingRegularizer} is the same in f32, for training; it is tested
 * against this class.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, section 3.3, and the authors'
 * trainingRNNs.
 */
public final class Omega {

  /** Signals whose squared norm is less have no direction left to keep. */
  public static final double FLOOR = 1e-20;

  /** Which ratio Omega looks at. */
  public enum Form {
    /** Squared norms: the authors' program. */
    SQUARED_NORMS,
    /** Norms: the paper's equation 9. */
    NORMS
  }

  private final Form form;

  /** In either form. */
  public Omega(Form form) {
    this.form = requireNonNull(form, "form");
  }

  /**
   * Omega of Jacobians from anywhere.
   *
   * @param jacobians J_1 to J_T
   * @param signals dE/dx_1 to dE/dx_T
   * @return 0 when all signals are below the floor
   */
  public double of(List<? extends LinearOperator> jacobians, double[][] signals) {
    if (jacobians.size() != signals.length) {
      throw new IllegalArgumentException(
          "signals has " + signals.length + " rows, must have " + jacobians.size());
    }
    double sum = 0;
    int count = 0;
    for (int t = 0; t < signals.length; t++) {
      LinearOperator jacobian = jacobians.get(t);
      double[] back = new double[jacobian.columns()];
      jacobian.applyTransposed(signals[t], back);
      double squares = Vectors.dot(signals[t], signals[t]);
      if (!(squares < FLOOR)) {
        sum += term(Vectors.dot(back, back) / squares);
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** Omega of a trajectory, the signals being those of back-propagation. */
  public double of(Trajectory path, SequenceGradient.Bptt gradient) {
    List<LinearOperator> jacobians =
        IntStream.rangeClosed(1, path.steps()).mapToObj(path::stateJacobian).toList();
    double[][] signals = Arrays.copyOfRange(gradient.states(), 1, gradient.states().length);
    return of(jacobians, signals);
  }

  /**
   * Omega for steps {@code h = f(h R + ...)} of row vectors, and its immediate gradient, which
   * holds dh and dz constant.
   *
   * @param rows steps times sequences
   * @param n H
   * @param dh dE/dh of each row, rows x H
   * @param dz dh times f', rows x H
   * @param r R, H x H, from unit to unit
   * @param dR H x H, overwritten: {@code sum of 4 (r - 1) back^T dz / |dh|^2 / count} with {@code
   *     back = dz R^T}, or {@code 2 (sqrt(r) - 1) / sqrt(r)} in place of {@code 4 (r - 1)}
   */
  public double withGradient(int rows, int n, double[] dh, double[] dz, double[] r, double[] dR) {
    Checks.size("rows", rows);
    Checks.size("n", n);
    length("dh", dh, (long) rows * n);
    length("dz", dz, (long) rows * n);
    length("r", r, (long) n * n);
    length("dR", dR, (long) n * n);
    Arrays.fill(dR, 0);
    LinearOperator recurrent = LinearOperator.dense(n, n, r);
    double[] in = new double[n];
    double[] back = new double[n];
    double sum = 0;
    int count = 0;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(dh, row * n, in, 0, n);
      double squares = Vectors.dot(in, in);
      if (squares < FLOOR) {
        continue;
      }
      System.arraycopy(dz, row * n, in, 0, n);
      recurrent.apply(in, back);
      double ratio = Vectors.dot(back, back) / squares;
      sum += term(ratio);
      count++;
      double factor = slope(ratio) / squares;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          dR[i * n + j] += factor * back[i] * in[j];
        }
      }
    }
    for (int i = 0; i < dR.length && count > 0; i++) {
      dR[i] /= count;
    }
    return count == 0 ? 0 : sum / count;
  }

  private double term(double ratio) {
    double excess = (form == Form.NORMS ? Math.sqrt(ratio) : ratio) - 1;
    return excess * excess;
  }

  private double slope(double ratio) {
    if (form == Form.SQUARED_NORMS) {
      return 4 * (ratio - 1);
    }
    double root = Math.sqrt(ratio);
    return root == 0 ? 0 : 2 * (root - 1) / root;
  }

  private static void length(String name, double[] data, long length) {
    requireNonNull(data, name);
    if (data.length != length) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + length);
    }
  }
}
