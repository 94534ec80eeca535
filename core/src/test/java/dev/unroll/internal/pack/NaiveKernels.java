package dev.unroll.internal.pack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.spi.MatmulKernels;
import dev.unroll.testing.reference.FmaChain;

/**
 * The contract of {@link MatmulKernels}, one element at a time, for tiles of any shape, and a check
 * that the driver keeps its side of it. Remembers what it was asked for.
 */
final class NaiveKernels implements MatmulKernels {

  private final TileShape shape;

  int mostRows;
  int longestChain;

  /** How often several panels were asked for at once. */
  int streams;

  /** How often three panels of eight vectors were. */
  int eights;

  /** How often A stood in groups of rows. */
  int groups;

  /** How often rows were to sweep B as it stands. */
  int sweeps;

  int longestSweep;

  NaiveKernels(TileShape shape) {
    this.shape = shape;
  }

  @Override
  public TileShape shape() {
    return shape;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // whether S is C itself is the question
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
    int width = vectors * shape.lanes();
    assertTrue(vectors >= 1 && vectors <= TileShape.MAX_VECTORS, () -> vectors + " vectors");
    assertTrue(rows > 0, "a panel without rows");
    assertTrue(kc >= 0 && kc <= TileShape.MAX_DEPTH, () -> "a chain of " + kc);
    assertTrue(
        lds == 0 || (s == c && s0 == c0 && lds == ldc), "S is neither C nor one row for all rows");
    mostRows = Math.max(mostRows, rows);
    longestChain = Math.max(longestChain, kc);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        c[c0 + i * ldc + j] =
            FmaChain.dot(s[s0 + i * lds + j], a, a0 + i * lda, 1, b, b0 + j, ldb, kc);
      }
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
    streams++;
    assertTrue(panels == 2 || panels == STREAMS, () -> panels + " panels at once");
    assertTrue(rows <= shape.streamRows(), () -> rows + " rows over several panels");
    for (int i = 0; i < panels; i++) {
      int bi = b0 + i * panelStep;
      int si = s0 + i * sStep;
      panel(vectors, rows, kc, a, a0, lda, b, bi, ldb, s, si, lds, c, c0 + i * cStep, ldc);
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
    eights++;
    MatmulKernels.super.eight(kc, a, a0, b, b0, b1, b2, s, s0, sStep, c, c0);
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
    groups++;
    assertTrue(group > 0 && group == shape.groupRows(), () -> "groups of " + group);
    assertTrue(rows > 0 && rows % group == 0, () -> rows + " rows in groups");
    mostRows = Math.max(mostRows, rows);
    longestChain = Math.max(longestChain, kc);
    int width = vectors * shape.lanes();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        int ai = a0 + i / group * MatmulKernels.groupStep(group, kc) + i % group;
        c[c0 + i * ldc + j] = FmaChain.dot(s[s0 + i * lds + j], a, ai, group, b, b0 + j, width, kc);
      }
    }
  }

  @Override
  public void group(int group, int rows, int kc, float[] a, int a0, int lda, float[] to, int to0) {
    for (int i = 0; i < rows; i++) {
      int step = MatmulKernels.groupStep(group, kc);
      for (int p = 0; p < kc; p++) {
        to[to0 + i / group * step + p * group + i % group] = a[a0 + p * lda + i];
      }
    }
  }

  @Override
  public void copy(int rows, int columns, float[] a, int a0, int lda, float[] to, int to0) {
    assertTrue(columns <= TileShape.MAX_DEPTH, () -> "rows of " + columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        to[to0 + i * TileShape.COPY_LDA + j] = a[a0 + i * lda + j];
      }
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
    sweeps++;
    assertTrue(rows > 0, "a sweep without rows");
    assertTrue(
        columns > 0 && (rows == 1 || columns % shape.lanes() == 0), () -> "a sweep of " + columns);
    longestSweep = Math.max(longestSweep, kc);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int y = c0 + i * ldc + j;
        c[y] = FmaChain.dot(c[y], a, a0 + i * lda, 1, b, b0 + j, ldb, kc);
      }
    }
  }

  @Override
  public void pack(int vectors, int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
    int width = vectors * shape.lanes();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        packed[packed0 + i * width + j] = b[b0 + i * ldb + j];
      }
    }
  }
}
