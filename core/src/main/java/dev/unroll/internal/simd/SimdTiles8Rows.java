package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of eight rows of C for a file of 32 registers; see {@link SimdMatmul}.
 *
 * <p>24 accumulators, three vectors of B and one element of A leave four registers, so the order in
 * which C2 issues the loads decides here as it does in {@link SimdTilesPacked}: with offsets into A
 * that follow the loop's counter their checks vanish, all eight elements are loaded at the front of
 * the turn, three accumulators go to the stack, and 245 GFLOP/s become 176. So the counter moves in
 * other steps than the offsets. Two of these and two multiples of the leading dimension reach eight
 * rows with one addition each.
 *
 * <p>Where the chains start is the other thing. Chains that go on from C need more general
 * registers on the way into the loop than those that start from one row, and what is missing there
 * C2 moves through vector registers inside the loop, by instructions that take the places of fused
 * ones: 171 GFLOP/s become 151 on a core that fuses two vectors a cycle and no more, but only once
 * a JVM has seen chains of both kinds, and not in each. So the largest tile has two methods. The
 * one that goes on from C keeps three offsets into A and one leading dimension instead of two and
 * three multiples of it.
 */
final class SimdTiles8Rows {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  /** The step of a loop's counter: not that of an offset into A, so that C2 derives none of it. */
  static final int TURN = 3;

  private SimdTiles8Rows() {}

  static void tile8x1(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    FloatVector c30 = c00;
    FloatVector c40 = c00;
    FloatVector c50 = c00;
    FloatVector c60 = c00;
    FloatVector c70 = c00;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c30 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c40 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c50 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c60 = FloatVector.fromArray(F, s, s0);
      s0 += lds;
      c70 = FloatVector.fromArray(F, s, s0);
    }
    int lda2 = 2 * lda;
    int lda3 = 3 * lda;
    int p = a0;
    int r = a0 + 4 * lda;
    int turns = TileShape.depth(kc) * TURN;
    int q = b0;
    for (int turn = 0; turn < turns; turn += TURN) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      x = FloatVector.broadcast(F, a[p + lda]);
      c10 = x.fma(w0, c10);
      x = FloatVector.broadcast(F, a[p + lda2]);
      c20 = x.fma(w0, c20);
      x = FloatVector.broadcast(F, a[p + lda3]);
      c30 = x.fma(w0, c30);
      x = FloatVector.broadcast(F, a[r]);
      c40 = x.fma(w0, c40);
      x = FloatVector.broadcast(F, a[r + lda]);
      c50 = x.fma(w0, c50);
      x = FloatVector.broadcast(F, a[r + lda2]);
      c60 = x.fma(w0, c60);
      x = FloatVector.broadcast(F, a[r + lda3]);
      c70 = x.fma(w0, c70);
      p++;
      r++;
      q += ldb;
    }
    c00.intoArray(c, c0);
    c0 += ldc;
    c10.intoArray(c, c0);
    c0 += ldc;
    c20.intoArray(c, c0);
    c0 += ldc;
    c30.intoArray(c, c0);
    c0 += ldc;
    c40.intoArray(c, c0);
    c0 += ldc;
    c50.intoArray(c, c0);
    c0 += ldc;
    c60.intoArray(c, c0);
    c0 += ldc;
    c70.intoArray(c, c0);
  }

  static void tile8x2(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    if (lds != 0) {
      s0 += lds;
      c10 = FloatVector.fromArray(F, s, s0);
      c11 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c20 = FloatVector.fromArray(F, s, s0);
      c21 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c30 = FloatVector.fromArray(F, s, s0);
      c31 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c40 = FloatVector.fromArray(F, s, s0);
      c41 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c50 = FloatVector.fromArray(F, s, s0);
      c51 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c60 = FloatVector.fromArray(F, s, s0);
      c61 = FloatVector.fromArray(F, s, s0 + L);
      s0 += lds;
      c70 = FloatVector.fromArray(F, s, s0);
      c71 = FloatVector.fromArray(F, s, s0 + L);
    }
    int lda2 = 2 * lda;
    int lda3 = 3 * lda;
    int p = a0;
    int r = a0 + 4 * lda;
    int turns = TileShape.depth(kc) * TURN;
    int q = b0;
    for (int turn = 0; turn < turns; turn += TURN) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      x = FloatVector.broadcast(F, a[p + lda]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      x = FloatVector.broadcast(F, a[p + lda2]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      x = FloatVector.broadcast(F, a[p + lda3]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      x = FloatVector.broadcast(F, a[r]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      x = FloatVector.broadcast(F, a[r + lda]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      x = FloatVector.broadcast(F, a[r + lda2]);
      c60 = x.fma(w0, c60);
      c61 = x.fma(w1, c61);
      x = FloatVector.broadcast(F, a[r + lda3]);
      c70 = x.fma(w0, c70);
      c71 = x.fma(w1, c71);
      p++;
      r++;
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
    c0 += ldc;
    c30.intoArray(c, c0);
    c31.intoArray(c, c0 + L);
    c0 += ldc;
    c40.intoArray(c, c0);
    c41.intoArray(c, c0 + L);
    c0 += ldc;
    c50.intoArray(c, c0);
    c51.intoArray(c, c0 + L);
    c0 += ldc;
    c60.intoArray(c, c0);
    c61.intoArray(c, c0 + L);
    c0 += ldc;
    c70.intoArray(c, c0);
    c71.intoArray(c, c0 + L);
  }

  /** Two methods, so that what the one needs is not in the registers of the other, see above. */
  static void tile8x3(
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
    if (lds == 0) {
      tile8x3FromRow(kc, a, a0, lda, b, b0, ldb, s, s0, c, c0, ldc);
    } else {
      tile8x3FromC(kc, a, a0, lda, b, b0, ldb, c, c0, ldc);
    }
  }

  private static void tile8x3FromRow(
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] s,
      int s0,
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
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    FloatVector c72 = c02;
    int lda2 = 2 * lda;
    int lda3 = 3 * lda;
    int p = a0;
    int r = a0 + 4 * lda;
    int turns = TileShape.depth(kc) * TURN;
    int q = b0;
    for (int turn = 0; turn < turns; turn += TURN) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[p + lda]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[p + lda2]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[p + lda3]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
      x = FloatVector.broadcast(F, a[r]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      c42 = x.fma(w2, c42);
      x = FloatVector.broadcast(F, a[r + lda]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      c52 = x.fma(w2, c52);
      x = FloatVector.broadcast(F, a[r + lda2]);
      c60 = x.fma(w0, c60);
      c61 = x.fma(w1, c61);
      c62 = x.fma(w2, c62);
      x = FloatVector.broadcast(F, a[r + lda3]);
      c70 = x.fma(w0, c70);
      c71 = x.fma(w1, c71);
      c72 = x.fma(w2, c72);
      p++;
      r++;
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
    c0 += ldc;
    c70.intoArray(c, c0);
    c71.intoArray(c, c0 + L);
    c72.intoArray(c, c0 + 2 * L);
  }

  private static void tile8x3FromC(
      int kc, float[] a, int a0, int lda, float[] b, int b0, int ldb, float[] c, int c0, int ldc) {
    int from = c0;
    FloatVector c00 = FloatVector.fromArray(F, c, from);
    FloatVector c01 = FloatVector.fromArray(F, c, from + L);
    FloatVector c02 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c10 = FloatVector.fromArray(F, c, from);
    FloatVector c11 = FloatVector.fromArray(F, c, from + L);
    FloatVector c12 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c20 = FloatVector.fromArray(F, c, from);
    FloatVector c21 = FloatVector.fromArray(F, c, from + L);
    FloatVector c22 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c30 = FloatVector.fromArray(F, c, from);
    FloatVector c31 = FloatVector.fromArray(F, c, from + L);
    FloatVector c32 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c40 = FloatVector.fromArray(F, c, from);
    FloatVector c41 = FloatVector.fromArray(F, c, from + L);
    FloatVector c42 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c50 = FloatVector.fromArray(F, c, from);
    FloatVector c51 = FloatVector.fromArray(F, c, from + L);
    FloatVector c52 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c60 = FloatVector.fromArray(F, c, from);
    FloatVector c61 = FloatVector.fromArray(F, c, from + L);
    FloatVector c62 = FloatVector.fromArray(F, c, from + 2 * L);
    from += ldc;
    FloatVector c70 = FloatVector.fromArray(F, c, from);
    FloatVector c71 = FloatVector.fromArray(F, c, from + L);
    FloatVector c72 = FloatVector.fromArray(F, c, from + 2 * L);
    int p = a0 + lda;
    int r = p + 3 * lda;
    int t = r + 3 * lda;
    int turns = TileShape.depth(kc) * TURN;
    int q = b0;
    for (int turn = 0; turn < turns; turn += TURN) {
      FloatVector w0 = FloatVector.fromArray(F, b, q);
      FloatVector w1 = FloatVector.fromArray(F, b, q + L);
      FloatVector w2 = FloatVector.fromArray(F, b, q + 2 * L);
      FloatVector x = FloatVector.broadcast(F, a[p - lda]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      c02 = x.fma(w2, c02);
      x = FloatVector.broadcast(F, a[p]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[p + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[r - lda]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
      x = FloatVector.broadcast(F, a[r]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      c42 = x.fma(w2, c42);
      x = FloatVector.broadcast(F, a[r + lda]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      c52 = x.fma(w2, c52);
      x = FloatVector.broadcast(F, a[t - lda]);
      c60 = x.fma(w0, c60);
      c61 = x.fma(w1, c61);
      c62 = x.fma(w2, c62);
      x = FloatVector.broadcast(F, a[t]);
      c70 = x.fma(w0, c70);
      c71 = x.fma(w1, c71);
      c72 = x.fma(w2, c72);
      p++;
      r++;
      t++;
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
    c0 += ldc;
    c70.intoArray(c, c0);
    c71.intoArray(c, c0 + L);
    c72.intoArray(c, c0 + 2 * L);
  }
}
