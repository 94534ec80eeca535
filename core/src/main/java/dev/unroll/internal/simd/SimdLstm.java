package dev.unroll.internal.simd;

import static dev.unroll.internal.simd.SimdActivations.sigmoid;
import static dev.unroll.internal.simd.SimdActivations.tanh;

import dev.unroll.internal.scalar.ScalarLstm;
import dev.unroll.internal.spi.LstmKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The elementwise part of an LSTM step, the vectorized twin: a lane is a unit. */
public final class SimdLstm implements LstmKernels {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  /** Stateless. */
  public SimdLstm() {}

  @Override
  public void gates(
      int rows,
      int units,
      float[] z,
      int z0,
      int ldz,
      int gateStride,
      float[] c,
      int c0,
      int ldc,
      float[] h,
      int h0,
      int ldh) {
    for (int r = 0; r < rows; r++) {
      row(units, z, z0 + r * ldz, gateStride, c, c0 + r * ldc, h, h0 + r * ldh);
    }
  }

  private static void row(
      int units, float[] z, int z0, int gateStride, float[] c, int c0, float[] h, int h0) {
    int whole = F.loopBound(units);
    for (int j = 0; j < whole; j += L) {
      int q = z0 + j;
      FloatVector i = sigmoid(FloatVector.fromArray(F, z, q));
      FloatVector f = sigmoid(FloatVector.fromArray(F, z, q + gateStride));
      FloatVector g = tanh(FloatVector.fromArray(F, z, q + 2 * gateStride));
      FloatVector o = sigmoid(FloatVector.fromArray(F, z, q + 3 * gateStride));
      FloatVector cell = f.fma(FloatVector.fromArray(F, c, c0 + j), i.mul(g));
      cell.intoArray(c, c0 + j);
      o.mul(tanh(cell)).intoArray(h, h0 + j);
    }
    ScalarLstm.units(whole, units, z, z0, gateStride, c, c0, h, h0);
  }
}
