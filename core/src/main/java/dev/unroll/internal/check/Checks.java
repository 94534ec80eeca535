package dev.unroll.internal.check;

import static java.util.Objects.requireNonNull;

/** The checks of the facades: each names the argument, its value and what was allowed. */
@SuppressWarnings("ReferenceEquality") // whether two arguments are one array is the question
public final class Checks {

  private Checks() {}

  /** A size that may be 0. */
  public static void size(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", must not be negative");
    }
  }

  /**
   * A row-major matrix inside an array.
   *
   * @param name the array's; its offset and leading dimension are named after it
   */
  public static void matrix(String name, float[] data, int offset, int ld, int rows, int columns) {
    requireNonNull(data, name);
    if (ld < columns) {
      throw new IllegalArgumentException(
          "ld" + name + " is " + ld + ", must be at least the row length, " + columns);
    }
    long end = rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
    range(name, data, offset, end);
  }

  /** {@code length} elements of an array. */
  public static void range(String name, float[] data, int offset, long length) {
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
  public static void disjoint(
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
        "c",
        c,
        cOffset,
        (cRows - 1L) * ldc + cColumns,
        name,
        data,
        offset,
        (rows - 1L) * ld + columns);
  }

  /** That two ranges of elements, the first of them written, do not meet in one array. */
  public static void apart(
      String written,
      float[] w,
      int wOffset,
      long wLength,
      String other,
      float[] o,
      int oOffset,
      long oLength) {
    // An empty range lies between elements, so it meets nothing.
    if (w == o
        && wLength > 0
        && oLength > 0
        && wOffset < oOffset + oLength
        && oOffset < wOffset + wLength) {
      throw new IllegalArgumentException(
          written
              + " overlaps "
              + other
              + ": elements "
              + wOffset
              + " to "
              + (wOffset + wLength)
              + " and "
              + oOffset
              + " to "
              + (oOffset + oLength)
              + " of the same array");
    }
  }
}
