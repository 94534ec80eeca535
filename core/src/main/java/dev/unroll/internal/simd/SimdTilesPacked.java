package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles over packed panels for a file of 16 registers; see {@link SimdMatmul}.
 *
 * <p>Two fused operations a cycle with a latency of five need ten chains at once, so nine
 * accumulators reach 90 % of the FMA peak at best, eight 80 %. Twelve are four rows by three
 * vectors or, where columns are left over, six by two, which take more loads and checks for the
 * same work. With three vectors of B and one element of A they fill the file to the last register,
 * and then everything depends on the order in which C2 issues the loads: freed from their bounds
 * checks they are moved to the front of the turn, and accumulators go to the stack to make room. So
 * the loops count the offset into B, whose checks are then made once, before the loop, while the
 * offset into A moves by another step: its checks stay, one in front of each row, cost one cycle of
 * a branch unit that has nothing else to do, and hold the loads of that row where they stand in the
 * source.
 *
 * <p>General registers are as scarce. The count starts from zero and ends at a bound that C2 can
 * see, since that keeps the loop from being cut into strips; see {@link TileShape#MAX_DEPTH}.
 */
final class SimdTilesPacked {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdTilesPacked() {}

  static void tile4x3(
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
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[r + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
      x = FloatVector.broadcast(F, a[r + lda + lda]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      c32 = x.fma(w2, c32);
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
  }

  static void tile3x3(
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
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      x = FloatVector.broadcast(F, a[r + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      c22 = x.fma(w2, c22);
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
  }

  static void tile2x3(
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
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      c12 = x.fma(w2, c12);
      p++;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += ldc;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
  }

  static void tile6x2(
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
    }
    int end = TileShape.depth(kc) * 2 * L;
    int p = a0;
    for (int q = 0; q < end; q += 2 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      x = FloatVector.broadcast(F, a[r + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      x = FloatVector.broadcast(F, a[r + lda + lda]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      x = FloatVector.broadcast(F, a[r + lda + lda + lda]);
      c40 = x.fma(w0, c40);
      c41 = x.fma(w1, c41);
      x = FloatVector.broadcast(F, a[r + lda + lda + lda + lda]);
      c50 = x.fma(w0, c50);
      c51 = x.fma(w1, c51);
      p++;
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
  }

  static void tile4x2(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
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
    }
    int end = TileShape.depth(kc) * 2 * L;
    int p = a0;
    for (int q = 0; q < end; q += 2 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      x = FloatVector.broadcast(F, a[r + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      x = FloatVector.broadcast(F, a[r + lda + lda]);
      c30 = x.fma(w0, c30);
      c31 = x.fma(w1, c31);
      p++;
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
  }

  static void tile3x2(
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
    int end = TileShape.depth(kc) * 2 * L;
    int p = a0;
    for (int q = 0; q < end; q += 2 * L) {
      FloatVector w0 = FloatVector.fromArray(F, b, b0 + q);
      FloatVector w1 = FloatVector.fromArray(F, b, b0 + q + L);
      FloatVector x = FloatVector.broadcast(F, a[p]);
      c00 = x.fma(w0, c00);
      c01 = x.fma(w1, c01);
      int r = p + lda;
      x = FloatVector.broadcast(F, a[r]);
      c10 = x.fma(w0, c10);
      c11 = x.fma(w1, c11);
      x = FloatVector.broadcast(F, a[r + lda]);
      c20 = x.fma(w0, c20);
      c21 = x.fma(w1, c21);
      p++;
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
}
