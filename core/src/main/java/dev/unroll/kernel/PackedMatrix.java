package dev.unroll.kernel;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.spi.Kernels;

/**
 * A matrix B, packed once for any number of products A B.
 *
 * <p><b>Layout.</b> Panels of a few vectors of columns, each stored row by row, the last one padded
 * with zeros; the width of a panel depends on the vector registers of the machine, so a packed
 * matrix is neither stored nor sent. Nothing is rounded.
 *
 * <p>Immutable: it holds a copy of its own, and threads share it without locks.
 */
public final class PackedMatrix {

  private final int rows;
  private final int columns;
  private final Panels panels;
  private final float[] data;

  private PackedMatrix(int rows, int columns, Panels panels, float[] data) {
    this.rows = rows;
    this.columns = columns;
    this.panels = panels;
    this.data = data;
  }

  /**
   * Packs op(B), which has {@code rows} rows and {@code columns} columns.
   *
   * <p>Shapes: B is rows x columns, or columns x rows when it is to be transposed (as PyTorch
   * stores its weights); row-major.
   *
   * @param transposed whether op(B) is B transposed
   * @param ldb elements from one row of B to the next
   * @throws NullPointerException when {@code b} is null
   * @throws IllegalArgumentException when a size is negative, {@code ldb} is below the row length,
   *     or the packed form would need more than 2^31 - 1 elements
   * @throws IndexOutOfBoundsException when B does not lie inside {@code b}
   */
  public static PackedMatrix pack(
      int rows, int columns, boolean transposed, float[] b, int bOffset, int ldb) {
    Checks.size("rows", rows);
    Checks.size("columns", columns);
    Checks.matrix("b", b, bOffset, ldb, transposed ? columns : rows, transposed ? rows : columns);
    Panels panels = new Panels(columns, Kernels.get().matmul().shape());
    long floats = (long) rows * panels.paddedColumns();
    if (floats > Integer.MAX_VALUE - 8 - Packing.START) {
      throw new IllegalArgumentException(
          "rows * columns is " + (long) rows * columns + ", too many for one array");
    }
    return new PackedMatrix(
        rows, columns, panels, Packing.all(panels, rows, b, bOffset, ldb, transposed));
  }

  /** Packs a rows x columns matrix that fills {@code b} without gaps. */
  public static PackedMatrix pack(int rows, int columns, float[] b) {
    return pack(rows, columns, false, b, 0, columns);
  }

  /** The rows of op(B): the k of a product. */
  public int rows() {
    return rows;
  }

  /** The columns of op(B): the n of a product. */
  public int columns() {
    return columns;
  }

  /** What the packed form takes, padding and the space before it included. */
  public long bytes() {
    return 4L * data.length;
  }

  Panels panels() {
    return panels;
  }

  float[] data() {
    return data;
  }

  @Override
  public String toString() {
    return "PackedMatrix[" + rows + " x " + columns + ", " + bytes() + " bytes]";
  }
}
