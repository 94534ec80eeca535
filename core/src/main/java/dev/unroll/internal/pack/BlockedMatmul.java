package dev.unroll.internal.pack;

import dev.unroll.internal.scalar.Fma;
import dev.unroll.internal.spi.MatmulKernels;
import dev.unroll.internal.spi.UnaryKernel;

/**
 * Cuts products into blocks that stay in the caches, and panels for the tiles; with the buffers
 * that one thread needs for it.
 *
 * <p>From the outside in: blocks of k (the chain goes on from C), blocks of columns (their part of
 * B stays in an L3 cache), blocks of rows (a block of A stays in the L2 cache while all panels
 * pass), panels (a panel of a block of k stays there while all rows of the block pass), tiles. No
 * cut shows in the bits: an element's chain starts once and takes every k in ascending order.
 *
 * <p>Few rows against a B that is neither packed nor small go another way, see {@link Sweep}.
 *
 * <p>The buffers grow to the largest product seen and stay, so nothing is allocated once the shapes
 * have been seen.
 */
public final class BlockedMatmul {

  /** Columns of B that are packed at once, when they have to be. */
  private static final int PACK_COLUMNS = 1536;

  /** Rows of B that all panels pass before the next, where many pages of it would be open else. */
  private static final int OPEN_ROWS = 16;

  /** Floats of B that all blocks of rows pass at once: they stay in an L3 cache. */
  private static final int L3_FLOATS = 1024 * 1024;

  /**
   * Floats of B that stay in an L2 cache: as many are packed at once for a single block of rows.
   */
  private static final int L2_FLOATS = 64 * 1024;

  /** From this many columns on, two rows and more are worth the start of a sweep. */
  private static final int SWEEP_COLUMNS = 128;

  /**
   * Blocks of rows that a transposed A is copied by at once. Its rows are read further from their
   * start to their end, which prefetchers follow, for tiles that read groups from an L3 cache: in
   * order, and few bytes for each operation.
   */
  private static final int GROUPED_BLOCKS = 4;

  /** Rows of a padded panel that go through the edge buffer at once. */
  private static final int EDGE_ROWS = 16;

  /** Rows of a block come in whole tiles of three, four, six and eight rows. */
  private static final int ROW_UNIT = 3 * TileShape.TALL_ROWS;

  /** Where a panel of B stands: packed by the caller, in the copy, or in B itself. */
  private static final int PACKED = 0;

  private static final int COPIED = 1;
  private static final int IN_PLACE = 2;
  private static final int SWEPT = 3;

  /** Instead of a number of panels: three, of eight vectors, see {@link MatmulKernels#eight}. */
  private static final int EIGHT = 8;

  /** Instead of a leading dimension: A stands in groups of rows, see {@link MatmulKernels}. */
  private static final int GROUPED = Integer.MIN_VALUE;

  private static final int MAX_LANES = 16;
  private static final float[] ZEROS = new float[TileShape.MAX_VECTORS * MAX_LANES];

  private final MatmulKernels kernels;
  private final TileShape shape;
  private final int lanes;
  private final int groupRows;
  private final int kBlock;
  private final int aBlock;
  private final int blockRows;
  private final Sweep sweep;
  private float[] aCopy = {};
  private float[] bCopy = {};
  private float[] edge = {};

  /** Products of {@code kernels}. */
  public BlockedMatmul(MatmulKernels kernels) {
    this.kernels = kernels;
    sweep = new Sweep(kernels);
    shape = kernels.shape();
    lanes = shape.lanes();
    groupRows = shape.groupRows();
    kBlock = shape.kBlock();
    aBlock = shape.aBlock();
    blockRows = shape.blockRows();
  }

  /** What the buffers take at the moment. */
  public long bytes() {
    return 4L * ((long) aCopy.length + bCopy.length + edge.length) + sweep.bytes();
  }

  /**
   * The rows [row0, row1) and panels [panel0, panel1) of a product.
   *
   * @param panels the cut of the columns, packed or not
   */
  public void run(Product p, Panels panels, int row0, int row1, int panel0, int panel1) {
    if (p.beta != 0 && (p.beta != 1 || p.bias != null)) {
      scaleC(p, panels, row0, row1, panel0, panel1);
    }
    int k = p.alpha == 0 ? 0 : p.k;
    int rows = row1 - row0;
    int place =
        p.panels != null ? PACKED : place(p, rows, panels.column(panel1) - panels.column(panel0));
    int blocks = Math.max(1, Math.ceilDiv(k, depth(p, place, rows)));
    for (int block = 0; block < blocks; block++) {
      int k0 = (int) ((long) k * block / blocks);
      int k1 = (int) ((long) k * (block + 1) / blocks);
      if (k == 0) {
        rowBlocks(p, panels, row0, row1, panel0, panel1, k0, k1, PACKED);
      } else if (place == PACKED) {
        int end;
        for (int from = panel0; from < panel1; from = end) {
          boolean once = rows <= mostRows(k1 - k0);
          end = once ? panel1 : groupEnd(panels, from, panel1, L3_FLOATS / (k1 - k0));
          rowBlocks(p, panels, row0, row1, from, end, k0, k1, PACKED);
        }
      } else {
        columnBlocks(p, panels, row0, row1, panel0, panel1, k0, k1, place);
      }
    }
    UnaryKernel activation = p.activation;
    if (activation != null && k == 0) {
      activate(activation, p, panels, row0, row1, panel0, panel1);
    }
  }

  /** How a B that the caller has not packed is read: the one place that chooses. */
  private int place(Product p, int rows, int columns) {
    if (p.transposeB) {
      return COPIED;
    }
    if (!TileShape.small(floats(p))
        && (rows == 1 || (rows <= shape.sweepRows() && columns >= SWEEP_COLUMNS))) {
      return SWEPT;
    }
    return rows <= shape.inPlaceRows(floats(p)) ? IN_PLACE : COPIED;
  }

  /** The most links of a chain between two visits to C. */
  private int depth(Product p, int place, int rows) {
    if (place == COPIED) {
      return kBlock;
    }
    if (place == IN_PLACE && !shape.large() && floats(p) > L2_FLOATS) {
      return OPEN_ROWS;
    }
    return place == SWEPT || rows <= TileShape.MAX_ROWS ? TileShape.MAX_DEPTH : kBlock;
  }

  /** How far the rows of an unpacked B reach; they may follow each other downwards. */
  private static long floats(Product p) {
    return Math.abs((long) p.ldb) * p.k;
  }

  /** C = beta * C, or fma(beta, C, bias): the start of every chain. */
  private static void scaleC(Product p, Panels panels, int row0, int row1, int panel0, int panel1) {
    int column = panels.column(panel0);
    int columns = panels.column(panel1 - 1) + panels.columns(panel1 - 1) - column;
    float[] bias = p.bias;
    for (int i = row0; i < row1; i++) {
      int c = p.c0 + i * p.ldc + column;
      if (bias == null) {
        Packing.scale(p.beta, p.c, c, columns);
      } else {
        int from = p.bias0 + column;
        for (int j = 0; j < columns; j++) {
          p.c[c + j] = Fma.fma(p.beta, p.c[c + j], bias[from + j]);
        }
      }
    }
  }

  /** Panels whose columns all exist, or all panels of one row, by rows of B instead of tiles. */
  private void sweep(
      Product p, Panels panels, int row0, int row1, int panel0, int panel1, int k0, int k1) {
    int rows = row1 - row0;
    boolean copied = p.transposeA || p.alpha != 1;
    float[] a = copied ? copyA(p, row0, rows, k0, k1 - k0, k1 - k0) : p.a;
    int a0 = copied ? Packing.START : p.a0 + row0 * p.lda + k0;
    int lda = copied ? k1 - k0 : p.lda;
    int column = panels.column(panel0);
    int columns = panels.column(panel1 - 1) + panels.columns(panel1 - 1) - column;
    sweep.run(p, row0, rows, column, columns, k0, k1 - k0, a, a0, lda);
    if (p.activation != null && k1 == p.k) {
      activate(p.activation, p, panels, row0, row1, panel0, panel1);
    }
  }

  private void columnBlocks(
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1,
      int k0,
      int k1,
      int place) {
    if (place != COPIED) {
      boolean whole = place == SWEPT && row1 - row0 == 1;
      int full = whole ? panel1 : Math.min(panels.full(), panel1);
      if (panel0 < full && place == SWEPT) {
        sweep(p, panels, row0, row1, panel0, full, k0, k1);
      } else if (panel0 < full) {
        rowBlocks(p, panels, row0, row1, panel0, full, k0, k1, IN_PLACE);
      }
      if (full < panel1) {
        copyB(p, panels, full, panel1, k0, k1);
        rowBlocks(p, panels, row0, row1, full, panel1, k0, k1, COPIED);
      }
      return;
    }
    int kc = k1 - k0;
    // A copy of A is not to be made again for each group of panels.
    boolean once = !p.transposeA && row1 - row0 <= mostRows(kc);
    int columns = Math.min(PACK_COLUMNS, (once ? L2_FLOATS : L3_FLOATS) / kc);
    int end;
    for (int from = panel0; from < panel1; from = end) {
      end = groupEnd(panels, from, panel1, columns);
      copyB(p, panels, from, end, k0, k1);
      rowBlocks(p, panels, row0, row1, from, end, k0, k1, COPIED);
    }
  }

  /** The end of the panels from {@code from} on that have {@code columns} columns at most. */
  private static int groupEnd(Panels panels, int from, int panel1, int columns) {
    int limit = panels.column(from) + columns;
    int end = from + 1;
    while (end < panel1 && panels.column(end + 1) <= limit) {
      end++;
    }
    return end;
  }

  /** The rows of a block of A. */
  private int mostRows(int kc) {
    return Math.max(ROW_UNIT, Math.min(blockRows, aBlock / Math.max(kc, 1)));
  }

  /** Where column 0 would stand in a copy of the panels from {@code from} on. */
  private static int copyBase(Panels panels, int from, int kc) {
    return Packing.START - panels.column(from) * kc;
  }

  private void copyB(Product p, Panels panels, int from, int end, int k0, int k1) {
    int kc = k1 - k0;
    int base = copyBase(panels, from, kc);
    int floats = base + panels.column(end) * kc;
    if (bCopy.length < floats) {
      bCopy = new float[floats];
    }
    int plain = p.transposeB ? from : Math.min(panels.full(), end);
    for (int r = 0; r < kc && from < plain; r += OPEN_ROWS) {
      int count = Math.min(OPEN_ROWS, kc - r);
      for (int j = from; j < plain; j++) {
        int at = base + panels.column(j) * kc + r * panels.width(j);
        int b0 = p.b0 + (k0 + r) * p.ldb + panels.column(j);
        kernels.pack(panels.vectors(j), count, p.b, b0, p.ldb, bCopy, at);
      }
    }
    for (int j = Math.max(from, plain); j < end; j++) {
      int at = base + panels.column(j) * kc;
      Packing.panel(panels, j, k0, kc, p.b, p.b0, p.ldb, p.transposeB, bCopy, at);
    }
  }

  private void rowBlocks(
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1,
      int k0,
      int k1,
      int place) {
    int kc = k1 - k0;
    int rows = row1 - row0;
    boolean groups = kc > 0 && p.transposeA && groupRows > 0 && place != IN_PLACE;
    int blocks = Math.ceilDiv(rows, groups ? GROUPED_BLOCKS * mostRows(kc) : mostRows(kc));
    int step = Math.ceilDiv(Math.ceilDiv(rows, blocks), ROW_UNIT) * ROW_UNIT;
    int full = Math.min(panels.full(), panel1);
    int columns = panels.column(panel1) - panels.column(panel0);
    UnaryKernel activation = k1 == p.k && kc > 0 ? p.activation : null;
    for (int i = row0; i < row1; i += step) {
      int count = Math.min(step, row1 - i);
      float[] a = p.a;
      int a0 = p.a0 + i * p.lda + k0;
      int lda = p.lda;
      int grouped = groups ? count / groupRows * groupRows : 0;
      if (grouped > 0) {
        a = groupA(p, i, grouped, k0, kc);
        panels(p, panels, panel0, panel1, full, i, grouped, k0, kc, place, a, 0, GROUPED);
      }
      if (grouped < count) {
        int left = count - grouped;
        boolean known = place != IN_PLACE && shape.copiesA(left, columns);
        if (kc > 0 && (known || p.transposeA || p.alpha != 1)) {
          lda = known ? TileShape.COPY_LDA : kc;
          a = copyA(p, i + grouped, left, k0, kc, lda);
          a0 = Packing.START;
        }
        panels(p, panels, panel0, panel1, full, i + grouped, left, k0, kc, place, a, a0, lda);
      }
      if (activation != null) {
        activate(activation, p, panels, i, i + count, panel0, panel1);
      }
    }
  }

  /** The panels [panel0, panel1) of some rows: those below {@code full} straight into C. */
  private void panels(
      Product p,
      Panels panels,
      int panel0,
      int panel1,
      int full,
      int row,
      int rows,
      int k0,
      int kc,
      int place,
      float[] a,
      int a0,
      int lda) {
    boolean started = k0 > 0 || p.beta != 0;
    float[] bias = p.bias;
    float[] s = started ? p.c : bias == null ? ZEROS : bias;
    int lds = started ? p.ldc : 0;
    // What a column adds to an offset: in S, and in B from one panel to the next.
    int sColumn = started || bias != null ? 1 : 0;
    int sBase = started ? p.c0 + row * p.ldc : bias == null ? 0 : p.bias0;
    int cBase = p.c0 + row * p.ldc;
    float[] b = place == COPIED ? bCopy : p.b;
    int bColumn = place == PACKED ? p.k : place == COPIED ? kc : 1;
    int bBase =
        switch (place) {
          case PACKED -> p.b0;
          case COPIED -> copyBase(panels, panel0, kc);
          default -> p.b0 + k0 * p.ldb;
        };
    // Few rows take several panels at once: those as wide as the first, then pairs of what is left.
    int most = 1;
    if (rows <= shape.streamRows()) {
      most = shape.streams(rows, (long) p.k * panels.paddedColumns(), p.inTurns);
    }
    boolean far = place == PACKED && shape.farStreams();
    int wide = most > 1 ? panels.alike(panel0, full) : 0;
    int groups = wide / most;
    int left = wide - groups * most;
    boolean eight = rows == 1 && place == PACKED && panels.eight(panel0 + wide - left, full);
    int pairs = eight ? 0 : left / 2;
    int visits = panel1 - panel0 - groups * (most - 1) - (eight ? 2 : pairs);
    for (int visit = 0; visit < visits; visit++) {
      int i = p.backwards ? visits - 1 - visit : visit;
      int j = panel1 - visits + i;
      int together = 1;
      int apart = 1;
      if (i < groups) {
        together = most;
        apart = far ? groups : 1;
        j = panel0 + (far ? i : i * most);
      } else if (i < groups + pairs) {
        together = 2;
        j = panel0 + groups * most + 2 * (i - groups);
      } else if (eight && i == groups) {
        together = EIGHT;
        j = panel0 + groups * most;
      }
      int column = panels.column(j);
      int width = panels.column(j + 1) - column;
      int ldb = place == IN_PLACE ? p.ldb : width;
      int b0 = bBase + column * bColumn + (place == PACKED ? k0 * width : 0);
      int vectors = width / lanes;
      int s0 = sBase + column * sColumn;
      int c0 = cBase + column;
      if (together == EIGHT) {
        int b1 = b0 + width * bColumn;
        // The narrow panel has fewer elements before k0.
        int b2 = b1 + width * bColumn - k0 * lanes;
        int sStep = width * sColumn;
        kernels.eight(kc, a, a0, b, b0, b1, b2, s, s0, sStep, p.c, c0);
      } else if (together > 1) {
        int columns = apart * width;
        int bStep = columns * bColumn;
        int sStep = columns * sColumn;
        kernels.streams(
            together, vectors, rows, kc, a, a0, lda, b, b0, ldb, bStep, s, s0, lds, sStep, p.c, c0,
            p.ldc, columns);
      } else if (j < full && lda == GROUPED) {
        kernels.grouped(groupRows, vectors, rows, kc, a, a0, b, b0, s, s0, lds, p.c, c0, p.ldc);
      } else if (j < full) {
        kernels.panel(vectors, rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, p.c, c0, p.ldc);
      } else {
        int columns = panels.columns(j);
        edge(vectors, columns, rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, p.c, c0, p.ldc);
      }
    }
  }

  /**
   * A panel with padding: through a buffer, so that nothing beside S is read or beside C written.
   */
  private void edge(
      int vectors,
      int columns,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc) {
    int width = vectors * lanes;
    // The row that all chains start from has a place of its own, behind the rows of C.
    int common = EDGE_ROWS * width;
    if (edge.length < common + width) {
      edge = new float[common + width];
    }
    if (lds == 0) {
      System.arraycopy(s, s0, edge, common, columns);
    }
    int start = lds == 0 ? common : 0;
    int ldStart = lds == 0 ? 0 : width;
    for (int i = 0; i < rows; i += EDGE_ROWS) {
      int count = Math.min(EDGE_ROWS, rows - i);
      for (int r = 0; r < count && lds != 0; r++) {
        System.arraycopy(s, s0 + (i + r) * lds, edge, r * width, columns);
      }
      if (lda == GROUPED) {
        int ai = a0 + i / groupRows * MatmulKernels.groupStep(groupRows, kc);
        kernels.grouped(
            groupRows, vectors, count, kc, a, ai, b, b0, edge, start, ldStart, edge, 0, width);
      } else {
        int ai = a0 + i * lda;
        kernels.panel(
            vectors, count, kc, a, ai, lda, b, b0, ldb, edge, start, ldStart, edge, 0, width);
      }
      for (int r = 0; r < count; r++) {
        System.arraycopy(edge, r * width, c, c0 + (i + r) * ldc, columns);
      }
    }
  }

  private static void activate(
      UnaryKernel activation,
      Product p,
      Panels panels,
      int row0,
      int row1,
      int panel0,
      int panel1) {
    int column = panels.column(panel0);
    int columns = panels.column(panel1 - 1) + panels.columns(panel1 - 1) - column;
    for (int i = row0; i < row1; i++) {
      int c = p.c0 + i * p.ldc + column;
      activation.apply(p.c, c, p.c, c, columns);
    }
  }

  /** alpha * A^T, whole groups of rows, as {@link MatmulKernels#grouped} reads them. */
  private float[] groupA(Product p, int row, int rows, int k0, int kc) {
    int floats = rows / groupRows * MatmulKernels.groupStep(groupRows, kc);
    growA(floats);
    kernels.group(groupRows, rows, kc, p.a, p.a0 + k0 * p.lda + row, p.lda, aCopy, 0);
    if (p.alpha != 1) {
      Packing.scale(p.alpha, aCopy, 0, floats);
    }
    return aCopy;
  }

  /**
   * alpha * op(A), rows [row, row + rows) and columns [k0, k0 + kc), to rows {@code ld} apart from
   * {@link Packing#START} on.
   */
  private float[] copyA(Product p, int row, int rows, int k0, int kc, int ld) {
    int to = Packing.START;
    growA(to + rows * ld);
    if (p.transposeA) {
      int from = p.a0 + k0 * p.lda + row;
      Packing.transpose(p.a, from, p.lda, /* rows= */ kc, /* columns= */ rows, aCopy, to, ld);
    } else if (ld == TileShape.COPY_LDA) {
      kernels.copy(rows, kc, p.a, p.a0 + row * p.lda + k0, p.lda, aCopy, to);
    } else {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(p.a, p.a0 + (row + i) * p.lda + k0, aCopy, to + i * ld, kc);
      }
    }
    for (int i = 0; p.alpha != 1 && i < rows; i++) {
      Packing.scale(p.alpha, aCopy, to + i * ld, kc);
    }
    return aCopy;
  }

  private void growA(int floats) {
    if (aCopy.length < floats) {
      aCopy = new float[floats];
    }
  }
}
