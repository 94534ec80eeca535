package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * The recurrent network of the vanishing-gradient literature.
 *
 * <p><b>Formula.</b>
 *
 * <pre>
 *   PRE    x_t = W_rec s(x_{t-1}) + W_in u_t + b        J_t = W_rec diag(s'(x_{t-1}))
 *   POST   y_t = s(W_rec y_{t-1} + W_in u_t + b)        J_t = diag(s'(z_t)) W_rec
 * </pre>
 *
 * <p>They are one system seen at two places: y_t = s(x_t). Pascanu et al. print the Jacobian of the
 * first form as {@code W_rec^T diag(s'(x_{t-1}))} in their equation 5; differentiating gives {@code
 * W_rec diag(s'(x_{t-1}))}, as here. The norms bound each other alike, so their conclusions stand.
 *
 * <p><b>Shapes.</b> W_rec is H x H, W_in H x I, row-major: row i leads to unit i. theta is W_rec,
 * W_in and b, one after the other.
 *
 * <p><b>Accuracy.</b> Sums in double precision, in the order of the columns.
 *
 * <p><b>Errors.</b> NullPointerException and IllegalArgumentException name the argument.
 *
 * <p>Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, equations 2 and 5.
 */
public final class RecurrentNetwork implements RecurrentModel {

  /** Where the state is taken. */
  public enum Form {
    /** Before the activation. */
    PRE,
    /** After it. */
    POST
  }

  private final Form form;
  private final Nonlinearity s;
  private final int hidden;
  private final int inputs;
  private final double[] wRec;
  private final double[] wIn;
  private final double[] b;

  /**
   * Copies the weights.
   *
   * @param wRec H x H
   * @param wIn H x I; empty for a network without input
   * @param b H; its length gives H
   */
  public RecurrentNetwork(Form form, Nonlinearity s, double[] wRec, double[] wIn, double[] b) {
    this.form = requireNonNull(form, "form");
    this.s = requireNonNull(s, "s");
    hidden = b.length;
    if (hidden == 0) {
      throw new IllegalArgumentException("b is empty, must have at least one element");
    }
    if (wRec.length != (long) hidden * hidden) {
      throw new IllegalArgumentException(
          "wRec has " + wRec.length + " elements, must have " + hidden + " x " + hidden);
    }
    if (wIn.length % hidden != 0) {
      throw new IllegalArgumentException(
          "wIn has " + wIn.length + " elements, must have a multiple of " + hidden);
    }
    inputs = wIn.length / hidden;
    this.wRec = wRec.clone();
    this.wIn = wIn.clone();
    this.b = b.clone();
  }

  /** The same network in the other form; states are converted by {@link #output}. */
  public RecurrentNetwork conjugate() {
    return new RecurrentNetwork(form == Form.PRE ? Form.POST : Form.PRE, s, wRec, wIn, b);
  }

  /** The same form with other parameters, in the layout of theta. */
  public RecurrentNetwork with(double[] theta) {
    if (theta.length != parameterSize()) {
      throw new IllegalArgumentException(
          "theta has " + theta.length + " elements, must have " + parameterSize());
    }
    int r = wRec.length;
    int i = r + wIn.length;
    return new RecurrentNetwork(
        form,
        s,
        Arrays.copyOfRange(theta, 0, r),
        Arrays.copyOfRange(theta, r, i),
        Arrays.copyOfRange(theta, i, theta.length));
  }

  /** theta: W_rec, W_in, b. */
  public double[] parameters() {
    double[] theta = new double[parameterSize()];
    System.arraycopy(wRec, 0, theta, 0, wRec.length);
    System.arraycopy(wIn, 0, theta, wRec.length, wIn.length);
    System.arraycopy(b, 0, theta, wRec.length + wIn.length, hidden);
    return theta;
  }

  /** s, whose gamma bounds the Jacobians. */
  public Nonlinearity nonlinearity() {
    return s;
  }

  /** W_rec as an operator. */
  public LinearOperator recurrentWeights() {
    return LinearOperator.dense(hidden, hidden, wRec.clone());
  }

  /** What the units give: s(x) in the form PRE, the state itself in the form POST. */
  public double[] output(double[] x) {
    double[] y = x.clone();
    if (form == Form.PRE) {
      for (int i = 0; i < hidden; i++) {
        y[i] = s.value(x[i]);
      }
    }
    return y;
  }

  @Override
  public int stateSize() {
    return hidden;
  }

  @Override
  public int inputSize() {
    return inputs;
  }

  @Override
  public int parameterSize() {
    return wRec.length + wIn.length + hidden;
  }

  @Override
  public void next(double[] x, double[] u, double[] next) {
    double[] y = output(x);
    for (int i = 0; i < hidden; i++) {
      double z = sum(y, u, i);
      next[i] = form == Form.PRE ? z : s.value(z);
    }
  }

  @Override
  public LinearOperator stateJacobian(double[] x, double[] u) {
    double[] jacobian = wRec.clone();
    double[] slopes = slopes(x, u);
    for (int i = 0; i < hidden; i++) {
      for (int j = 0; j < hidden; j++) {
        jacobian[i * hidden + j] *= slopes[form == Form.PRE ? j : i];
      }
    }
    return LinearOperator.dense(hidden, hidden, jacobian);
  }

  @Override
  public LinearOperator parameterJacobian(double[] x, double[] u) {
    double[] slopes = new double[hidden];
    Arrays.fill(slopes, 1);
    return new ParameterJacobian(output(x), u.clone(), form == Form.PRE ? slopes : slopes(x, u));
  }

  private double sum(double[] y, double[] u, int i) {
    double z = b[i];
    for (int j = 0; j < hidden; j++) {
      z += wRec[i * hidden + j] * y[j];
    }
    for (int j = 0; j < inputs; j++) {
      z += wIn[i * inputs + j] * u[j];
    }
    return z;
  }

  /** s' where this step applies s: at the state before, or at the sums that the step makes. */
  private double[] slopes(double[] x, double[] u) {
    double[] slopes = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      slopes[i] = s.derivative(form == Form.PRE ? x[i] : sum(x, u, i));
    }
    return slopes;
  }

  /** d x_k[i] is slopes[i] times y[j] for W_rec[i][j], u[j] for W_in[i][j], and 1 for b[i]. */
  private final class ParameterJacobian implements LinearOperator {

    private final double[] y;
    private final double[] u;
    private final double[] slopes;

    ParameterJacobian(double[] y, double[] u, double[] slopes) {
      this.y = y;
      this.u = u;
      this.slopes = slopes;
    }

    @Override
    public int rows() {
      return hidden;
    }

    @Override
    public int columns() {
      return parameterSize();
    }

    @Override
    public void apply(double[] theta, double[] dx) {
      int in = wRec.length;
      int bias = in + wIn.length;
      for (int i = 0; i < hidden; i++) {
        double sum = theta[bias + i];
        for (int j = 0; j < hidden; j++) {
          sum += theta[i * hidden + j] * y[j];
        }
        for (int j = 0; j < inputs; j++) {
          sum += theta[in + i * inputs + j] * u[j];
        }
        dx[i] = slopes[i] * sum;
      }
    }

    @Override
    public void applyTransposed(double[] dx, double[] dTheta) {
      int in = wRec.length;
      int bias = in + wIn.length;
      for (int i = 0; i < hidden; i++) {
        double delta = slopes[i] * dx[i];
        for (int j = 0; j < hidden; j++) {
          dTheta[i * hidden + j] = delta * y[j];
        }
        for (int j = 0; j < inputs; j++) {
          dTheta[in + i * inputs + j] = delta * u[j];
        }
        dTheta[bias + i] = delta;
      }
    }
  }
}
