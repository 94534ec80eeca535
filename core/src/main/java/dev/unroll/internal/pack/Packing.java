package dev.unroll.internal.pack;

/**
 * Copies of matrices in the order in which the tiles read them.
 *
 * <pre>
 *   B, k rows by n columns             one panel, stored row by row
 *   +--------+--------+-----+          +--------+
 *   | panel0 | panel1 | p2  |   p = 0  | .... w |   w columns, a whole number of vectors;
 *   |        |        |   0 |   p = 1  | .... w |   columns that B does not have are 0
 *   |        |        |   0 |          |   :    |
 *   +--------+--------+-----+          +--------+
 * </pre>
 */
public final class Packing {

  /** A square of a transposed copy: its rows and its columns stay in the L1 cache together. */
  private static final int SQUARE = 16;

  /**
   * Elements that become a column of a panel in one go: some whole lines, while the part of the
   * panel that they go to stays in the L1 cache.
   */
  private static final int STRETCH = 128;

  private Packing() {}

  /**
   * Rows {@code row0} to {@code row0 + rows} of panel {@code panel} of op(B) to {@code packed},
   * from {@code packed0} on.
   */
  static void panel(
      Panels panels,
      int panel,
      int row0,
      int rows,
      float[] b,
      int b0,
      int ldb,
      boolean transposed,
      float[] packed,
      int packed0) {
    int width = panels.width(panel);
    int columns = panels.columns(panel);
    int column = panels.column(panel);
    if (transposed) {
      columns(
          b,
          b0 + column * ldb + row0,
          ldb,
          /* rows= */ columns,
          /* columns= */ rows,
          packed,
          packed0,
          width);
    } else {
      for (int p = 0; p < rows; p++) {
        System.arraycopy(b, b0 + (row0 + p) * ldb + column, packed, packed0 + p * width, columns);
      }
    }
    if (columns < width) {
      for (int p = 0; p < rows; p++) {
        int end = packed0 + (p + 1) * width;
        java.util.Arrays.fill(packed, end - (width - columns), end, 0f);
      }
    }
  }

  /** All of op(B), each panel over all k rows. */
  public static float[] all(Panels panels, int k, float[] b, int b0, int ldb, boolean transposed) {
    float[] packed = new float[panels.paddedColumns() * k];
    all(panels, k, b, b0, ldb, transposed, packed, 0);
    return packed;
  }

  /** All of op(B), from {@code packed0} on. */
  public static void all(
      Panels panels,
      int k,
      float[] b,
      int b0,
      int ldb,
      boolean transposed,
      float[] packed,
      int packed0) {
    for (int i = 0; i < panels.count(); i++) {
      panel(panels, i, 0, k, b, b0, ldb, transposed, packed, packed0 + panels.column(i) * k);
    }
  }

  /** y[j][i] = x[i][j] for i below {@code rows} and j below {@code columns}, the bounds of x. */
  static void transpose(
      float[] x, int x0, int ldx, int rows, int columns, float[] y, int y0, int ldy) {
    for (int i0 = 0; i0 < rows; i0 += SQUARE) {
      int i1 = Math.min(i0 + SQUARE, rows);
      for (int j0 = 0; j0 < columns; j0 += SQUARE) {
        int j1 = Math.min(j0 + SQUARE, columns);
        // Along the rows of x: the columns of a matrix whose rows are a power of two apart share a
        // few sets of the L1 cache, and those of y mostly are not.
        for (int i = i0; i < i1; i++) {
          int from = x0 + i * ldx;
          int to = y0 + i;
          for (int j = j0; j < j1; j++) {
            y[to + j * ldy] = x[from + j];
          }
        }
      }
    }
  }

  /** The same for the few rows of x that become columns of one panel. */
  public static void columns(
      float[] x, int x0, int ldx, int rows, int columns, float[] y, int y0, int ldy) {
    for (int j0 = 0; j0 < columns; j0 += STRETCH) {
      int j1 = Math.min(j0 + STRETCH, columns);
      for (int i = 0; i < rows; i++) {
        int from = x0 + i * ldx;
        int to = y0 + i;
        for (int j = j0; j < j1; j++) {
          y[to + j * ldy] = x[from + j];
        }
      }
    }
  }

  /** y = alpha * y. */
  static void scale(float alpha, float[] y, int y0, int length) {
    for (int i = y0; i < y0 + length; i++) {
      y[i] = alpha * y[i];
    }
  }
}
