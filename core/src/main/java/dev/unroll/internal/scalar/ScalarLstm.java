package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.ScalarActivations.sigmoid;
import static dev.unroll.internal.scalar.ScalarActivations.tanh;

import dev.unroll.internal.spi.LstmKernels;

/** The elementwise part of an LSTM step, the plain twin. */
public final class ScalarLstm implements LstmKernels {

  /** Stateless. */
  public ScalarLstm() {}

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
    for (int j = 0; j < units; j++) {
      int q = z0 + j;
      float i = sigmoid(z[q]);
      float f = sigmoid(z[q + gateStride]);
      float g = tanh(z[q + 2 * gateStride]);
      float o = sigmoid(z[q + 3 * gateStride]);
      float cell = Fma.fma(f, c[c0 + j], i * g);
      c[c0 + j] = cell;
      h[h0 + j] = o * tanh(cell);
    }
  }
}
