package dev.unroll.internal.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.unroll.internal.spi.Bf16Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products with a matrix stored as bfloat16, the vectorized twin: eight chains, which fit into the
 * registers of every machine, over one stream of ints.
 */
public final class SimdBf16 implements Bf16Kernels {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final VectorSpecies<Integer> I = Species.INT;
  private static final int L = F.length();
  private static final int UPPER = 0xFFFF0000;

  /** Stateless. */
  public SimdBf16() {}

  @Override
  public void row(int vectors, int k, float[] a, int a0, int[] b, int b0, float[] c, int c0) {
    if (vectors == GROUP_VECTORS) {
      row8(k, a, a0, b, b0, c, c0);
    } else {
      row1(k, a, a0, b, b0, c, c0);
    }
  }

  private static void row8(int k, float[] a, int a0, int[] b, int b0, float[] c, int c0) {
    FloatVector s0 = FloatVector.fromArray(F, c, c0);
    FloatVector s1 = FloatVector.fromArray(F, c, c0 + 1 * L);
    FloatVector s2 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s3 = FloatVector.fromArray(F, c, c0 + 3 * L);
    FloatVector s4 = FloatVector.fromArray(F, c, c0 + 4 * L);
    FloatVector s5 = FloatVector.fromArray(F, c, c0 + 5 * L);
    FloatVector s6 = FloatVector.fromArray(F, c, c0 + 6 * L);
    FloatVector s7 = FloatVector.fromArray(F, c, c0 + 7 * L);
    int q = b0;
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(F, a[a0 + p]);
      IntVector w = IntVector.fromArray(I, b, q);
      s0 = x.fma(lower(w), s0);
      s4 = x.fma(upper(w), s4);
      w = IntVector.fromArray(I, b, q + 1 * L);
      s1 = x.fma(lower(w), s1);
      s5 = x.fma(upper(w), s5);
      w = IntVector.fromArray(I, b, q + 2 * L);
      s2 = x.fma(lower(w), s2);
      s6 = x.fma(upper(w), s6);
      w = IntVector.fromArray(I, b, q + 3 * L);
      s3 = x.fma(lower(w), s3);
      s7 = x.fma(upper(w), s7);
      q += 4 * L;
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + 1 * L);
    s2.intoArray(c, c0 + 2 * L);
    s3.intoArray(c, c0 + 3 * L);
    s4.intoArray(c, c0 + 4 * L);
    s5.intoArray(c, c0 + 5 * L);
    s6.intoArray(c, c0 + 6 * L);
    s7.intoArray(c, c0 + 7 * L);
  }

  private static void row1(int k, float[] a, int a0, int[] b, int b0, float[] c, int c0) {
    FloatVector sum = FloatVector.fromArray(F, c, c0);
    int q = b0;
    for (int p = 0; p < k; p++) {
      IntVector w = IntVector.fromArray(I, b, q);
      sum = FloatVector.broadcast(F, a[a0 + p]).fma(lower(w), sum);
      q += L;
    }
    sum.intoArray(c, c0);
  }

  private static FloatVector lower(IntVector w) {
    return w.lanewise(LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector upper(IntVector w) {
    return w.and(UPPER).reinterpretAsFloats();
  }

  @Override
  public void unpack(int vectors, int k0, int rows, int[] b, int b0, float[] to, int to0) {
    int ints = vectors == GROUP_VECTORS ? 4 * L : L;
    int from = b0 + k0 * ints;
    int at = to0;
    for (int p = 0; p < rows; p++) {
      for (int j = 0; j < ints; j += L) {
        IntVector w = IntVector.fromArray(I, b, from + j);
        lower(w).intoArray(to, at + j);
        if (vectors == GROUP_VECTORS) {
          upper(w).intoArray(to, at + 4 * L + j);
        }
      }
      from += ints;
      at += vectors * L;
    }
  }
}
