package dev.unroll.internal.simd;

/**
 * The order in which a loop with three vectors under way, {@link SimdSigmoid} or {@link SimdTanh},
 * goes over rows.
 *
 * <p>Vectors follow each other by L, and by a gap more after the last whole one of a row. Columns
 * that are no whole vectors come in one row: there the gap leads back to the last L of them. Loads
 * run two vectors ahead of stores, so a vector that overlaps the one before is read, in place too,
 * before that is written.
 */
final class SimdRows {

  private static final int L = Species.FLOAT.length();

  private SimdRows() {}

  /** The turns of the loop: one for each vector, and two more until the last is stored. */
  static int turns(int rows, int columns) {
    return rows == 0 ? 0 : rows * (columns / L) + (columns % L == 0 ? 2 : 3);
  }

  /** From the end of the last whole vector of a row to the beginning of the next vector. */
  static int gap(int columns, int ld) {
    int tail = columns % L;
    return tail == 0 ? ld - columns : tail - L;
  }

  /** Where the last vector begins. */
  static int last(int rows, int columns, int offset, int ld) {
    return offset + (rows - 1) * ld + columns - L;
  }
}
