package dev.unroll.internal.simd;

import static dev.unroll.internal.simd.SimdActivations.sigmoidGradFromOutput;
import static dev.unroll.internal.simd.SimdActivations.tanhGradFromOutput;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.unroll.internal.spi.CellGradKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The elementwise parts of the cells, backward: the vectorized twin. */
public final class SimdCellGrad implements CellGradKernels {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();

  private static final FloatVector ONE = FloatVector.broadcast(F, 1);

  /** Stateless. */
  public SimdCellGrad() {}

  @Override
  public void clipGrad(
      int rows, int columns, float limit, float[] c, int c0, int ldc, float[] d, int d0, int ldd) {
    for (int row = 0; row < rows; row++) {
      int cRow = c0 + row * ldc;
      int dRow = d0 + row * ldd;
      for (int j = 0; j < columns; j += L) {
        FloatVector vc = FloatVector.fromArray(F, c, cRow + j);
        FloatVector vd = FloatVector.fromArray(F, d, dRow + j);
        vd.blend(0, vc.abs().compare(GE, limit)).intoArray(d, dRow + j);
      }
    }
  }

  @Override
  public void lstmOutputGrad(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int o,
      int t,
      float[] dh,
      int dh0,
      int lddh,
      float[] dc,
      int dc0,
      int lddc) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int dhRow = dh0 + row * lddh;
      int dcRow = dc0 + row * lddc;
      for (int j = 0; j < columns; j += L) {
        FloatVector vo = FloatVector.fromArray(F, z, zRow + o + j);
        FloatVector vt = FloatVector.fromArray(F, z, zRow + t + j);
        FloatVector vh = FloatVector.fromArray(F, dh, dhRow + j);
        FloatVector vc = FloatVector.fromArray(F, dc, dcRow + j);
        vh.mul(vo).fma(tanhGradFromOutput(vt), vc).intoArray(dc, dcRow + j);
        vh.mul(vt).mul(sigmoidGradFromOutput(vo)).intoArray(z, zRow + o + j);
      }
    }
  }

  @Override
  public void lstmCellGrad(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int i,
      int f,
      int g,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] dc,
      int dc0,
      int lddc) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int dcRow = dc0 + row * lddc;
      for (int j = 0; j < columns; j += L) {
        FloatVector vi = FloatVector.fromArray(F, z, zRow + i + j);
        FloatVector vf = FloatVector.fromArray(F, z, zRow + f + j);
        FloatVector vg = FloatVector.fromArray(F, z, zRow + g + j);
        FloatVector vp = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector vc = FloatVector.fromArray(F, dc, dcRow + j);
        vc.mul(vg).mul(sigmoidGradFromOutput(vi)).intoArray(z, zRow + i + j);
        vc.mul(vp).mul(sigmoidGradFromOutput(vf)).intoArray(z, zRow + f + j);
        vc.mul(vi).mul(tanhGradFromOutput(vg)).intoArray(z, zRow + g + j);
        vc.mul(vf).intoArray(dc, dcRow + j);
      }
    }
  }

  @Override
  public void lstmCoupledCellGrad(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int i,
      int g,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] dc,
      int dc0,
      int lddc) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int dcRow = dc0 + row * lddc;
      for (int j = 0; j < columns; j += L) {
        FloatVector vi = FloatVector.fromArray(F, z, zRow + i + j);
        FloatVector vg = FloatVector.fromArray(F, z, zRow + g + j);
        FloatVector vp = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector vc = FloatVector.fromArray(F, dc, dcRow + j);
        vc.mul(vg.sub(vp)).mul(sigmoidGradFromOutput(vi)).intoArray(z, zRow + i + j);
        vc.mul(vi).mul(tanhGradFromOutput(vg)).intoArray(z, zRow + g + j);
        vc.mul(ONE.sub(vi)).intoArray(dc, dcRow + j);
      }
    }
  }

  @Override
  public void gruOutputGrad(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int update,
      int n,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] dh,
      int dh0,
      int lddh,
      float[] carry,
      int carry0,
      int ldcarry) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int dhRow = dh0 + row * lddh;
      int carryRow = carry0 + row * ldcarry;
      for (int j = 0; j < columns; j += L) {
        FloatVector vu = FloatVector.fromArray(F, z, zRow + update + j);
        FloatVector vn = FloatVector.fromArray(F, z, zRow + n + j);
        FloatVector vp = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector vh = FloatVector.fromArray(F, dh, dhRow + j);
        FloatVector vc = FloatVector.fromArray(F, carry, carryRow + j);
        vh.fma(vu, vc).intoArray(carry, carryRow + j);
        vh.mul(ONE.sub(vu)).mul(tanhGradFromOutput(vn)).intoArray(z, zRow + n + j);
        vh.mul(vp.sub(vn)).mul(sigmoidGradFromOutput(vu)).intoArray(z, zRow + update + j);
      }
    }
  }

  @Override
  public void gruResetAfterGrad(
      int rows, int columns, float[] z, int z0, int ldz, int r, int nh, int n) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      for (int j = 0; j < columns; j += L) {
        FloatVector vr = FloatVector.fromArray(F, z, zRow + r + j);
        FloatVector vnh = FloatVector.fromArray(F, z, zRow + nh + j);
        FloatVector vn = FloatVector.fromArray(F, z, zRow + n + j);
        vn.mul(vnh).mul(sigmoidGradFromOutput(vr)).intoArray(z, zRow + r + j);
        vn.mul(vr).intoArray(z, zRow + nh + j);
      }
    }
  }

  @Override
  public void gruResetBeforeGrad(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int r,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] d,
      int d0,
      int ldd,
      float[] carry,
      int carry0,
      int ldcarry) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int dRow = d0 + row * ldd;
      int carryRow = carry0 + row * ldcarry;
      for (int j = 0; j < columns; j += L) {
        FloatVector vr = FloatVector.fromArray(F, z, zRow + r + j);
        FloatVector vp = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector vd = FloatVector.fromArray(F, d, dRow + j);
        FloatVector vc = FloatVector.fromArray(F, carry, carryRow + j);
        vd.fma(vr, vc).intoArray(carry, carryRow + j);
        vd.mul(vp).mul(sigmoidGradFromOutput(vr)).intoArray(z, zRow + r + j);
      }
    }
  }

  @Override
  public void tanhGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j += L) {
        FloatVector vd = FloatVector.fromArray(F, d, dRow + j);
        FloatVector vy = FloatVector.fromArray(F, y, yRow + j);
        vd.mul(tanhGradFromOutput(vy)).intoArray(y, yRow + j);
      }
    }
  }

  @Override
  public void sigmoidGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j += L) {
        FloatVector vd = FloatVector.fromArray(F, d, dRow + j);
        FloatVector vy = FloatVector.fromArray(F, y, yRow + j);
        vd.mul(sigmoidGradFromOutput(vy)).intoArray(y, yRow + j);
      }
    }
  }

  @Override
  public void reluGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j += L) {
        FloatVector vd = FloatVector.fromArray(F, d, dRow + j);
        FloatVector vy = FloatVector.fromArray(F, y, yRow + j);
        vd.blend(0, vy.compare(LE, 0)).intoArray(y, yRow + j);
      }
    }
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0) {
    // Along the rows, which stand in memory that way; four at once, so that the sums, which stay in
    // the L1 cache, are not most of what is loaded and stored.
    int row = rows - 1;
    for (; row >= 3; row -= 4) {
      int at = x0 + row * ldx;
      for (int j = 0; j < columns; j += L) {
        FloatVector sum = FloatVector.fromArray(F, sums, sums0 + j);
        sum = sum.add(FloatVector.fromArray(F, x, at + j));
        sum = sum.add(FloatVector.fromArray(F, x, at - ldx + j));
        sum = sum.add(FloatVector.fromArray(F, x, at - 2 * ldx + j));
        sum = sum.add(FloatVector.fromArray(F, x, at - 3 * ldx + j));
        sum.intoArray(sums, sums0 + j);
      }
    }
    for (; row >= 0; row--) {
      int at = x0 + row * ldx;
      for (int j = 0; j < columns; j += L) {
        FloatVector sum = FloatVector.fromArray(F, sums, sums0 + j);
        sum.add(FloatVector.fromArray(F, x, at + j)).intoArray(sums, sums0 + j);
      }
    }
  }

  @Override
  public void columnDots(
      int rows,
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] sums,
      int sums0) {
    for (int j = 0; j < columns; j += L) {
      FloatVector sum = FloatVector.fromArray(F, sums, sums0 + j);
      for (int row = rows - 1; row >= 0; row--) {
        FloatVector va = FloatVector.fromArray(F, a, a0 + row * lda + j);
        sum = va.fma(FloatVector.fromArray(F, b, b0 + row * ldb + j), sum);
      }
      sum.intoArray(sums, sums0 + j);
    }
  }

  @Override
  public void rowSquares(
      int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0) {
    SimdRowSquares.squares(rows, columns, x, x0, ldx, sums, sums0);
  }
}
