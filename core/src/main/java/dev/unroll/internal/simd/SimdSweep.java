package dev.unroll.internal.simd;

import dev.unroll.internal.scalar.Fma;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A few rows against B as it stands; see {@link SimdMatmul}. A kernel takes r rows of A and C and t
 * rows of B from their start to their end: r * t broadcast elements stay in registers, a vector of
 * C makes t links of its chain between its load and its store, and a vector of B serves r rows.
 *
 * <p>A core stores one vector in the time of two fused operations, so t is three or four; four rows
 * by three, three by four or two by four are what a file of 16 registers holds. A single row may
 * end within a vector.
 */
final class SimdSweep {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdSweep() {}

  static void rows(
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
    if (rows % 4 == 0) {
      fours(rows, columns, kc, a, a0, lda, b, b0, ldb, c, c0, ldc);
    } else {
      threes(rows, columns, kc, a, a0, lda, b, b0, ldb, c, c0, ldc);
    }
  }

  private static void fours(
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
    int p = 0;
    for (; p + 3 <= kc; p += 3) {
      for (int i = 0; i < rows; i += 4) {
        sweep4x3(columns, a, a0 + i * lda + p, lda, b, b0 + p * ldb, ldb, c, c0 + i * ldc, ldc);
      }
    }
    for (; p < kc; p++) {
      for (int i = 0; i < rows; i += 4) {
        sweep4x1(columns, a, a0 + i * lda + p, lda, b, b0 + p * ldb, c, c0 + i * ldc, ldc);
      }
    }
  }

  /** Threes and twos; a single row only alone. */
  private static void threes(
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
    int p = 0;
    for (; p + 4 <= kc; p += 4) {
      int bp = b0 + p * ldb;
      int i = 0;
      for (; rows - i == 3 || rows - i > 4; i += 3) {
        sweep3x4(columns, a, a0 + i * lda + p, lda, b, bp, ldb, c, c0 + i * ldc, ldc);
      }
      for (; rows - i > 1; i += 2) {
        sweep2x4(columns, a, a0 + i * lda + p, lda, b, bp, ldb, c, c0 + i * ldc, ldc);
      }
      if (i < rows) {
        sweep1x4(columns, a, a0 + i * lda + p, b, bp, ldb, c, c0 + i * ldc);
      }
    }
    for (; p < kc; p++) {
      for (int i = 0; i < rows; i++) {
        sweep1x1(columns, a[a0 + i * lda + p], b, b0 + p * ldb, c, c0 + i * ldc);
      }
    }
  }

  private static void sweep4x3(
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    FloatVector x00 = FloatVector.broadcast(F, a[a0]);
    FloatVector x01 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x02 = FloatVector.broadcast(F, a[a0 + 2]);
    a0 += lda;
    FloatVector x10 = FloatVector.broadcast(F, a[a0]);
    FloatVector x11 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x12 = FloatVector.broadcast(F, a[a0 + 2]);
    a0 += lda;
    FloatVector x20 = FloatVector.broadcast(F, a[a0]);
    FloatVector x21 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x22 = FloatVector.broadcast(F, a[a0 + 2]);
    a0 += lda;
    FloatVector x30 = FloatVector.broadcast(F, a[a0]);
    FloatVector x31 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x32 = FloatVector.broadcast(F, a[a0 + 2]);
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    for (int j = 0; j < columns; j += L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + j);
      FloatVector w1 = FloatVector.fromArray(F, b, b1 + j);
      FloatVector w2 = FloatVector.fromArray(F, b, b2 + j);
      FloatVector y = FloatVector.fromArray(F, c, c0 + j);
      x02.fma(w2, x01.fma(w1, x00.fma(w0, y))).intoArray(c, c0 + j);
      y = FloatVector.fromArray(F, c, c1 + j);
      x12.fma(w2, x11.fma(w1, x10.fma(w0, y))).intoArray(c, c1 + j);
      y = FloatVector.fromArray(F, c, c2 + j);
      x22.fma(w2, x21.fma(w1, x20.fma(w0, y))).intoArray(c, c2 + j);
      y = FloatVector.fromArray(F, c, c3 + j);
      x32.fma(w2, x31.fma(w1, x30.fma(w0, y))).intoArray(c, c3 + j);
    }
  }

  private static void sweep4x1(
      int columns, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc) {
    FloatVector x0 = FloatVector.broadcast(F, a[a0]);
    FloatVector x1 = FloatVector.broadcast(F, a[a0 + lda]);
    FloatVector x2 = FloatVector.broadcast(F, a[a0 + 2 * lda]);
    FloatVector x3 = FloatVector.broadcast(F, a[a0 + 3 * lda]);
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    for (int j = 0; j < columns; j += L) {
      FloatVector w = FloatVector.fromArray(F, b, b0 + j);
      x0.fma(w, FloatVector.fromArray(F, c, c0 + j)).intoArray(c, c0 + j);
      x1.fma(w, FloatVector.fromArray(F, c, c1 + j)).intoArray(c, c1 + j);
      x2.fma(w, FloatVector.fromArray(F, c, c2 + j)).intoArray(c, c2 + j);
      x3.fma(w, FloatVector.fromArray(F, c, c3 + j)).intoArray(c, c3 + j);
    }
  }

  private static void sweep3x4(
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    FloatVector x00 = FloatVector.broadcast(F, a[a0]);
    FloatVector x01 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x02 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x03 = FloatVector.broadcast(F, a[a0 + 3]);
    a0 += lda;
    FloatVector x10 = FloatVector.broadcast(F, a[a0]);
    FloatVector x11 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x12 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x13 = FloatVector.broadcast(F, a[a0 + 3]);
    a0 += lda;
    FloatVector x20 = FloatVector.broadcast(F, a[a0]);
    FloatVector x21 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x22 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x23 = FloatVector.broadcast(F, a[a0 + 3]);
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    for (int j = 0; j < columns; j += L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + j);
      FloatVector w1 = FloatVector.fromArray(F, b, b1 + j);
      FloatVector w2 = FloatVector.fromArray(F, b, b2 + j);
      FloatVector w3 = FloatVector.fromArray(F, b, b3 + j);
      FloatVector y = FloatVector.fromArray(F, c, c0 + j);
      x03.fma(w3, x02.fma(w2, x01.fma(w1, x00.fma(w0, y)))).intoArray(c, c0 + j);
      y = FloatVector.fromArray(F, c, c1 + j);
      x13.fma(w3, x12.fma(w2, x11.fma(w1, x10.fma(w0, y)))).intoArray(c, c1 + j);
      y = FloatVector.fromArray(F, c, c2 + j);
      x23.fma(w3, x22.fma(w2, x21.fma(w1, x20.fma(w0, y)))).intoArray(c, c2 + j);
    }
  }

  private static void sweep2x4(
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc) {
    FloatVector x00 = FloatVector.broadcast(F, a[a0]);
    FloatVector x01 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x02 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x03 = FloatVector.broadcast(F, a[a0 + 3]);
    a0 += lda;
    FloatVector x10 = FloatVector.broadcast(F, a[a0]);
    FloatVector x11 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x12 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x13 = FloatVector.broadcast(F, a[a0 + 3]);
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    int c1 = c0 + ldc;
    for (int j = 0; j < columns; j += L) {
      FloatVector y0 = FloatVector.fromArray(F, c, c0 + j);
      FloatVector y1 = FloatVector.fromArray(F, c, c1 + j);
      FloatVector w = FloatVector.fromArray(F, b, b0 + j);
      y0 = x00.fma(w, y0);
      y1 = x10.fma(w, y1);
      w = FloatVector.fromArray(F, b, b1 + j);
      y0 = x01.fma(w, y0);
      y1 = x11.fma(w, y1);
      w = FloatVector.fromArray(F, b, b2 + j);
      y0 = x02.fma(w, y0);
      y1 = x12.fma(w, y1);
      w = FloatVector.fromArray(F, b, b3 + j);
      y0 = x03.fma(w, y0);
      y1 = x13.fma(w, y1);
      y0.intoArray(c, c0 + j);
      y1.intoArray(c, c1 + j);
    }
  }

  private static void sweep1x4(
      int columns, float[] a, int a0, float[] b, int b0, int ldb, float[] c, int c0) {
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    FloatVector x0 = FloatVector.broadcast(F, a[a0]);
    FloatVector x1 = FloatVector.broadcast(F, a[a0 + 1]);
    FloatVector x2 = FloatVector.broadcast(F, a[a0 + 2]);
    FloatVector x3 = FloatVector.broadcast(F, a[a0 + 3]);
    int j = 0;
    for (; j < F.loopBound(columns); j += L) {
      FloatVector y = FloatVector.fromArray(F, c, c0 + j);
      y = x0.fma(FloatVector.fromArray(F, b, b0 + j), y);
      y = x1.fma(FloatVector.fromArray(F, b, b1 + j), y);
      y = x2.fma(FloatVector.fromArray(F, b, b2 + j), y);
      y = x3.fma(FloatVector.fromArray(F, b, b3 + j), y);
      y.intoArray(c, c0 + j);
    }
    for (; j < columns; j++) {
      float y = Fma.fma(a[a0], b[b0 + j], c[c0 + j]);
      y = Fma.fma(a[a0 + 1], b[b1 + j], y);
      y = Fma.fma(a[a0 + 2], b[b2 + j], y);
      c[c0 + j] = Fma.fma(a[a0 + 3], b[b3 + j], y);
    }
  }

  private static void sweep1x1(int columns, float x, float[] b, int b0, float[] c, int c0) {
    FloatVector xs = FloatVector.broadcast(F, x);
    int j = 0;
    for (; j < F.loopBound(columns); j += L) {
      FloatVector y = FloatVector.fromArray(F, c, c0 + j);
      xs.fma(FloatVector.fromArray(F, b, b0 + j), y).intoArray(c, c0 + j);
    }
    for (; j < columns; j++) {
      c[c0 + j] = Fma.fma(x, b[b0 + j], c[c0 + j]);
    }
  }
}
