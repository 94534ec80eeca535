package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of five to seven rows by three vectors whose distance in A is known to the
 * compiler, over packed panels, for 32 registers; see {@link SimdTiles8RowsCopied}.
 */
final class SimdTilesTallCopied {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();
  private static final int LDA = TileShape.COPY_LDA;

  private SimdTilesTallCopied() {}

  static void tile7x3(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c42 = c02;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c52 = c02;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c62 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
      c22 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c30 = FloatVector.fromArray(F, s, s0);
      c31 = FloatVector.fromArray(F, s, s0 + L);
      c32 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c40 = FloatVector.fromArray(F, s, s0);
      c41 = FloatVector.fromArray(F, s, s0 + L);
      c42 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c50 = FloatVector.fromArray(F, s, s0);
      c51 = FloatVector.fromArray(F, s, s0 + L);
      c52 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c60 = FloatVector.fromArray(F, s, s0);
      c61 = FloatVector.fromArray(F, s, s0 + L);
      c62 = FloatVector.fromArray(F, s, s0 + 2 * L);
    }
    int end = TileShape.depth(kc) * 3 * L;
    int p = a0;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[p + LDA]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[p + 2 * LDA]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[p + 3 * LDA]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
      x = FloatVector.broadcast(F, a[p + 4 * LDA]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      c42 = x.fma(w2, c42);
      x = FloatVector.broadcast(F, a[p + 5 * LDA]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      c52 = x.fma(w2, c52);
      x = FloatVector.broadcast(F, a[p + 6 * LDA]);
      c60 = x.fma(w0, c60);
      c61 = x.fma(w1, c61);
      c62 = x.fma(w2, c62);
      p++;
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
    c0 += ldc;
    c30.intoArray(c, c0);
    c31.intoArray(c, c0 + L);
    c32.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c40.intoArray(c, c0);
    c41.intoArray(c, c0 + L);
    c42.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c50.intoArray(c, c0);
    c51.intoArray(c, c0 + L);
    c52.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c60.intoArray(c, c0);
    c61.intoArray(c, c0 + L);
    c62.intoArray(c, c0 + 2 * L);
  }

  static void tile6x3(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c42 = c02;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c52 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
      c22 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c30 = FloatVector.fromArray(F, s, s0);
      c31 = FloatVector.fromArray(F, s, s0 + L);
      c32 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c40 = FloatVector.fromArray(F, s, s0);
      c41 = FloatVector.fromArray(F, s, s0 + L);
      c42 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c50 = FloatVector.fromArray(F, s, s0);
      c51 = FloatVector.fromArray(F, s, s0 + L);
      c52 = FloatVector.fromArray(F, s, s0 + 2 * L);
    }
    int end = TileShape.depth(kc) * 3 * L;
    int p = a0;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[p + LDA]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[p + 2 * LDA]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[p + 3 * LDA]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
      x = FloatVector.broadcast(F, a[p + 4 * LDA]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      c42 = x.fma(w2, c42);
      x = FloatVector.broadcast(F, a[p + 5 * LDA]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      c52 = x.fma(w2, c52);
      p++;
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
    c0 += ldc;
    c30.intoArray(c, c0);
    c31.intoArray(c, c0 + L);
    c32.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c40.intoArray(c, c0);
    c41.intoArray(c, c0 + L);
    c42.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c50.intoArray(c, c0);
    c51.intoArray(c, c0 + L);
    c52.intoArray(c, c0 + 2 * L);
  }

  static void tile5x3(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c42 = c02;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
      c22 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c30 = FloatVector.fromArray(F, s, s0);
      c31 = FloatVector.fromArray(F, s, s0 + L);
      c32 = FloatVector.fromArray(F, s, s0 + 2 * L);
      s0 += lds;
      c40 = FloatVector.fromArray(F, s, s0);
      c41 = FloatVector.fromArray(F, s, s0 + L);
      c42 = FloatVector.fromArray(F, s, s0 + 2 * L);
    }
    int end = TileShape.depth(kc) * 3 * L;
    int p = a0;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[p + LDA]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[p + 2 * LDA]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[p + 3 * LDA]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
      x = FloatVector.broadcast(F, a[p + 4 * LDA]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      c42 = x.fma(w2, c42);
      p++;
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
    c0 += ldc;
    c30.intoArray(c, c0);
    c31.intoArray(c, c0 + L);
    c32.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c40.intoArray(c, c0);
    c41.intoArray(c, c0 + L);
    c42.intoArray(c, c0 + 2 * L);
  }
}
