package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

/**
 * A linear map known by what it does to vectors: what a Jacobian is, wherever it comes from.
 *
 * <p>An implementation gives the two products; everything else follows from them. The products of a
 * model's backward pass are enough: {@link #applyTransposed} is one step of back-propagation.
 */
public interface LinearOperator {

  /** The length of results. */
  int rows();

  /** The length of arguments. */
  int columns();

  /**
   * {@code y = A x}, the Jacobian-vector product.
   *
   * @param x {@link #columns} elements, not changed
   * @param y {@link #rows} elements, overwritten; not the same array as x
   */
  void apply(double[] x, double[] y);

  /**
   * {@code x = A^T y}, the vector-Jacobian product.
   *
   * @param y {@link #rows} elements, not changed
   * @param x {@link #columns} elements, overwritten; not the same array as y
   */
  void applyTransposed(double[] y, double[] x);

  /** The matrix, rows x columns, row-major: one product for each row or column. */
  default double[] toArray() {
    int rows = rows();
    int columns = columns();
    double[] matrix = new double[Math.multiplyExact(rows, columns)];
    if (rows <= columns) {
      double[] unit = new double[rows];
      double[] row = new double[columns];
      for (int i = 0; i < rows; i++) {
        unit[i] = 1;
        applyTransposed(unit, row);
        unit[i] = 0;
        System.arraycopy(row, 0, matrix, i * columns, columns);
      }
    } else {
      double[] unit = new double[columns];
      double[] column = new double[rows];
      for (int j = 0; j < columns; j++) {
        unit[j] = 1;
        apply(unit, column);
        unit[j] = 0;
        for (int i = 0; i < rows; i++) {
          matrix[i * columns + j] = column[i];
        }
      }
    }
    return matrix;
  }

  /**
   * A dense matrix, row-major without gaps; read at each product, not copied.
   *
   * @throws IllegalArgumentException when a has not rows x columns elements
   */
  static LinearOperator dense(int rows, int columns, double[] a) {
    requireNonNull(a, "a");
    if (rows < 0 || columns < 0 || a.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "a has " + a.length + " elements, must have " + rows + " x " + columns);
    }
    return new DenseOperator(rows, columns, a);
  }
}
