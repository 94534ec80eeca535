package dev.unroll.internal.pack;

import dev.unroll.internal.spi.MatmulKernels;
import dev.unroll.internal.spi.UnaryKernel;

/**
 * Cuts a product into blocks that stay in the caches, and panels for the tiles.
 *
 * <p>From the outside in: blocks of k (the chain goes on from C), blocks of columns when B has to
 * be packed first, blocks of rows (a block of A stays in the L2 cache while all panels pass),
 * panels (a panel of a block of k stays there while all rows of the block pass), tiles. No cut
 * shows in the bits: an element's chain starts once and takes every k in ascending order.
 */
public final class BlockedMatmul {

  /** The longest piece of a chain between two visits to C: a panel of it takes half an L2 cache. */
  private static final int K_BLOCK = 768;

  /** A block of A: a quarter of an L2 cache of 1 MiB. */
  private static final int A_FLOATS = 64 * 1024;

  /** Columns of B that are packed at once, when they have to be. */
  private static final int PACK_COLUMNS = 1536;

  /** Below this many floats an unpacked B is read in place: it stays in the L1 cache. */
  private static final int IN_PLACE_FLOATS = 16 * 1024;

  /** Up to this many rows an unpacked B is read in place: packing would cost more than it saves. */
  private static final int IN_PLACE_ROWS = 8;

  /** Rows of a padded panel that go through the edge buffer at once. */
  private static final int EDGE_ROWS = 16;

  private static final float[] ZEROS = new float[TileShape.MAX_VECTORS * 16];

  private BlockedMatmul() {}

  /**
   * The rows [row0, row1) and panels [panel0, panel1) of a product.
   *
   * @param panels the cut of the columns, packed or not
   */
  public static void run(
      MatmulKernels kernels,
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1,
      Workspace w) {
    boolean scaledC = p.beta != 0 && (p.beta != 1 || p.bias != null);
    int columns0 = panels.column(panel0);
    int columns = panels.column(panel1 - 1) + panels.columns(panel1 - 1) - columns0;
    if (scaledC) {
      scaleC(p, row0, row1, columns0, columns);
    }
    int k = p.alpha == 0 ? 0 : p.k;
    int blocks = Math.max(1, Math.ceilDiv(k, K_BLOCK));
    for (int block = 0; block < blocks; block++) {
      int k0 = (int) ((long) k * block / blocks);
      int k1 = (int) ((long) k * (block + 1) / blocks);
      boolean first = block == 0;
      boolean last = block == blocks - 1;
      if (p.panels != null || k == 0) {
        rowBlocks(kernels, p, panels, row0, row1, panel0, panel1, k0, k1, first, last, false, w);
      } else {
        columnBlocks(kernels, p, panels, row0, row1, panel0, panel1, k0, k1, first, last, w);
      }
    }
  }

  /** C = fma(beta, C, bias), or beta * C: the start of every chain. */
  private static void scaleC(Product p, int row0, int row1, int column0, int columns) {
    float[] bias = p.bias;
    for (int i = row0; i < row1; i++) {
      int c = p.c0 + i * p.ldc + column0;
      if (bias == null) {
        Packing.scale(p.beta, p.c, c, columns);
      } else {
        int from = p.bias0 + column0;
        for (int j = 0; j < columns; j++) {
          p.c[c + j] = dev.unroll.internal.scalar.Fma.fma(p.beta, p.c[c + j], bias[from + j]);
        }
      }
    }
  }

  private static void columnBlocks(
      MatmulKernels kernels,
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1,
      int k0,
      int k1,
      boolean first,
      boolean last,
      Workspace w) {
    boolean inPlace =
        !p.transposeB && (row1 - row0 <= IN_PLACE_ROWS || (long) p.ldb * p.k <= IN_PLACE_FLOATS);
    int end;
    for (int from = panel0; from < panel1; from = end) {
      int limit = panels.column(from) + PACK_COLUMNS;
      end = from + 1;
      while (end < panel1 && (inPlace || panels.column(end + 1) <= limit)) {
        end++;
      }
      pack(p, panels, from, end, k0, k1, inPlace, w);
      rowBlocks(kernels, p, panels, row0, row1, from, end, k0, k1, first, last, inPlace, w);
    }
  }

  /** Packs what cannot be read in place: all of these panels, or the one with padding. */
  private static void pack(
      Product p, Panels panels, int from, int end, int k0, int k1, boolean inPlace, Workspace w) {
    int kc = k1 - k0;
    int origin = panels.column(from);
    for (int j = from; j < end; j++) {
      if (inPlace && isFull(panels, j)) {
        continue;
      }
      int at = inPlace ? 0 : (panels.column(j) - origin) * kc;
      float[] packed = w.b((inPlace ? panels.width(j) : panels.column(end) - origin) * kc);
      Packing.panel(panels, j, k0, kc, p.b, p.b0, p.ldb, p.transposeB, packed, at);
    }
  }

  private static boolean isFull(Panels panels, int j) {
    return panels.columns(j) == panels.width(j);
  }

  private static void rowBlocks(
      MatmulKernels kernels,
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1,
      int k0,
      int k1,
      boolean first,
      boolean last,
      boolean inPlace,
      Workspace w) {
    int kc = k1 - k0;
    int rows = row1 - row0;
    int limit = Math.max(TileShape.MAX_ROWS * 4, A_FLOATS / Math.max(kc, 1));
    int blocks = Math.ceilDiv(rows, limit);
    int step = Math.ceilDiv(Math.ceilDiv(rows, blocks), 12) * 12;
    for (int i = row0; i < row1; i += step) {
      int count = Math.min(step, row1 - i);
      float[] a = p.a;
      int a0 = p.a0 + i * p.lda + k0;
      int lda = p.lda;
      if (kc > 0 && (p.transposeA || p.alpha != 1)) {
        a = copyOfA(p, i, count, k0, kc, w);
        a0 = 0;
        lda = kc;
      }
      for (int j = panel0; j < panel1; j++) {
        float[] b;
        int b0;
        int ldb;
        if (p.panels != null) {
          b = p.b;
          ldb = panels.width(j);
          b0 = p.b0 + panels.column(j) * p.k + k0 * ldb;
        } else if (inPlace && isFull(panels, j)) {
          b = p.b;
          ldb = p.ldb;
          b0 = p.b0 + k0 * ldb + panels.column(j);
        } else {
          b = w.b(0);
          ldb = panels.width(j);
          b0 = inPlace ? 0 : (panels.column(j) - panels.column(panel0)) * kc;
        }
        if (isFull(panels, j)) {
          full(kernels, p, panels, j, i, count, kc, a, a0, lda, b, b0, ldb, first);
        } else {
          edge(kernels, p, panels, j, i, count, kc, a, a0, lda, b, b0, ldb, first, w);
        }
        UnaryKernel activation = p.activation;
        if (last && activation != null) {
          int c = p.c0 + i * p.ldc + panels.column(j);
          for (int r = 0; r < count; r++, c += p.ldc) {
            activation.apply(p.c, c, p.c, c, panels.columns(j));
          }
        }
      }
    }
  }

  /** A panel whose columns all exist: straight into C. */
  private static void full(
      MatmulKernels kernels,
      Product p,
      Panels panels,
      int j,
      int row,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      boolean first) {
    int column = panels.column(j);
    int c0 = p.c0 + row * p.ldc + column;
    float[] s = p.c;
    int s0 = c0;
    int lds = p.ldc;
    if (first && p.beta == 0) {
      float[] bias = p.bias;
      s = bias == null ? ZEROS : bias;
      s0 = bias == null ? 0 : p.bias0 + column;
      lds = 0;
    }
    kernels.panel(panels.vectors(j), rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, p.c, c0, p.ldc);
  }

  /** A panel with padding: through a buffer, so that nothing beside C is touched. */
  private static void edge(
      MatmulKernels kernels,
      Product p,
      Panels panels,
      int j,
      int row,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      boolean first,
      Workspace w) {
    int width = panels.width(j);
    int columns = panels.columns(j);
    int column = panels.column(j);
    float[] edge = w.edge(EDGE_ROWS * width);
    float[] bias = p.bias;
    for (int i = 0; i < rows; i += EDGE_ROWS) {
      int count = Math.min(EDGE_ROWS, rows - i);
      int c = p.c0 + (row + i) * p.ldc + column;
      for (int r = 0; r < count; r++) {
        if (!first || p.beta != 0) {
          System.arraycopy(p.c, c + r * p.ldc, edge, r * width, columns);
        } else if (bias != null) {
          System.arraycopy(bias, p.bias0 + column, edge, r * width, columns);
        } else {
          java.util.Arrays.fill(edge, r * width, r * width + columns, 0f);
        }
      }
      kernels.panel(
          panels.vectors(j),
          count,
          kc,
          a,
          a0 + i * lda,
          lda,
          b,
          b0,
          ldb,
          edge,
          0,
          width,
          edge,
          0,
          width);
      for (int r = 0; r < count; r++) {
        System.arraycopy(edge, r * width, p.c, c + r * p.ldc, columns);
      }
    }
  }

  /** alpha * op(A), rows [row, row + rows) and columns [k0, k0 + kc), row by row. */
  private static float[] copyOfA(Product p, int row, int rows, int k0, int kc, Workspace w) {
    float[] copy = w.a(rows * kc);
    if (p.transposeA) {
      Packing.transpose(p.a, p.a0 + k0 * p.lda + row, p.lda, kc, rows, copy, 0, kc);
    } else {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(p.a, p.a0 + (row + i) * p.lda + k0, copy, i * kc, kc);
      }
    }
    if (p.alpha != 1) {
      Packing.scale(p.alpha, copy, 0, rows * kc);
    }
    return copy;
  }
}
