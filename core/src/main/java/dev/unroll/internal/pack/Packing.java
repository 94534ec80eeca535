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
      transpose(
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
        for (int j = j0; j < j1; j++) {
          int to = y0 + j * ldy;
          int from = x0 + j;
          for (int i = i0; i < i1; i++) {
            y[to + i] = x[from + i * ldx];
          }
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
