package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.Fma.fma;
import static dev.unroll.internal.scalar.ScalarActivations.sigmoidGradFromOutput;
import static dev.unroll.internal.scalar.ScalarActivations.tanhGradFromOutput;

import dev.unroll.internal.spi.CellGradKernels;

/** The elementwise parts of the cells, backward: the plain twin. */
public final class ScalarCellGrad implements CellGradKernels {

  /** Stateless. */
  public ScalarCellGrad() {}

  @Override
  public void clipGrad(
      int rows, int columns, float limit, float[] c, int c0, int ldc, float[] d, int d0, int ldd) {
    for (int row = 0; row < rows; row++) {
      int cRow = c0 + row * ldc;
      int dRow = d0 + row * ldd;
      for (int j = 0; j < columns; j++) {
        float vc = c[cRow + j];
        float vd = d[dRow + j];
        d[dRow + j] = Math.abs(vc) >= limit ? 0 : vd;
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
      for (int j = 0; j < columns; j++) {
        float vo = z[zRow + o + j];
        float vt = z[zRow + t + j];
        float vh = dh[dhRow + j];
        float vc = dc[dcRow + j];
        dc[dcRow + j] = fma(vh * vo, tanhGradFromOutput(vt), vc);
        z[zRow + o + j] = (vh * vt) * sigmoidGradFromOutput(vo);
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
      for (int j = 0; j < columns; j++) {
        float vi = z[zRow + i + j];
        float vf = z[zRow + f + j];
        float vg = z[zRow + g + j];
        float vp = previous[previousRow + j];
        float vc = dc[dcRow + j];
        z[zRow + i + j] = (vc * vg) * sigmoidGradFromOutput(vi);
        z[zRow + f + j] = (vc * vp) * sigmoidGradFromOutput(vf);
        z[zRow + g + j] = (vc * vi) * tanhGradFromOutput(vg);
        dc[dcRow + j] = vc * vf;
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
      for (int j = 0; j < columns; j++) {
        float vi = z[zRow + i + j];
        float vg = z[zRow + g + j];
        float vp = previous[previousRow + j];
        float vc = dc[dcRow + j];
        z[zRow + i + j] = (vc * (vg - vp)) * sigmoidGradFromOutput(vi);
        z[zRow + g + j] = (vc * vi) * tanhGradFromOutput(vg);
        dc[dcRow + j] = vc * (1 - vi);
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
      for (int j = 0; j < columns; j++) {
        float vu = z[zRow + update + j];
        float vn = z[zRow + n + j];
        float vp = previous[previousRow + j];
        float vh = dh[dhRow + j];
        float vc = carry[carryRow + j];
        carry[carryRow + j] = fma(vh, vu, vc);
        z[zRow + n + j] = (vh * (1 - vu)) * tanhGradFromOutput(vn);
        z[zRow + update + j] = (vh * (vp - vn)) * sigmoidGradFromOutput(vu);
      }
    }
  }

  @Override
  public void gruResetAfterGrad(
      int rows, int columns, float[] z, int z0, int ldz, int r, int nh, int n) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      for (int j = 0; j < columns; j++) {
        float vr = z[zRow + r + j];
        float vnh = z[zRow + nh + j];
        float vn = z[zRow + n + j];
        z[zRow + r + j] = (vn * vnh) * sigmoidGradFromOutput(vr);
        z[zRow + nh + j] = vn * vr;
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
      for (int j = 0; j < columns; j++) {
        float vr = z[zRow + r + j];
        float vp = previous[previousRow + j];
        float vd = d[dRow + j];
        float vc = carry[carryRow + j];
        carry[carryRow + j] = fma(vd, vr, vc);
        z[zRow + r + j] = (vd * vp) * sigmoidGradFromOutput(vr);
      }
    }
  }

  @Override
  public void tanhGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float vd = d[dRow + j];
        float vy = y[yRow + j];
        y[yRow + j] = vd * tanhGradFromOutput(vy);
      }
    }
  }

  @Override
  public void sigmoidGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float vd = d[dRow + j];
        float vy = y[yRow + j];
        y[yRow + j] = vd * sigmoidGradFromOutput(vy);
      }
    }
  }

  @Override
  public void reluGrad(
      int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int dRow = d0 + row * ldd;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float vd = d[dRow + j];
        float vy = y[yRow + j];
        y[yRow + j] = vy <= 0 ? 0 : vd;
      }
    }
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0) {
    for (int row = rows - 1; row >= 0; row--) {
      for (int j = 0; j < columns; j++) {
        sums[sums0 + j] = sums[sums0 + j] + x[x0 + row * ldx + j];
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
    for (int row = rows - 1; row >= 0; row--) {
      for (int j = 0; j < columns; j++) {
        sums[sums0 + j] = fma(a[a0 + row * lda + j], b[b0 + row * ldb + j], sums[sums0 + j]);
      }
    }
  }

  @Override
  public void rowSquares(
      int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0) {
    for (int row = 0; row < rows; row++) {
      int at = x0 + row * ldx;
      float a0 = pair(columns, x, at, 0) + pair(columns, x, at, 4);
      float a1 = pair(columns, x, at, 1) + pair(columns, x, at, 5);
      float a2 = pair(columns, x, at, 2) + pair(columns, x, at, 6);
      float a3 = pair(columns, x, at, 3) + pair(columns, x, at, 7);
      sums[sums0 + row] = (a0 + a2) + (a1 + a3);
    }
  }

  /** Partial sum i and its partner in the second half. */
  private static float pair(int columns, float[] x, int x0, int i) {
    return partial(columns, x, x0, i) + partial(columns, x, x0, i + PARTIAL_SUMS / 2);
  }

  private static float partial(int columns, float[] x, int x0, int i) {
    float sum = 0;
    for (int j = x0 + i; j < x0 + columns; j += PARTIAL_SUMS) {
      sum = fma(x[j], x[j], sum);
    }
    return sum;
  }
}
