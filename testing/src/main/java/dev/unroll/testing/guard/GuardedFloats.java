package dev.unroll.testing.guard;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.tolerance.Reproducer;

/**
 * A matrix (or, with one row, a vector) in an array whose every other element is a canary: before
 * the offset, between the end of a row and the start of the next, and after the last row.
 *
 * <p>A canary is a signalling NaN with its index in the payload. As an input it poisons whatever
 * reads it; as an output it shows, compared as raw bits, even a write of what was just read: moved
 * by one it has the wrong payload, and arithmetic makes it quiet. The matrix itself starts as
 * another signalling NaN, so an element that a kernel forgets to write is seen as well.
 */
public final class GuardedFloats {

  /** Canaries after the last row unless told otherwise: more than four of the widest vectors. */
  public static final int TRAILING_GUARD = 67;

  private static final int CANARY = 0x7fa00000;
  private static final int UNWRITTEN = 0xff9dead1;

  private final float[] array;
  private final int offset;
  private final int rows;
  private final int columns;
  private final int leadingDimension;

  private GuardedFloats(int rows, int columns, int offset, int leadingDimension, int trailing) {
    if (rows < 0 || columns < 0 || offset < 0 || trailing < 0 || leadingDimension < columns) {
      throw new IllegalArgumentException(
          "rows %d columns %d offset %d leading dimension %d trailing %d"
              .formatted(rows, columns, offset, leadingDimension, trailing));
    }
    long extent = rows == 0 ? 0 : (rows - 1L) * leadingDimension + columns;
    this.array = new float[Math.toIntExact(offset + extent + trailing)];
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
    this.leadingDimension = leadingDimension;
    for (int i = 0; i < array.length; i++) {
      array[i] = Float.intBitsToFloat(inside(i) ? UNWRITTEN : canary(i));
    }
  }

  /** A vector with {@code offset} canaries before it and {@link #TRAILING_GUARD} after it. */
  public static GuardedFloats vector(int length, int offset) {
    return matrix(1, length, offset, length);
  }

  /** A matrix with {@link #TRAILING_GUARD} canaries after it. */
  public static GuardedFloats matrix(int rows, int columns, int offset, int leadingDimension) {
    return matrix(rows, columns, offset, leadingDimension, TRAILING_GUARD);
  }

  /**
   * A matrix with {@code trailing} canaries after it; with 0 the array ends at the last element, so
   * that a kernel that wants more runs into its bounds.
   */
  public static GuardedFloats matrix(
      int rows, int columns, int offset, int leadingDimension, int trailing) {
    return new GuardedFloats(rows, columns, offset, leadingDimension, trailing);
  }

  /** Fills the matrix, not the canaries; returns this. */
  public GuardedFloats fill(Fill fill, long seed) {
    fill.fill(array, offset, rows, columns, leadingDimension, seed);
    return this;
  }

  /** Copies row-major values without padding into the matrix; returns this. */
  public GuardedFloats set(float... values) {
    if (values.length != rows * columns) {
      throw new IllegalArgumentException(values.length + " values for " + rows + "x" + columns);
    }
    for (int i = 0; i < values.length; i++) {
      array[view().index(i / columns, i % columns)] = values[i];
    }
    return this;
  }

  /** The array itself, to be given to the kernel. */
  public float[] array() {
    return array;
  }

  /** Index of the first element of the matrix. */
  public int offset() {
    return offset;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** Distance from row to row. */
  public int leadingDimension() {
    return leadingDimension;
  }

  /** The matrix in the array, not copied. */
  public MatrixView view() {
    return new MatrixView(array, offset, leadingDimension);
  }

  /** The matrix, copied without padding. */
  public float[] toDense() {
    return view().toDense(rows, columns);
  }

  /** Fails when any canary has changed by a single bit. */
  public void assertGuardsIntact(Reproducer where) {
    for (int i = 0; i < array.length; i++) {
      int bits = Float.floatToRawIntBits(array[i]);
      if (!inside(i) && bits != canary(i)) {
        throw new AssertionError(
            "canary %s overwritten at array index %d: got %s (0x%08x) expected 0x%08x, bound 0%n%s"
                .formatted(position(i), i, array[i], bits, canary(i), where.line()));
      }
    }
  }

  /** Fails when any element of the matrix has never been written. */
  public void assertAllWritten(Reproducer where) {
    for (int i = 0; i < array.length; i++) {
      if (inside(i) && Float.floatToRawIntBits(array[i]) == UNWRITTEN) {
        throw new AssertionError(
            "row %d column %d (array index %d) was never written%n%s"
                .formatted(row(i), column(i), i, where.line()));
      }
    }
  }

  private boolean inside(int index) {
    return index >= offset && columns > 0 && row(index) < rows && column(index) < columns;
  }

  private int row(int index) {
    return (index - offset) / leadingDimension;
  }

  private int column(int index) {
    return (index - offset) % leadingDimension;
  }

  private String position(int index) {
    if (index < offset) {
      return "before the data";
    }
    boolean after = rows == 0 || columns == 0 || row(index) >= rows - 1;
    return after ? "after the data" : "between rows " + row(index) + " and " + (row(index) + 1);
  }

  private static int canary(int index) {
    return CANARY | (index & 0x1fffff);
  }
}
