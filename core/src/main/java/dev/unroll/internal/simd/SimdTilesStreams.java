package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of two and three rows of C and several packed panels, for a file of 32 registers;
 * see {@link SimdTilesRow}.
 */
final class SimdTilesStreams {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdTilesStreams() {}

  static void tile2x3Times2Packed(
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
    if (lds != 0) {
      start = s0 + lds;
      c10 = FloatVector.fromArray(F, s, start);
      c11 = FloatVector.fromArray(F, s, start + L);
      c12 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c13 = FloatVector.fromArray(F, s, start);
      c14 = FloatVector.fromArray(F, s, start + L);
      c15 = FloatVector.fromArray(F, s, start + 2 * L);
    }
    int b1 = b0 + panelStep;
    int p = a0;
    int end = TileShape.depth(kc) * 3 * L;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector x0 = FloatVector.broadcast(F, a[p]);
      FloatVector x1 = FloatVector.broadcast(F, a[p + lda]);
      FloatVector w = FloatVector.fromArray(F, b, b0 + q);
      c00 = x0.fma(w, c00);
      c10 = x1.fma(w, c10);
      w = FloatVector.fromArray(F, b, b0 + q + L);
      c01 = x0.fma(w, c01);
      c11 = x1.fma(w, c11);
      w = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      c02 = x0.fma(w, c02);
      c12 = x1.fma(w, c12);
      w = FloatVector.fromArray(F, b, b1 + q);
      c03 = x0.fma(w, c03);
      c13 = x1.fma(w, c13);
      w = FloatVector.fromArray(F, b, b1 + q + L);
      c04 = x0.fma(w, c04);
      c14 = x1.fma(w, c14);
      w = FloatVector.fromArray(F, b, b1 + q + 2 * L);
      c05 = x0.fma(w, c05);
      c15 = x1.fma(w, c15);
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
  }

  static void tile2x3Times4Packed(
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
    start += sStep;
    FloatVector c06 = FloatVector.fromArray(F, s, start);
    FloatVector c07 = FloatVector.fromArray(F, s, start + L);
    FloatVector c08 = FloatVector.fromArray(F, s, start + 2 * L);
    start += sStep;
    FloatVector c09 = FloatVector.fromArray(F, s, start);
    FloatVector c0a = FloatVector.fromArray(F, s, start + L);
    FloatVector c0b = FloatVector.fromArray(F, s, start + 2 * L);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c13 = c03;
    FloatVector c14 = c04;
    FloatVector c15 = c05;
    FloatVector c16 = c06;
    FloatVector c17 = c07;
    FloatVector c18 = c08;
    FloatVector c19 = c09;
    FloatVector c1a = c0a;
    FloatVector c1b = c0b;
    if (lds != 0) {
      start = s0 + lds;
      c10 = FloatVector.fromArray(F, s, start);
      c11 = FloatVector.fromArray(F, s, start + L);
      c12 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c13 = FloatVector.fromArray(F, s, start);
      c14 = FloatVector.fromArray(F, s, start + L);
      c15 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c16 = FloatVector.fromArray(F, s, start);
      c17 = FloatVector.fromArray(F, s, start + L);
      c18 = FloatVector.fromArray(F, s, start + 2 * L);
      start += sStep;
      c19 = FloatVector.fromArray(F, s, start);
      c1a = FloatVector.fromArray(F, s, start + L);
      c1b = FloatVector.fromArray(F, s, start + 2 * L);
    }
    int b1 = b0 + panelStep;
    int b2 = b1 + panelStep;
    int b3 = b2 + panelStep;
    int p = a0;
    int end = TileShape.depth(kc) * 3 * L;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector x0 = FloatVector.broadcast(F, a[p]);
      FloatVector x1 = FloatVector.broadcast(F, a[p + lda]);
      FloatVector w = FloatVector.fromArray(F, b, b0 + q);
      c00 = x0.fma(w, c00);
      c10 = x1.fma(w, c10);
      w = FloatVector.fromArray(F, b, b0 + q + L);
      c01 = x0.fma(w, c01);
      c11 = x1.fma(w, c11);
      w = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      c02 = x0.fma(w, c02);
      c12 = x1.fma(w, c12);
      w = FloatVector.fromArray(F, b, b1 + q);
      c03 = x0.fma(w, c03);
      c13 = x1.fma(w, c13);
      w = FloatVector.fromArray(F, b, b1 + q + L);
      c04 = x0.fma(w, c04);
      c14 = x1.fma(w, c14);
      w = FloatVector.fromArray(F, b, b1 + q + 2 * L);
      c05 = x0.fma(w, c05);
      c15 = x1.fma(w, c15);
      w = FloatVector.fromArray(F, b, b2 + q);
      c06 = x0.fma(w, c06);
      c16 = x1.fma(w, c16);
      w = FloatVector.fromArray(F, b, b2 + q + L);
      c07 = x0.fma(w, c07);
      c17 = x1.fma(w, c17);
      w = FloatVector.fromArray(F, b, b2 + q + 2 * L);
      c08 = x0.fma(w, c08);
      c18 = x1.fma(w, c18);
      w = FloatVector.fromArray(F, b, b3 + q);
      c09 = x0.fma(w, c09);
      c19 = x1.fma(w, c19);
      w = FloatVector.fromArray(F, b, b3 + q + L);
      c0a = x0.fma(w, c0a);
      c1a = x1.fma(w, c1a);
      w = FloatVector.fromArray(F, b, b3 + q + 2 * L);
      c0b = x0.fma(w, c0b);
      c1b = x1.fma(w, c1b);
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
    to += cStep;
    c06.intoArray(c, to);
    c07.intoArray(c, to + L);
    c08.intoArray(c, to + 2 * L);
    to += cStep;
    c09.intoArray(c, to);
    c0a.intoArray(c, to + L);
    c0b.intoArray(c, to + 2 * L);
    to = c0 + ldc;
    c10.intoArray(c, to);
    c11.intoArray(c, to + L);
    c12.intoArray(c, to + 2 * L);
    to += cStep;
    c13.intoArray(c, to);
    c14.intoArray(c, to + L);
    c15.intoArray(c, to + 2 * L);
    to += cStep;
    c16.intoArray(c, to);
    c17.intoArray(c, to + L);
    c18.intoArray(c, to + 2 * L);
    to += cStep;
    c19.intoArray(c, to);
    c1a.intoArray(c, to + L);
    c1b.intoArray(c, to + 2 * L);
  }

  static void tile3x3Times2Packed(
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
    }
    int b1 = b0 + panelStep;
    int lda2 = 2 * lda;
    int p = a0;
    int end = TileShape.depth(kc) * 3 * L;
    for (int q = 0; q < end; q += 3 * L) {
      FloatVector x0 = FloatVector.broadcast(F, a[p]);
      FloatVector x1 = FloatVector.broadcast(F, a[p + lda]);
      FloatVector x2 = FloatVector.broadcast(F, a[p + lda2]);
      FloatVector w = FloatVector.fromArray(F, b, b0 + q);
      c00 = x0.fma(w, c00);
      c10 = x1.fma(w, c10);
      c20 = x2.fma(w, c20);
      w = FloatVector.fromArray(F, b, b0 + q + L);
      c01 = x0.fma(w, c01);
      c11 = x1.fma(w, c11);
      c21 = x2.fma(w, c21);
      w = FloatVector.fromArray(F, b, b0 + q + 2 * L);
      c02 = x0.fma(w, c02);
      c12 = x1.fma(w, c12);
      c22 = x2.fma(w, c22);
      w = FloatVector.fromArray(F, b, b1 + q);
      c03 = x0.fma(w, c03);
      c13 = x1.fma(w, c13);
      c23 = x2.fma(w, c23);
      w = FloatVector.fromArray(F, b, b1 + q + L);
      c04 = x0.fma(w, c04);
      c14 = x1.fma(w, c14);
      c24 = x2.fma(w, c24);
      w = FloatVector.fromArray(F, b, b1 + q + 2 * L);
      c05 = x0.fma(w, c05);
      c15 = x1.fma(w, c15);
      c25 = x2.fma(w, c25);
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
  }
}
