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

  /**
   * Elements that become a column of a panel in one go: some whole lines, while the part of the
   * panel that they go to stays in the L1 cache.
   */
  private static final int STRETCH = 128;

  /**
   * Floats before the first panel of an array of our own.
   *
   * <p>A collector that gives a large array regions or a page of its own (G1, ZGC, Shenandoah)
   * starts it at a multiple of 64 bytes, the header of an array takes 16, so these 48 bytes put
   * every vector of a panel into one cache line. Two lines for each vector cost a core that takes
   * its panels from the L2 cache up to half of its speed (Emerald Rapids: one row 32 GFLOP/s
   * instead of 61, 64 rows 159 instead of 173). Smaller arrays stand where they stand, no worse for
   * it, but with {@code -XX:ObjectAlignmentInBytes=64}.
   */
  public static final int START = 12;

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

  /** All of op(B), each panel over all k rows, from {@link #START} on. */
  public static float[] all(Panels panels, int k, float[] b, int b0, int ldb, boolean transposed) {
    float[] packed = new float[START + panels.paddedColumns() * k];
    all(panels, k, b, b0, ldb, transposed, packed, START);
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

  /**
   * y[j][i] = x[i][j] for i below {@code rows} and j below {@code columns}, the bounds of x.
   *
   * <p>Eight rows of x are read side by side, and eight neighbours written at once: stores are what
   * a copy element by element waits for. A stretch of columns is finished before the next, while
   * the lines of y that it writes to stay in the L1 cache.
   */
  public static void transpose(
      float[] x, int x0, int ldx, int rows, int columns, float[] y, int y0, int ldy) {
    for (int j = 0; j < columns; j += STRETCH) {
      int count = Math.min(STRETCH, columns - j);
      int to = y0 + j * ldy;
      int i = 0;
      for (; i + 8 <= rows; i += 8) {
        eightRows(x, x0 + i * ldx + j, ldx, count, y, to + i, ldy);
      }
      for (; i < rows; i++) {
        oneRow(x, x0 + i * ldx + j, count, y, to + i, ldy);
      }
    }
  }

  private static void eightRows(float[] x, int x0, int ldx, int count, float[] y, int y0, int ldy) {
    int x1 = x0 + ldx;
    int x2 = x1 + ldx;
    int x3 = x2 + ldx;
    int x4 = x3 + ldx;
    int x5 = x4 + ldx;
    int x6 = x5 + ldx;
    int x7 = x6 + ldx;
    int to = y0;
    for (int j = 0; j < count; j++) {
      y[to] = x[x0 + j];
      y[to + 1] = x[x1 + j];
      y[to + 2] = x[x2 + j];
      y[to + 3] = x[x3 + j];
      y[to + 4] = x[x4 + j];
      y[to + 5] = x[x5 + j];
      y[to + 6] = x[x6 + j];
      y[to + 7] = x[x7 + j];
      to += ldy;
    }
  }

  private static void oneRow(float[] x, int x0, int count, float[] y, int y0, int ldy) {
    int to = y0;
    for (int j = 0; j < count; j++) {
      y[to] = x[x0 + j];
      to += ldy;
    }
  }

  /** y = alpha * y. */
  static void scale(float alpha, float[] y, int y0, int length) {
    for (int i = y0; i < y0 + length; i++) {
      y[i] = alpha * y[i];
    }
  }
}
