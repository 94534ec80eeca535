package dev.unroll.kernel;

import static java.util.Objects.requireNonNull;

/** The checks of the facades: each names the argument, its value and what was allowed. */
final class Checks {

  private Checks() {}

  /** A size that may be 0. */
  static void size(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", must not be negative");
    }
  }

  /**
   * A row-major matrix inside an array.
   *
   * @param name the array's; its offset and leading dimension are named after it
   */
  static void matrix(String name, float[] data, int offset, int ld, int rows, int columns) {
    requireNonNull(data, name);
    if (ld < columns) {
      throw new IllegalArgumentException(
          "ld" + name + " is " + ld + ", must be at least the row length, " + columns);
    }
    long end = rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
    range(name, data, offset, end);
  }

  /** {@code length} elements of an array. */
  static void range(String name, float[] data, int offset, long length) {
    requireNonNull(data, name);
    if (offset < 0) {
      throw new IndexOutOfBoundsException(name + "Offset is " + offset + ", must not be negative");
    }
    if (offset + length > data.length) {
      throw new IndexOutOfBoundsException(
          name
              + " has "
              + data.length
              + " elements, but elements up to "
              + (offset + length)
              + " are needed ("
              + name
              + "Offset is "
              + offset
              + ")");
    }
  }

  /**
   * That a matrix which is written shares no element with one that is read. Two blocks of columns
   * of one matrix share none, although their ranges do.
   */
  static void disjoint(
      String name,
      float[] data,
      int offset,
      int ld,
      int rows,
      int columns,
      float[] c,
      int cOffset,
      int ldc,
      int cRows,
      int cColumns) {
    if (data != c || rows == 0 || columns == 0 || cRows == 0 || cColumns == 0) {
      return;
    }
    if (ld == ldc) {
      long shift = Math.floorMod((long) cOffset - offset, (long) ld);
      if (shift >= columns && shift + cColumns <= ld) {
        return;
      }
    }
    apart(
        name, data, offset, (rows - 1L) * ld + columns, c, cOffset, (cRows - 1L) * ldc + cColumns);
  }

  /** That two ranges of elements, the second of them written, do not meet in one array. */
  static void apart(
      String name, float[] data, int offset, long length, float[] c, int cOffset, long cLength) {
    if (data == c && length > 0 && offset < cOffset + cLength && cOffset < offset + length) {
      throw new IllegalArgumentException(
          "c overlaps "
              + name
              + ": elements "
              + cOffset
              + " to "
              + (cOffset + cLength)
              + " and "
              + offset
              + " to "
              + (offset + length)
              + " of the same array");
    }
  }
}
