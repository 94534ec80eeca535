package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of two rows of C; see {@link SimdMatmul}.
 *
 * <p>Few rows are bound by the bytes of B, and then the constant stride of a packed panel is worth
 * 5 to 15 %: its bounds are checked once, before the loop. More rows are bound by FMAs, and there
 * the loop with a constant stride is the slower one, since C2 unrolls it and runs out of registers.
 */
final class SimdTiles2Rows {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdTiles2Rows() {}

  static void tile2x1(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c10 = c00;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c0 += ldc;
    c10.intoArray(c, c0);
  }

  static void tile2x2(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
  }

  static void tile2x3(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
  }

  static void tile2x1Packed(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c10 = c00;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      q += L;
    }
    c00.intoArray(c, c0);
    c0 += ldc;
    c10.intoArray(c, c0);
  }

  static void tile2x2Packed(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      q += 2 * L;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
  }

  static void tile2x3Packed(
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
    int a1 = a0 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      q += 3 * L;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
  }
}
