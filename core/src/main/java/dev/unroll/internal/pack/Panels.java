package dev.unroll.internal.pack;

/**
 * How n columns are cut into panels.
 *
 * <p>All panels but the last are full; the last one may have columns that exist only as padding. So
 * a panel's first column is also its place in the packed form: panel i of a matrix with k rows
 * starts at {@code column(i) * k}.
 */
public final class Panels {

  private final TileShape shape;
  private int columns = -1;
  private int count;
  private int[] firstColumn = {0};

  /** Cuts {@code columns} columns for the tiles of {@code shape}. */
  public Panels(int columns, TileShape shape) {
    this.shape = shape;
    cut(columns);
  }

  /** Cuts another number of columns; for an owner that keeps this object to itself. */
  public void cut(int newColumns) {
    if (newColumns == columns) {
      return;
    }
    columns = newColumns;
    int left = Math.ceilDiv(newColumns, shape.lanes());
    int most = Math.ceilDiv(left, 2) + 2;
    if (firstColumn.length < most) {
      firstColumn = new int[most];
    }
    count = 0;
    while (left > 0) {
      int width = shape.nextPanel(left);
      firstColumn[count + 1] = firstColumn[count] + width * shape.lanes();
      left -= width;
      count++;
    }
  }

  /** The columns that one vector holds. */
  public int lanes() {
    return shape.lanes();
  }

  /** The number of panels. */
  public int count() {
    return count;
  }

  /** The first column of panel {@code i}. */
  public int column(int i) {
    return firstColumn[i];
  }

  /** The width of panel {@code i} in vectors. */
  public int vectors(int i) {
    return (firstColumn[i + 1] - firstColumn[i]) / shape.lanes();
  }

  /** The width of panel {@code i} in columns, padding included. */
  public int width(int i) {
    return firstColumn[i + 1] - firstColumn[i];
  }

  /**
   * How many panels from {@code first} on, below {@code end}, are as wide as the first of them. The
   * widths of a cut never grow, so all of these come before all others.
   */
  int alike(int first, int end) {
    int last = end;
    while (last > first && width(last - 1) != width(first)) {
      last--;
    }
    return last - first;
  }

  /** Whether the next panels, below {@code end}, are of three, three and two vectors. */
  boolean eight(int first, int end) {
    return first + 2 < end
        && vectors(first) == 3
        && vectors(first + 1) == 3
        && vectors(first + 2) == 2;
  }

  /** The columns of panel {@code i} that exist in the matrix. */
  public int columns(int i) {
    return Math.min(firstColumn[i + 1], columns) - firstColumn[i];
  }

  /** The number of panels whose columns all exist. */
  int full() {
    return columns == firstColumn[count] ? count : count - 1;
  }

  /** All columns, padding included. */
  public int paddedColumns() {
    return firstColumn[count];
  }
}
