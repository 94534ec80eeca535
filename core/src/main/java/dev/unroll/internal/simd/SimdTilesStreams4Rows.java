package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of four rows of C and two panels, for a file of 32 registers; see {@link
 * SimdTilesRow}.
 */
final class SimdTilesStreams4Rows {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  /** See {@link SimdTiles8Rows}. */
  private static final int TURN = SimdTiles8Rows.TURN;

  private SimdTilesStreams4Rows() {}

  static void tile4x3Times2Packed(
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
    int start = s0;
    FloatVector c00 = FloatVector.fromArray(F, s, start);
    FloatVector c01 = FloatVector.fromArray(F, s, start + L);
    FloatVector c02 = FloatVector.fromArray(F, s, start + 2 * L);
    start += sStep;
    FloatVector c03 = FloatVector.fromArray(F, s, start);
    FloatVector c04 = FloatVector.fromArray(F, s, start + L);
    FloatVector c05 = FloatVector.fromArray(F, s, start + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c13 = c03;
    FloatVector c14 = c04;
    FloatVector c15 = c05;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c23 = c03;
    FloatVector c24 = c04;
    FloatVector c25 = c05;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c33 = c03;
    FloatVector c34 = c04;
    FloatVector c35 = c05;
    if (lds != 0) {
      start = s0 + lds;
      c10 = FloatVector.fromArray(F, s, start);
      c11 = FloatVector.fromArray(F, s, start + L);
      c12 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c13 = FloatVector.fromArray(F, s, start);
      c14 = FloatVector.fromArray(F, s, start + L);
      c15 = FloatVector.fromArray(F, s, start + 2 * L);
      start = s0 + 2 * lds;
      c20 = FloatVector.fromArray(F, s, start);
      c21 = FloatVector.fromArray(F, s, start + L);
      c22 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c23 = FloatVector.fromArray(F, s, start);
      c24 = FloatVector.fromArray(F, s, start + L);
      c25 = FloatVector.fromArray(F, s, start + 2 * L);
      start = s0 + 3 * lds;
      c30 = FloatVector.fromArray(F, s, start);
      c31 = FloatVector.fromArray(F, s, start + L);
      c32 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c33 = FloatVector.fromArray(F, s, start);
      c34 = FloatVector.fromArray(F, s, start + L);
      c35 = FloatVector.fromArray(F, s, start + 2 * L);
    }
    int b1 = b0 + panelStep;
    int lda2 = 2 * lda;
    int lda3 = 3 * lda;
    int p = a0;
    int end = TileShape.depth(kc) * 3 * L;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector x0 = FloatVector.broadcast(F, a[p]);
      FloatVector x1 = FloatVector.broadcast(F, a[p + lda]);
      FloatVector x2 = FloatVector.broadcast(F, a[p + lda2]);
      FloatVector x3 = FloatVector.broadcast(F, a[p + lda3]);
      FloatVector w = FloatVector.fromArray(F, b, b0 + q);
      c00 = x0.fma(w, c00);
      c10 = x1.fma(w, c10);
      c20 = x2.fma(w, c20);
      c30 = x3.fma(w, c30);
      w = FloatVector.fromArray(F, b, b0 + q + L);
      c01 = x0.fma(w, c01);
      c11 = x1.fma(w, c11);
      c21 = x2.fma(w, c21);
      c31 = x3.fma(w, c31);
      w = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      c02 = x0.fma(w, c02);
      c12 = x1.fma(w, c12);
      c22 = x2.fma(w, c22);
      c32 = x3.fma(w, c32);
      w = FloatVector.fromArray(F, b, b1 + q);
      c03 = x0.fma(w, c03);
      c13 = x1.fma(w, c13);
      c23 = x2.fma(w, c23);
      c33 = x3.fma(w, c33);
      w = FloatVector.fromArray(F, b, b1 + q + L);
      c04 = x0.fma(w, c04);
      c14 = x1.fma(w, c14);
      c24 = x2.fma(w, c24);
      c34 = x3.fma(w, c34);
      w = FloatVector.fromArray(F, b, b1 + q + 2 * L);
      c05 = x0.fma(w, c05);
      c15 = x1.fma(w, c15);
      c25 = x2.fma(w, c25);
      c35 = x3.fma(w, c35);
      p++;
    }
    int to = c0;
    c00.intoArray(c, to);
    c01.intoArray(c, to + L);
    c02.intoArray(c, to + 2 * L);
    to += cStep;
    c03.intoArray(c, to);
    c04.intoArray(c, to + L);
    c05.intoArray(c, to + 2 * L);
    to = c0 + ldc;
    c10.intoArray(c, to);
    c11.intoArray(c, to + L);
    c12.intoArray(c, to + 2 * L);
    to += cStep;
    c13.intoArray(c, to);
    c14.intoArray(c, to + L);
    c15.intoArray(c, to + 2 * L);
    to = c0 + 2 * ldc;
    c20.intoArray(c, to);
    c21.intoArray(c, to + L);
    c22.intoArray(c, to + 2 * L);
    to += cStep;
    c23.intoArray(c, to);
    c24.intoArray(c, to + L);
    c25.intoArray(c, to + 2 * L);
    to = c0 + 3 * ldc;
    c30.intoArray(c, to);
    c31.intoArray(c, to + L);
    c32.intoArray(c, to + 2 * L);
    to += cStep;
    c33.intoArray(c, to);
    c34.intoArray(c, to + L);
    c35.intoArray(c, to + 2 * L);
  }

  static void tile4x3Times2(
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
    int start = s0;
    FloatVector c00 = FloatVector.fromArray(F, s, start);
    FloatVector c01 = FloatVector.fromArray(F, s, start + L);
    FloatVector c02 = FloatVector.fromArray(F, s, start + 2 * L);
    start += sStep;
    FloatVector c03 = FloatVector.fromArray(F, s, start);
    FloatVector c04 = FloatVector.fromArray(F, s, start + L);
    FloatVector c05 = FloatVector.fromArray(F, s, start + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c13 = c03;
    FloatVector c14 = c04;
    FloatVector c15 = c05;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c23 = c03;
    FloatVector c24 = c04;
    FloatVector c25 = c05;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c33 = c03;
    FloatVector c34 = c04;
    FloatVector c35 = c05;
    if (lds != 0) {
      start = s0 + lds;
      c10 = FloatVector.fromArray(F, s, start);
      c11 = FloatVector.fromArray(F, s, start + L);
      c12 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c13 = FloatVector.fromArray(F, s, start);
      c14 = FloatVector.fromArray(F, s, start + L);
      c15 = FloatVector.fromArray(F, s, start + 2 * L);
      start = s0 + 2 * lds;
      c20 = FloatVector.fromArray(F, s, start);
      c21 = FloatVector.fromArray(F, s, start + L);
      c22 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c23 = FloatVector.fromArray(F, s, start);
      c24 = FloatVector.fromArray(F, s, start + L);
      c25 = FloatVector.fromArray(F, s, start + 2 * L);
      start = s0 + 3 * lds;
      c30 = FloatVector.fromArray(F, s, start);
      c31 = FloatVector.fromArray(F, s, start + L);
      c32 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c33 = FloatVector.fromArray(F, s, start);
      c34 = FloatVector.fromArray(F, s, start + L);
      c35 = FloatVector.fromArray(F, s, start + 2 * L);
    }
    int q0 = b0;
    int q1 = q0 + panelStep;
    int lda2 = 2 * lda;
    int lda3 = 3 * lda;
    int p = a0;
    int turns = TileShape.depth(kc) * TURN;
    for (int turn = 0; turn < turns; turn += TURN) {
      FloatVector x0 = FloatVector.broadcast(F, a[p]);
      FloatVector x1 = FloatVector.broadcast(F, a[p + lda]);
      FloatVector x2 = FloatVector.broadcast(F, a[p + lda2]);
      FloatVector x3 = FloatVector.broadcast(F, a[p + lda3]);
      FloatVector w = FloatVector.fromArray(F, b, q0);
      c00 = x0.fma(w, c00);
      c10 = x1.fma(w, c10);
      c20 = x2.fma(w, c20);
      c30 = x3.fma(w, c30);
      w = FloatVector.fromArray(F, b, q0 + L);
      c01 = x0.fma(w, c01);
      c11 = x1.fma(w, c11);
      c21 = x2.fma(w, c21);
      c31 = x3.fma(w, c31);
      w = FloatVector.fromArray(F, b, q0 + 2 * L);
      c02 = x0.fma(w, c02);
      c12 = x1.fma(w, c12);
      c22 = x2.fma(w, c22);
      c32 = x3.fma(w, c32);
      w = FloatVector.fromArray(F, b, q1);
      c03 = x0.fma(w, c03);
      c13 = x1.fma(w, c13);
      c23 = x2.fma(w, c23);
      c33 = x3.fma(w, c33);
      w = FloatVector.fromArray(F, b, q1 + L);
      c04 = x0.fma(w, c04);
      c14 = x1.fma(w, c14);
      c24 = x2.fma(w, c24);
      c34 = x3.fma(w, c34);
      w = FloatVector.fromArray(F, b, q1 + 2 * L);
      c05 = x0.fma(w, c05);
      c15 = x1.fma(w, c15);
      c25 = x2.fma(w, c25);
      c35 = x3.fma(w, c35);
      q0 += ldb;
      q1 += ldb;
      p++;
    }
    int to = c0;
    c00.intoArray(c, to);
    c01.intoArray(c, to + L);
    c02.intoArray(c, to + 2 * L);
    to += cStep;
    c03.intoArray(c, to);
    c04.intoArray(c, to + L);
    c05.intoArray(c, to + 2 * L);
    to = c0 + ldc;
    c10.intoArray(c, to);
    c11.intoArray(c, to + L);
    c12.intoArray(c, to + 2 * L);
    to += cStep;
    c13.intoArray(c, to);
    c14.intoArray(c, to + L);
    c15.intoArray(c, to + 2 * L);
    to = c0 + 2 * ldc;
    c20.intoArray(c, to);
    c21.intoArray(c, to + L);
    c22.intoArray(c, to + 2 * L);
    to += cStep;
    c23.intoArray(c, to);
    c24.intoArray(c, to + L);
    c25.intoArray(c, to + 2 * L);
    to = c0 + 3 * ldc;
    c30.intoArray(c, to);
    c31.intoArray(c, to + L);
    c32.intoArray(c, to + 2 * L);
    to += cStep;
    c33.intoArray(c, to);
    c34.intoArray(c, to + L);
    c35.intoArray(c, to + 2 * L);
  }
}
