package dev.unroll.flow;

import java.util.Arrays;

/** A matrix that is there. */
record DenseOperator(int rows, int columns, double[] a) implements LinearOperator {

  @Override
  public void apply(double[] x, double[] y) {
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        sum += a[i * columns + j] * x[j];
      }
      y[i] = sum;
    }
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    Arrays.fill(x, 0, columns, 0);
    for (int i = 0; i < rows; i++) {
      double factor = y[i];
      for (int j = 0; j < columns; j++) {
        x[j] += a[i * columns + j] * factor;
      }
    }
  }

  @Override
  public double[] toArray() {
    return a.clone();
  }
}
