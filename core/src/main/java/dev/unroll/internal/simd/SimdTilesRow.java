package dev.unroll.internal.simd;

import dev.unroll.internal.pack.TileShape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of one row of C and several packed panels; see {@link SimdMatmul}. A single row is
 * bound by the bytes of B: several streams keep more of them on their way than one, and the pause
 * between two tiles comes less often.
 */
final class SimdTilesRow {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private SimdTilesRow() {}

  /**
   * Six chains: with as many the loads are the limit, and with twelve C2 spills on 16 registers.
   */
  static void tile1x3Times2(
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      int panelStep,
      float[] s,
      int s0,
      int sStep,
      float[] c,
      int c0,
      int cStep) {
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c10 = FloatVector.fromArray(F, s, s0);
    FloatVector c11 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
    int q0 = b0;
    int q1 = q0 + panelStep;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(FloatVector.fromArray(F, b, q0), c00);
      c01 = x.fma(FloatVector.fromArray(F, b, q0 + L), c01);
      c02 = x.fma(FloatVector.fromArray(F, b, q0 + 2 * L), c02);
      c10 = x.fma(FloatVector.fromArray(F, b, q1), c10);
      c11 = x.fma(FloatVector.fromArray(F, b, q1 + L), c11);
      c12 = x.fma(FloatVector.fromArray(F, b, q1 + 2 * L), c12);
      q0 += 3 * L;
      q1 += 3 * L;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += cStep;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
  }

  static void tile1x3Times4(
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      int panelStep,
      float[] s,
      int s0,
      int sStep,
      float[] c,
      int c0,
      int cStep) {
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c10 = FloatVector.fromArray(F, s, s0);
    FloatVector c11 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c20 = FloatVector.fromArray(F, s, s0);
    FloatVector c21 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c22 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c30 = FloatVector.fromArray(F, s, s0);
    FloatVector c31 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c32 = FloatVector.fromArray(F, s, s0 + 2 * L);
    int q0 = b0;
    int q1 = q0 + panelStep;
    int q2 = q1 + panelStep;
    int q3 = q2 + panelStep;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(FloatVector.fromArray(F, b, q0), c00);
      c01 = x.fma(FloatVector.fromArray(F, b, q0 + L), c01);
      c02 = x.fma(FloatVector.fromArray(F, b, q0 + 2 * L), c02);
      c10 = x.fma(FloatVector.fromArray(F, b, q1), c10);
      c11 = x.fma(FloatVector.fromArray(F, b, q1 + L), c11);
      c12 = x.fma(FloatVector.fromArray(F, b, q1 + 2 * L), c12);
      c20 = x.fma(FloatVector.fromArray(F, b, q2), c20);
      c21 = x.fma(FloatVector.fromArray(F, b, q2 + L), c21);
      c22 = x.fma(FloatVector.fromArray(F, b, q2 + 2 * L), c22);
      c30 = x.fma(FloatVector.fromArray(F, b, q3), c30);
      c31 = x.fma(FloatVector.fromArray(F, b, q3 + L), c31);
      c32 = x.fma(FloatVector.fromArray(F, b, q3 + 2 * L), c32);
      q0 += 3 * L;
      q1 += 3 * L;
      q2 += 3 * L;
      q3 += 3 * L;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c0 += cStep;
    c10.intoArray(c, c0);
    c11.intoArray(c, c0 + L);
    c12.intoArray(c, c0 + 2 * L);
    c0 += cStep;
    c20.intoArray(c, c0);
    c21.intoArray(c, c0 + L);
    c22.intoArray(c, c0 + 2 * L);
    c0 += cStep;
    c30.intoArray(c, c0);
    c31.intoArray(c, c0 + L);
    c32.intoArray(c, c0 + 2 * L);
  }

  /** Panels of three, three and two vectors: one after another would have too few chains. */
  static void tile1x8(
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
    FloatVector c00 = FloatVector.fromArray(F, s, s0);
    FloatVector c01 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c02 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c10 = FloatVector.fromArray(F, s, s0);
    FloatVector c11 = FloatVector.fromArray(F, s, s0 + L);
    FloatVector c12 = FloatVector.fromArray(F, s, s0 + 2 * L);
    s0 += sStep;
    FloatVector c20 = FloatVector.fromArray(F, s, s0);
    FloatVector c21 = FloatVector.fromArray(F, s, s0 + L);
    int q0 = b0;
    int q1 = b1;
    int q2 = b2;
    int depth = TileShape.depth(kc);
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      c00 = x.fma(FloatVector.fromArray(F, b, q0), c00);
      c01 = x.fma(FloatVector.fromArray(F, b, q0 + L), c01);
      c02 = x.fma(FloatVector.fromArray(F, b, q0 + 2 * L), c02);
      c10 = x.fma(FloatVector.fromArray(F, b, q1), c10);
      c11 = x.fma(FloatVector.fromArray(F, b, q1 + L), c11);
      c12 = x.fma(FloatVector.fromArray(F, b, q1 + 2 * L), c12);
      c20 = x.fma(FloatVector.fromArray(F, b, q2), c20);
      c21 = x.fma(FloatVector.fromArray(F, b, q2 + L), c21);
      q0 += 3 * L;
      q1 += 3 * L;
      q2 += 2 * L;
    }
    c00.intoArray(c, c0);
    c01.intoArray(c, c0 + L);
    c02.intoArray(c, c0 + 2 * L);
    c10.intoArray(c, c0 + 3 * L);
    c11.intoArray(c, c0 + 4 * L);
    c12.intoArray(c, c0 + 5 * L);
    c20.intoArray(c, c0 + 6 * L);
    c21.intoArray(c, c0 + 7 * L);
  }
}
