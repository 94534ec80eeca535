package dev.unroll.flow;

/**
 * The gradient of a sequence's loss, three ways that must agree.
 *
 * <p><b>Formula.</b> With {@code J_t = dx_t/dx_{t-1}} and {@code D_t} the immediate partial
 * derivative of x_t by theta, the differential of the state unrolls to
 *
 * <pre>
 *   dx_t = (D_t + J_t D_{t-1} + J_t J_{t-1} D_{t-2} + ...) dtheta
 * </pre>
 *
 * <ul>
 *   <li>{@link #bptt}: {@code delta_T = dE_T/dx_T}, {@code delta_{t-1} = J_t^T delta_t +
 *       dE_{t-1}/dx_{t-1}}, {@code dE/dtheta = sum of D_t^T delta_t}.
 *   <li>{@link #temporalComponents}: the sum over t and k <= t of {@code dE_t/dx_t J_t ... J_{k+1}
 *       D_k}, term by term, sorted by the lag t - k.
 *   <li>{@link #rtrl}: forward in time, {@code P_t = D_t + J_t P_{t-1}}, {@code dE/dtheta = sum of
 *       dE_t/dx_t P_t}.
 * </ul>
 *
 * <p><b>Accuracy.</b> Double precision; the three agree to 1e-12, relatively, where the terms do
 * not cancel.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, equations 3 to 5; R. Williams and D.
 * Zipser, "A learning algorithm for continually running fully recurrent neural networks", 1989.
 */
public final class SequenceGradient {

  private SequenceGradient() {}

  /**
   * What back-propagation through time gives.
   *
   * @param parameters dE/dtheta
   * @param states dE/dx_t for t from 0 to T: all of it, through the later steps too
   */
  public record Bptt(double[] parameters, double[][] states) {

    /** |dE/dx_t| for t from 0 to T. */
    public double[] norms() {
      double[] norms = new double[states.length];
      for (int t = 0; t < norms.length; t++) {
        norms[t] = Vectors.norm(states[t]);
      }
      return norms;
    }
  }

  /**
   * The temporal components by their lag.
   *
   * @param byLag for each lag l from 0 to T - 1 the sum of the components with t - k = l
   */
  public record Components(double[][] byLag) {

    /** dE/dtheta: the sum over all lags. */
    public double[] sum() {
      double[] sum = new double[byLag[0].length];
      for (double[] part : byLag) {
        add(part, sum);
      }
      return sum;
    }

    /** The norm of each lag's part: long-term components are those at the end. */
    public double[] norms() {
      double[] norms = new double[byLag.length];
      for (int lag = 0; lag < norms.length; lag++) {
        norms[lag] = Vectors.norm(byLag[lag]);
      }
      return norms;
    }
  }

  /** Back-propagation through time. */
  public static Bptt bptt(Trajectory path, SequenceLoss loss) {
    int n = path.model().stateSize();
    double[] dTheta = new double[path.model().parameterSize()];
    double[] part = new double[dTheta.length];
    double[][] delta = new double[path.steps() + 1][n];
    double[] immediate = new double[n];
    for (int t = path.steps(); t >= 1; t--) {
      loss.gradient(t, path.states()[t], immediate);
      add(immediate, delta[t]);
      path.parameterJacobian(t).applyTransposed(delta[t], part);
      add(part, dTheta);
      path.stateJacobian(t).applyTransposed(delta[t], delta[t - 1]);
    }
    return new Bptt(dTheta, delta);
  }

  /** The sum of temporal components; T (T + 1) / 2 of them. */
  public static Components temporalComponents(Trajectory path, SequenceLoss loss) {
    int n = path.model().stateSize();
    double[][] byLag = new double[path.steps()][path.model().parameterSize()];
    double[] part = new double[path.model().parameterSize()];
    for (int t = 1; t <= path.steps(); t++) {
      double[] row = new double[n];
      loss.gradient(t, path.states()[t], row);
      for (int k = t; k >= 1; k--) {
        path.parameterJacobian(k).applyTransposed(row, part);
        add(part, byLag[t - k]);
        double[] before = new double[n];
        path.stateJacobian(k).applyTransposed(row, before);
        row = before;
      }
    }
    return new Components(byLag);
  }

  /** Real-time recurrent learning, with the parameters fixed: dE/dtheta, forward in time. */
  public static double[] rtrl(Trajectory path, SequenceLoss loss) {
    int n = path.model().stateSize();
    int size = path.model().parameterSize();
    double[] dTheta = new double[size];
    double[][] sensitivity = new double[size][n];
    double[] gradient = new double[n];
    for (int t = 1; t <= path.steps(); t++) {
      double[] immediate = path.parameterJacobian(t).toArray();
      LinearOperator jacobian = path.stateJacobian(t);
      loss.gradient(t, path.states()[t], gradient);
      for (int p = 0; p < size; p++) {
        double[] column = new double[n];
        jacobian.apply(sensitivity[p], column);
        for (int i = 0; i < n; i++) {
          column[i] += immediate[i * size + p];
        }
        sensitivity[p] = column;
        dTheta[p] += Vectors.dot(gradient, column);
      }
    }
    return dTheta;
  }

  private static void add(double[] part, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += part[i];
    }
  }
}
