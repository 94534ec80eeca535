package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Register tiles of three rows of C; see {@link SimdMatmul}. */
final class SimdTiles3Rows {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdTiles3Rows() {}

  static void tile3x1(
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
    int a2 = a1 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
    }
    int q = b0;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(w0, c00);
      x = FloatVector.broadcast(F, a[a1 + p]);
      c10 = x.fma(w0, c10);
      x = FloatVector.broadcast(F, a[a2 + p]);
      c20 = x.fma(w0, c20);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c0 += ldc;
    c10.intoArray(c, c0);
    c0 += ldc;
    c20.intoArray(c, c0);
  }

  static void tile3x2(
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
    int a2 = a1 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
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
      x = FloatVector.broadcast(F, a[a2 + p]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c0 += ldc;
    c20.intoArray(c, c0);
    c21.intoArray(c, c0 + L);
  }

  static void tile3x3(
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
    int a2 = a1 + lda;
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
      c22 = FloatVector.fromArray(F, s, s0 + 2 * L);
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
      x = FloatVector.broadcast(F, a[a2 + p]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      q += ldb;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c20.intoArray(c, c0);
    c21.intoArray(c, c0 + L);
    c22.intoArray(c, c0 + 2 * L);
  }
}
