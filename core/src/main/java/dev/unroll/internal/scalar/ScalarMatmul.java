package dev.unroll.internal.scalar;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.MatmulKernels;

/**
 * Matrix products, the plain twin: eight columns of one row at a time, each in a variable of its
 * own.
 *
 * <p>An element is one chain: its start, then one fma for each p, ascending. Which elements are
 * walked together does not show in the bits.
 */
public final class ScalarMatmul implements MatmulKernels {

  private static final int LANES = 8;
  private static final TileShape SHAPE = TileShape.of(LANES, /* registers= */ 16);

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
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors * LANES; j += LANES) {
        tile1x8(kc, a, a0 + i * lda, b, b0 + j, ldb, s, s0 + i * lds + j, c, c0 + i * ldc + j);
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
    for (int i = 0; i < panels; i++) {
      int bi = b0 + i * panelStep;
      int si = s0 + i * sStep;
      panel(vectors, rows, kc, a, a0, lda, b, bi, ldb, s, si, lds, c, c0 + i * cStep, ldc);
    }
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
    int width = vectors * LANES;
    for (int i = 0; i < rows; i++) {
      int ai = a0 + i / group * MatmulKernels.groupStep(group, kc) + i % group;
      for (int j = 0; j < width; j++) {
        float x = s[s0 + i * lds + j];
        for (int p = 0; p < kc; p++) {
          x = Fma.fma(a[ai + p * group], b[b0 + p * width + j], x);
        }
        c[c0 + i * ldc + j] = x;
      }
    }
  }

  @Override
  public void group(int group, int rows, int kc, float[] a, int a0, int lda, float[] to, int to0) {
    int step = MatmulKernels.groupStep(group, kc);
    for (int p = 0; p < kc; p++) {
      for (int i = 0; i < rows; i++) {
        to[to0 + i / group * step + p * group + i % group] = a[a0 + p * lda + i];
      }
    }
  }

  @Override
  public void copy(int rows, int columns, float[] a, int a0, int lda, float[] to, int to0) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(a, a0 + i * lda, to, to0 + i * TileShape.COPY_LDA, columns);
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
    for (int p = 0; p < kc; p++) {
      int q = b0 + p * ldb;
      for (int i = 0; i < rows; i++) {
        float x = a[a0 + i * lda + p];
        for (int j = 0, y = c0 + i * ldc; j < columns; j++) {
          c[y + j] = Fma.fma(x, b[q + j], c[y + j]);
        }
      }
    }
  }

  @Override
  public void pack(int vectors, int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
    int width = vectors * LANES;
    for (int i = 0; i < rows; i++) {
      System.arraycopy(b, b0 + i * ldb, packed, packed0 + i * width, width);
    }
  }

  private static void tile1x8(
      int kc, float[] a, int a0, float[] b, int b0, int ldb, float[] s, int s0, float[] c, int c0) {
    float x0 = s[s0];
    float x1 = s[s0 + 1];
    float x2 = s[s0 + 2];
    float x3 = s[s0 + 3];
    float x4 = s[s0 + 4];
    float x5 = s[s0 + 5];
    float x6 = s[s0 + 6];
    float x7 = s[s0 + 7];
    for (int p = 0, q = b0; p < kc; p++, q += ldb) {
      float x = a[a0 + p];
      x0 = Fma.fma(x, b[q], x0);
      x1 = Fma.fma(x, b[q + 1], x1);
      x2 = Fma.fma(x, b[q + 2], x2);
      x3 = Fma.fma(x, b[q + 3], x3);
      x4 = Fma.fma(x, b[q + 4], x4);
      x5 = Fma.fma(x, b[q + 5], x5);
      x6 = Fma.fma(x, b[q + 6], x6);
      x7 = Fma.fma(x, b[q + 7], x7);
    }
    c[c0] = x0;
    c[c0 + 1] = x1;
    c[c0 + 2] = x2;
    c[c0 + 3] = x3;
    c[c0 + 4] = x4;
    c[c0 + 5] = x5;
    c[c0 + 6] = x6;
    c[c0 + 7] = x7;
  }
}
