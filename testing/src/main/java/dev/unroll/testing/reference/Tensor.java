package dev.unroll.testing.reference;

import java.util.Arrays;
import java.util.Objects;

/**
 * Numbers in up to three dimensions, row-major without padding. Where a layer has no such numbers
 * (no projection, no cell state) a tensor is {@link #none}.
 *
 * @param <V> the kind of number
 */
public final class Tensor<V extends Real<V>> {

  private static final int MOST_DIMENSIONS = 3;

  private final int[] shape;
  private final int rows;
  private final int columns;
  private final Object[] data;

  private Tensor(int[] shape, Object[] data) {
    this.shape = shape;
    this.data = data;
    this.rows = shape.length < 2 ? 1 : shape[shape.length - 2];
    this.columns = shape[shape.length - 1];
  }

  /** Nothing: one dimension of length 0. */
  public static <V extends Real<V>> Tensor<V> none() {
    return new Tensor<>(new int[1], new Object[0]);
  }

  /**
   * Numbers that are all 0.
   *
   * @throws IllegalArgumentException unless there are one to three dimensions, none of them
   *     negative
   */
  public static <V extends Real<V>> Tensor<V> zeros(Arithmetic<V> by, int... shape) {
    Object[] data = new Object[length(shape)];
    Arrays.fill(data, by.of(0));
    return new Tensor<>(shape.clone(), data);
  }

  /**
   * Numbers that are known exactly.
   *
   * @throws IllegalArgumentException if there are not as many as the shape says
   */
  public static <V extends Real<V>> Tensor<V> of(Arithmetic<V> by, double[] values, int... shape) {
    if (values.length != length(shape)) {
      throw new IllegalArgumentException(
          "values: " + values.length + ", shape " + Arrays.toString(shape));
    }
    Object[] data = new Object[values.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = by.of(values[i]);
    }
    return new Tensor<>(shape.clone(), data);
  }

  /** Floats, which are exact in every arithmetic. */
  public static <V extends Real<V>> Tensor<V> of(Arithmetic<V> by, float[] values, int... shape) {
    return of(by, widen(values), shape);
  }

  /** A float array in double precision, value by value, which is exact. */
  public static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static int length(int[] shape) {
    int length = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("shape: " + Arrays.toString(shape));
      }
      length = Math.multiplyExact(length, size);
    }
    if (shape.length < 1 || shape.length > MOST_DIMENSIONS) {
      throw new IllegalArgumentException("shape: " + Arrays.toString(shape));
    }
    return length;
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return data.length == 0;
  }

  /** How many numbers there are. */
  public int length() {
    return data.length;
  }

  /** How many dimensions there are. */
  public int dimensions() {
    return shape.length;
  }

  /** The length of one dimension. */
  public int size(int dimension) {
    return shape[dimension];
  }

  /** A fresh copy of the lengths of all dimensions. */
  public int[] shape() {
    return shape.clone();
  }

  /** The number at an index, counted row by row. */
  @SuppressWarnings("unchecked") // nothing else was ever put in
  public V at(int index) {
    return (V) data[index];
  }

  /** The number in a row and a column of a matrix. */
  public V at(int row, int column) {
    return at(row * columns + Objects.checkIndex(column, columns));
  }

  /** The number at (i, j, k). */
  public V at(int i, int j, int k) {
    return at(i * rows + Objects.checkIndex(j, rows), k);
  }

  /** Replaces the number at an index, counted row by row. */
  public void set(V value, int index) {
    data[index] = value;
  }

  /** Replaces a number of a matrix. */
  public void set(V value, int row, int column) {
    set(value, row * columns + Objects.checkIndex(column, columns));
  }

  /** Replaces the number at (i, j, k). */
  public void set(V value, int i, int j, int k) {
    set(value, i * rows + Objects.checkIndex(j, rows), k);
  }

  /** All numbers in double precision, in a fresh array. */
  public double[] values() {
    double[] values = new double[data.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = at(i).value();
    }
    return values;
  }

  /** The same values, as exact numbers of another kind. */
  public <W extends Real<W>> Tensor<W> to(Arithmetic<W> by) {
    return of(by, values(), shape);
  }

  /** Another tensor with the same numbers in it. */
  public Tensor<V> copy() {
    return new Tensor<>(shape, data.clone());
  }

  /**
   * The same tensor, for a caller who says what shape it must have.
   *
   * @throws IllegalArgumentException naming it, unless the shape is this one
   */
  public Tensor<V> require(String name, int... wanted) {
    if (!Arrays.equals(shape, wanted)) {
      throw new IllegalArgumentException(
          name + " is " + Arrays.toString(shape) + ", not " + Arrays.toString(wanted));
    }
    return this;
  }

  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}
