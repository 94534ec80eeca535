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
 * C2 leaves a call standing, and every vector that goes into it or comes out becomes an object. The
 * same happens when several such loops are inlined into one method. So the gates are activated in
 * z, a few rows at a time, which stay in the L1 cache, by stages that are objects of different
 * classes, called from one place: where C2 has seen more than two classes, it inlines none.
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

  private static final Stage TANH = new Tanh();
  private static final Stage[] STAGES = {new Sigmoid(), TANH, new Cell(), TANH, new Output()};

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
    for (int row = 0; row < rows; row += ROWS) {
      int count = Math.min(ROWS, rows - row);
      for (Stage stage : STAGES) {
        stage.run(
            count,
            units,
            z,
            z0 + row * ldz,
            ldz,
            gateStride,
            c,
            c0 + row * ldc,
            ldc,
            h,
            h0 + row * ldh,
            ldh);
      }
    }
  }

  /** A part of the work on some rows, with the arguments of {@link #gates}. */
  private interface Stage {
    void run(
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
        int ldh);
  }

  /** The gates i, f and o. */
  private static final class Sigmoid implements Stage {
    @Override
    public void run(
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
        // From 1, which is f, straight to 3, which is o.
        for (int gate = 0; gate < GATES; gate += 1 + (gate & 1)) {
          int q = z0 + r * ldz + gate * gateStride;
          for (int j = q; j < q + units; j += L) {
            sigmoid(FloatVector.fromArray(F, z, j)).intoArray(z, j);
          }
        }
      }
    }
  }

  /** The candidates, and later the cells that stand in their place. */
  private static final class Tanh implements Stage {
    @Override
    public void run(
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
        int q = z0 + r * ldz + 2 * gateStride;
        for (int j = q; j < q + units; j += L) {
          tanh(FloatVector.fromArray(F, z, j)).intoArray(z, j);
        }
      }
    }
  }

  /** c = f c + i g, which also takes the place of g. */
  private static final class Cell implements Stage {
    @Override
    public void run(
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
      int whole = F.loopBound(units);
      for (int r = 0; r < rows; r++) {
        int i = z0 + r * ldz;
        int f = i + gateStride;
        int g = f + gateStride;
        int cell = c0 + r * ldc;
        for (int j = 0; j < whole; j += L) {
          FloatVector ig =
              FloatVector.fromArray(F, z, i + j).mul(FloatVector.fromArray(F, z, g + j));
          FloatVector next =
              FloatVector.fromArray(F, z, f + j).fma(FloatVector.fromArray(F, c, cell + j), ig);
          next.intoArray(c, cell + j);
          next.intoArray(z, g + j);
        }
        for (int j = whole; j < units; j++) {
          float next = Fma.fma(z[f + j], c[cell + j], z[i + j] * z[g + j]);
          c[cell + j] = next;
          z[g + j] = next;
        }
      }
    }
  }

  /** h = o tanh(c). */
  private static final class Output implements Stage {
    @Override
    public void run(
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
      int whole = F.loopBound(units);
      for (int r = 0; r < rows; r++) {
        int t = z0 + r * ldz + 2 * gateStride;
        int o = t + gateStride;
        int state = h0 + r * ldh;
        for (int j = 0; j < whole; j += L) {
          FloatVector.fromArray(F, z, o + j)
              .mul(FloatVector.fromArray(F, z, t + j))
              .intoArray(h, state + j);
        }
        for (int j = whole; j < units; j++) {
          h[state + j] = z[o + j] * z[t + j];
        }
      }
    }
  }
}
