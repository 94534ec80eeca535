package dev.unroll.testing.data;

/**
 * Where a row-major matrix lies in an array: element (row, column) is {@code data[offset + row *
 * leadingDimension + column]}. The array is shared, not copied.
 *
 * @param data the array that holds the matrix
 * @param offset index of element (0, 0)
 * @param leadingDimension distance in elements from one row to the next
 */
@SuppressWarnings("ArrayRecordComponent") // shares the array, never compared
public record MatrixView(float[] data, int offset, int leadingDimension) {

  /** A matrix without padding that fills its array from index 0. */
  public static MatrixView dense(float[] data, int columns) {
    return new MatrixView(data, 0, columns);
  }

  /** Element (row, column). */
  public float get(int row, int column) {
    return data[index(row, column)];
  }

  /** Index of element (row, column) in the array. */
  public int index(int row, int column) {
    return Math.toIntExact(offset + (long) row * leadingDimension + column);
  }

  /** The first {@code rows} by {@code columns} elements, copied without padding. */
  public float[] toDense(int rows, int columns) {
    float[] dense = new float[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        dense[row * columns + column] = get(row, column);
      }
    }
    return dense;
  }

  @Override
  public String toString() {
    return "float[" + data.length + "]+" + offset + " ld=" + leadingDimension;
  }
}
