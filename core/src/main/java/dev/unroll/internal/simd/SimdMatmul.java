package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Capabilities;
import dev.unroll.internal.spi.MatmulKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products, the vectorized twin: register tiles over panels of B.
 *
 * <p>One lane holds one element of C for the whole chain; a vector is as many neighbouring columns
 * of one row. A step of the inner loop loads one row of the panel and broadcasts one element of
 * each row of A, read in place:
 *
 * <pre>
 *            w0  w1  w2     row p of the panel
 *   a[0][p]  c00 c01 c02
 *   a[1][p]  c10 c11 c12
 *   :                       24 accumulators at 8 x 3
 *   a[7][p]  c70 c71 c72
 * </pre>
 *
 * <p>The tiles are written out, one variable for each accumulator, since C2 keeps neither an array
 * of vectors nor a loop over them in registers.
 */
public final class SimdMatmul implements MatmulKernels {

  private static final TileShape SHAPE =
      TileShape.of(Species.FLOAT.length(), Capabilities.current().vectorRegisters())
          .withSlowDescent(Capabilities.current().intel())
          .withFourWide(Capabilities.current().fourWide());

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = SHAPE.lanes();

  /**
   * From more links on, four panels of one row pay with 16 registers, too: 5 to 10 % where they
   * come from an L3 cache or from memory; where they are small, two are a little faster.
   */
  private static final int LONG_CHAIN = 256;

  private static final boolean LARGE = SHAPE.large();

  @Override
  public TileShape shape() {
    return SHAPE;
  }

  @Override
  public void panel(
      int vectors,
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
    boolean own = !LARGE && ldb == vectors * L;
    switch (vectors) {
      case 1 -> panel1(rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      case 2 -> {
        if (own) {
          packed2(rows, kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
        } else {
          panel2(rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        }
      }
      case 3 -> {
        if (LARGE) {
          tall3(rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        } else if (own) {
          packed3(rows, kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
        } else {
          panel3(rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        }
      }
      default -> throw new IllegalArgumentException("no panel of " + vectors + " vectors");
    }
  }

  @Override
  public void streams(
      int panels,
      int vectors,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      int panelStep,
      float[] s,
      int s0,
      int lds,
      int sStep,
      float[] c,
      int c0,
      int ldc,
      int cStep) {
    boolean packed = ldb == 3 * L;
    boolean threes = vectors == 3 && rows <= SHAPE.streamRows();
    if (!threes || !(packed || rows == 4)) {
      for (int i = 0; i < panels; i++) {
        int bi = b0 + i * panelStep;
        int si = s0 + i * sStep;
        panel(vectors, rows, kc, a, a0, lda, b, bi, ldb, s, si, lds, c, c0 + i * cStep, ldc);
      }
    } else if (panels == STREAMS && rows == 1 && (LARGE || kc > LONG_CHAIN)) {
      SimdTilesRow.tile1x3Times4(kc, a, a0, b, b0, panelStep, s, s0, sStep, c, c0, cStep);
    } else if (panels == STREAMS && rows == 2) {
      SimdTilesStreams.tile2x3Times4Packed(
          kc, a, a0, lda, b, b0, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
    } else {
      for (int i = 0; i < panels; i += 2) {
        if (packed) {
          pair(rows, kc, a, a0, lda, b, b0, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
        } else {
          SimdTilesStreams4Rows.tile4x3Times2(
              kc, a, a0, lda, b, b0, ldb, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
        }
        b0 += 2 * panelStep;
        s0 += 2 * sStep;
        c0 += 2 * cStep;
      }
    }
  }

  private static void pair(
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int panelStep,
      float[] s,
      int s0,
      int lds,
      int sStep,
      float[] c,
      int c0,
      int ldc,
      int cStep) {
    switch (rows) {
      case 1 -> SimdTilesRow.tile1x3Times2(kc, a, a0, b, b0, panelStep, s, s0, sStep, c, c0, cStep);
      case 2 ->
          SimdTilesStreams.tile2x3Times2Packed(
              kc, a, a0, lda, b, b0, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
      case 3 ->
          SimdTilesStreams.tile3x3Times2Packed(
              kc, a, a0, lda, b, b0, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
      default ->
          SimdTilesStreams4Rows.tile4x3Times2Packed(
              kc, a, a0, lda, b, b0, panelStep, s, s0, lds, sStep, c, c0, ldc, cStep);
    }
  }

  @Override
  public void eight(
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      int b1,
      int b2,
      float[] s,
      int s0,
      int sStep,
      float[] c,
      int c0) {
    SimdTilesRow.tile1x8(kc, a, a0, b, b0, b1, b2, s, s0, sStep, c, c0);
  }

  @Override
  public void grouped(
      int group,
      int vectors,
      int rows,
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc) {
    for (int i = 0; i < rows; i += 8) {
      // A group of 16 rows is two tiles.
      int ai = a0 + i / group * MatmulKernels.groupStep(group, kc) + i % group;
      switch (vectors) {
        case 1 -> SimdTilesGrouped.tile8x1(kc, a, ai, group, b, b0, s, s0, lds, c, c0, ldc);
        case 2 -> SimdTilesGrouped.tile8x2(kc, a, ai, group, b, b0, s, s0, lds, c, c0, ldc);
        case 3 -> SimdTilesGrouped.tile8x3(kc, a, ai, group, b, b0, s, s0, lds, c, c0, ldc);
        default -> throw new IllegalArgumentException("no panel of " + vectors + " vectors");
      }
      s0 += 8 * lds;
      c0 += 8 * ldc;
    }
  }

  @Override
  public void group(int group, int rows, int kc, float[] a, int a0, int lda, float[] to, int to0) {
    int step = MatmulKernels.groupStep(group, kc);
    for (int p = 0; p < kc; p++) {
      int from = a0 + p * lda;
      int at = to0 + p * group;
      if (group == L) {
        for (int i = 0; i < rows; i += L) {
          FloatVector.fromArray(F, a, from + i).intoArray(to, at);
          at += step;
        }
      } else {
        for (int i = 0; i < rows; i += 2 * L) {
          FloatVector.fromArray(F, a, from + i).intoArray(to, at);
          FloatVector.fromArray(F, a, from + i + L).intoArray(to, at + L);
          at += step;
        }
      }
    }
  }

  @Override
  public void copy(int rows, int columns, float[] a, int a0, int lda, float[] to, int to0) {
    int last = columns - L;
    for (int i = 0; i < rows; i++) {
      if (last < 0) {
        System.arraycopy(a, a0, to, to0, columns);
      } else {
        for (int j = 0; j < last; j += L) {
          FloatVector.fromArray(F, a, a0 + j).intoArray(to, to0 + j);
        }
        // What is left of a row, with elements before it once more.
        FloatVector.fromArray(F, a, a0 + last).intoArray(to, to0 + last);
      }
      a0 += lda;
      to0 += TileShape.COPY_LDA;
    }
  }

  @Override
  public void sweep(
      int rows,
      int columns,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    SimdSweep.rows(rows, columns, kc, a, a0, lda, b, b0, ldb, c, c0, ldc);
  }

  @Override
  public void pack(int vectors, int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
    // A row is a few vectors: a call of System.arraycopy for each takes longer than the copy.
    if (vectors == 2) {
      pack2(rows, b, b0, ldb, packed, packed0);
      return;
    }
    if (vectors == 3) {
      pack3(rows, b, b0, ldb, packed, packed0);
      return;
    }
    int width = vectors * L;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j += L) {
        FloatVector.fromArray(F, b, b0 + j).intoArray(packed, packed0 + j);
      }
      b0 += ldb;
      packed0 += width;
    }
  }

  /** Without the loop over vectors, which takes as long as the copies; {@link #pack3}, too. */
  private static void pack2(int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
    for (int i = 0; i < rows; i++) {
      FloatVector x = FloatVector.fromArray(F, b, b0);
      FloatVector y = FloatVector.fromArray(F, b, b0 + L);
      x.intoArray(packed, packed0);
      y.intoArray(packed, packed0 + L);
      b0 += ldb;
      packed0 += 2 * L;
    }
  }

  private static void pack3(int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
    for (int i = 0; i < rows; i++) {
      FloatVector x = FloatVector.fromArray(F, b, b0);
      FloatVector y = FloatVector.fromArray(F, b, b0 + L);
      FloatVector z = FloatVector.fromArray(F, b, b0 + 2 * L);
      x.intoArray(packed, packed0);
      y.intoArray(packed, packed0 + L);
      z.intoArray(packed, packed0 + 2 * L);
      b0 += ldb;
      packed0 += 3 * L;
    }
  }

  private static void panel1(
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
    int left = rows;
    for (; LARGE && left >= 8; left -= 8) {
      if (ldb == 1 * L && lda == TileShape.COPY_LDA) {
        SimdTiles8RowsCopied.tile8x1(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
      } else if (ldb == 1 * L) {
        SimdTiles8RowsPacked.tile8x1Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else {
        SimdTiles8Rows.tile8x1(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      }
      a0 += 8 * lda;
      s0 += 8 * lds;
      c0 += 8 * ldc;
    }
    for (; left >= 4; left -= 4) {
      SimdTiles4Rows.tile4x1(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      a0 += 4 * lda;
      s0 += 4 * lds;
      c0 += 4 * ldc;
    }
    if (left == 3) {
      SimdTiles3Rows.tile3x1(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (ldb == 1 * L) {
      if (left == 2) {
        SimdTiles2Rows.tile2x1Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else if (left == 1) {
        SimdTiles1Row.tile1x1Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      }
    } else if (left == 2) {
      SimdTiles2Rows.tile2x1(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (left == 1) {
      SimdTiles1Row.tile1x1(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    }
  }

  private static void panel2(
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
    int left = rows;
    for (; LARGE && left >= 8; left -= 8) {
      if (ldb == 2 * L && lda == TileShape.COPY_LDA) {
        SimdTiles8RowsCopied.tile8x2(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
      } else if (ldb == 2 * L) {
        SimdTiles8RowsPacked.tile8x2Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else {
        SimdTiles8Rows.tile8x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      }
      a0 += 8 * lda;
      s0 += 8 * lds;
      c0 += 8 * ldc;
    }
    for (; left >= 4; left -= 4) {
      SimdTiles4Rows.tile4x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      a0 += 4 * lda;
      s0 += 4 * lds;
      c0 += 4 * ldc;
    }
    if (left == 3) {
      SimdTiles3Rows.tile3x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (ldb == 2 * L) {
      if (left == 2) {
        SimdTiles2Rows.tile2x2Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else if (left == 1) {
        SimdTiles1Row.tile1x2Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      }
    } else if (left == 2) {
      SimdTiles2Rows.tile2x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (left == 1) {
      SimdTiles1Row.tile1x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    }
  }

  /** With 16 registers, in place: three rows, since C2 would spill accumulators with four. */
  private static void panel3(
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
    int left = rows;
    for (; left >= 3; left -= 3) {
      SimdTiles3Rows.tile3x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
      a0 += 3 * lda;
      s0 += 3 * lds;
      c0 += 3 * ldc;
    }
    last3(left, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
  }

  /** With 32 registers: as few tiles as can be, as equal as can be. */
  private static void tall3(
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
    int left = rows;
    while (left > 3) {
      int step = TileShape.tallRows(left);
      if (ldb == 3 * L && lda == TileShape.COPY_LDA) {
        switch (step) {
          case 8 -> SimdTiles8RowsCopied.tile8x3(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
          case 7 -> SimdTilesTallCopied.tile7x3(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
          case 6 -> SimdTilesTallCopied.tile6x3(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
          case 5 -> SimdTilesTallCopied.tile5x3(kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
          default -> SimdTiles4Rows.tile4x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        }
      } else if (ldb == 3 * L) {
        switch (step) {
          case 8 ->
              SimdTiles8RowsPacked.tile8x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
          case 7 ->
              SimdTilesTallPacked.tile7x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
          case 6 ->
              SimdTilesTallPacked.tile6x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
          case 5 ->
              SimdTilesTallPacked.tile5x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
          default -> SimdTiles4Rows.tile4x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        }
      } else {
        switch (step) {
          case 8 -> SimdTiles8Rows.tile8x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
          case 7 -> SimdTilesTall.tile7x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
          case 6 -> SimdTilesTall.tile6x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
          case 5 -> SimdTilesTall.tile5x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
          default -> SimdTiles4Rows.tile4x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
        }
      }
      a0 += step * lda;
      s0 += step * lds;
      c0 += step * ldc;
      left -= step;
    }
    last3(left, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
  }

  private static void last3(
      int left,
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
    if (left == 3) {
      SimdTiles3Rows.tile3x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (ldb == 3 * L) {
      if (left == 2) {
        SimdTiles2Rows.tile2x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else if (left == 1) {
        SimdTiles1Row.tile1x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      }
    } else if (left == 2) {
      SimdTiles2Rows.tile2x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    } else if (left == 1) {
      SimdTiles1Row.tile1x3(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    }
  }

  /** Sixes, but where what is left after them costs more than fours and threes do. */
  private static void packed2(
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc) {
    int left = rows;
    for (; left == 6 || left == 9 || left == 10 || left > 11; left -= 6) {
      SimdTilesPacked.tile6x2(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      a0 += 6 * lda;
      s0 += 6 * lds;
      c0 += 6 * ldc;
    }
    for (; left >= 4; left -= 4) {
      SimdTilesPacked.tile4x2(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      a0 += 4 * lda;
      s0 += 4 * lds;
      c0 += 4 * ldc;
    }
    if (left == 3) {
      SimdTilesPacked.tile3x2(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
    } else if (left == 2) {
      SimdTiles2Rows.tile2x2Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
    } else if (left == 1) {
      SimdTiles1Row.tile1x2Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
    }
  }

  /** Fours and threes: what is left over costs as much as three or four rows. */
  private static void packed3(
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc) {
    int left = rows;
    while (left > 2) {
      int step = left % 4 == 0 ? 4 : 3;
      if (step == 4) {
        SimdTilesPacked.tile4x3(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      } else {
        SimdTilesPacked.tile3x3(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
      }
      a0 += step * lda;
      s0 += step * lds;
      c0 += step * ldc;
      left -= step;
    }
    if (left == 2) {
      SimdTilesPacked.tile2x3(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
    } else if (left == 1) {
      SimdTiles1Row.tile1x3Packed(kc, a, a0, lda, b, b0, s, s0, lds, c, c0, ldc);
    }
  }
}
