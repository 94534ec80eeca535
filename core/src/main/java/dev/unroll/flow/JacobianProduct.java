package dev.unroll.flow;

import java.util.List;

/**
 * The product of Jacobians over several steps, {@code dx_t/dx_k = J_t ... J_{k+2} J_{k+1}}.
 *
 * <p><b>Shapes.</b> The factors in the order of time: the first one is applied first, so its rows
 * are the columns of the second. No factor at all is not a product.
 *
 * <p><b>Accuracy.</b> Each factor rounds as its own products do. The norm of a product over many
 * steps can leave the range of doubles; {@link LyapunovSpectrum} does not mind.
 *
 * <p><b>Allocation.</b> Two vectors for each product.
 */
public final class JacobianProduct implements LinearOperator {

  private final List<LinearOperator> factors;

  /**
   * @param factors in the order of time
   * @throws IllegalArgumentException when there is none, or two neighbours do not fit
   */
  public JacobianProduct(List<? extends LinearOperator> factors) {
    this.factors = List.copyOf(factors);
    if (this.factors.isEmpty()) {
      throw new IllegalArgumentException("factors is empty, must have at least one");
    }
    for (int i = 1; i < this.factors.size(); i++) {
      int rows = this.factors.get(i - 1).rows();
      int columns = this.factors.get(i).columns();
      if (rows != columns) {
        throw new IllegalArgumentException(
            "factors "
                + (i - 1)
                + " has "
                + rows
                + " rows, must have "
                + columns
                + " for the next");
      }
    }
  }

  /** The factors, in the order of time. */
  public List<LinearOperator> factors() {
    return factors;
  }

  @Override
  public int rows() {
    return factors.getLast().rows();
  }

  @Override
  public int columns() {
    return factors.getFirst().columns();
  }

  @Override
  public void apply(double[] x, double[] y) {
    double[] from = x;
    for (LinearOperator factor : factors) {
      double[] to = new double[factor.rows()];
      factor.apply(from, to);
      from = to;
    }
    System.arraycopy(from, 0, y, 0, rows());
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    double[] from = y;
    for (LinearOperator factor : factors.reversed()) {
      double[] to = new double[factor.columns()];
      factor.applyTransposed(from, to);
      from = to;
    }
    System.arraycopy(from, 0, x, 0, columns());
  }
}
