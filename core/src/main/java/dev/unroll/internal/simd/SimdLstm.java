package dev.unroll.internal.simd;

import static dev.unroll.internal.simd.SimdActivations.sigmoid;
import static dev.unroll.internal.simd.SimdActivations.tanh;

import dev.unroll.internal.scalar.Fma;
import dev.unroll.internal.spi.LstmKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The elementwise part of an LSTM step, the vectorized twin: a lane is a unit.
 *
 * <p>A loop that applies a function does nothing else, see {@link SimdActivations}: in a longer one
 * C2 leaves a call standing, and every vector that goes into it or comes out becomes an object. So
 * the gates are activated in z, a few rows at a time, which stay in the L1 cache.
 *
 * <p>The last units of a row share a vector of z with padding, which is activated too and never
 * copied.
 */
public final class SimdLstm implements LstmKernels {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private static final int GATES = 4;

  /** Four gates of four vectors each take at most 1 KiB for each row. */
  private static final int ROWS = 8;

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
    int padded = (units + L - 1) / L * L;
    for (int row = 0; row < rows; row += ROWS) {
      int count = Math.min(ROWS, rows - row);
      int i = z0 + row * ldz;
      int g = i + 2 * gateStride;
      sigmoids(count, padded, z, i, ldz, gateStride);
      tanhs(count, padded, z, g, ldz);
      cells(count, units, z, i, ldz, gateStride, c, c0 + row * ldc, ldc);
      tanhs(count, padded, z, g, ldz);
      outputs(count, units, z, g, ldz, gateStride, h, h0 + row * ldh, ldh);
    }
  }

  /** The gates i, f and o. */
  private static void sigmoids(int rows, int units, float[] z, int z0, int ldz, int gateStride) {
    for (int r = 0; r < rows; r++) {
      // From 1, which is f, straight to 3, which is o.
      for (int gate = 0; gate < GATES; gate += 1 + (gate & 1)) {
        int q = z0 + r * ldz + gate * gateStride;
        for (int j = q; j < q + units; j += L) {
          sigmoid(FloatVector.fromArray(F, z, j)).intoArray(z, j);
        }
      }
    }
  }

  /** The candidates, and later the cells that stand in their place. */
  private static void tanhs(int rows, int units, float[] z, int z0, int ldz) {
    for (int r = 0; r < rows; r++) {
      int q = z0 + r * ldz;
      for (int j = q; j < q + units; j += L) {
        tanh(FloatVector.fromArray(F, z, j)).intoArray(z, j);
      }
    }
  }

  /** c = f c + i g, which also takes the place of g. */
  private static void cells(
      int rows, int units, float[] z, int z0, int ldz, int gateStride, float[] c, int c0, int ldc) {
    int whole = F.loopBound(units);
    for (int r = 0; r < rows; r++) {
      int q = z0 + r * ldz;
      int cell = c0 + r * ldc;
      for (int j = 0; j < whole; j += L) {
        FloatVector i = FloatVector.fromArray(F, z, q + j);
        FloatVector f = FloatVector.fromArray(F, z, q + j + gateStride);
        FloatVector g = FloatVector.fromArray(F, z, q + j + 2 * gateStride);
        FloatVector next = f.fma(FloatVector.fromArray(F, c, cell + j), i.mul(g));
        next.intoArray(c, cell + j);
        next.intoArray(z, q + j + 2 * gateStride);
      }
      for (int j = whole; j < units; j++) {
        float ig = z[q + j] * z[q + j + 2 * gateStride];
        float next = Fma.fma(z[q + j + gateStride], c[cell + j], ig);
        c[cell + j] = next;
        z[q + j + 2 * gateStride] = next;
      }
    }
  }

  /** h = o tanh(c). */
  private static void outputs(
      int rows, int units, float[] z, int z0, int ldz, int gateStride, float[] h, int h0, int ldh) {
    int whole = F.loopBound(units);
    for (int r = 0; r < rows; r++) {
      int q = z0 + r * ldz;
      int state = h0 + r * ldh;
      for (int j = 0; j < whole; j += L) {
        FloatVector o = FloatVector.fromArray(F, z, q + j + gateStride);
        o.mul(FloatVector.fromArray(F, z, q + j)).intoArray(h, state + j);
      }
      for (int j = whole; j < units; j++) {
        h[state + j] = z[q + j + gateStride] * z[q + j];
      }
    }
  }
}
