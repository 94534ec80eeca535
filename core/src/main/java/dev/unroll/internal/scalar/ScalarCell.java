package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.Fma.fma;

import dev.unroll.internal.spi.CellKernels;

/** The elementwise parts of the cells, forward: the plain twin. */
public final class ScalarCell implements CellKernels {

  /** Stateless. */
  public ScalarCell() {}

  @Override
  public void sigmoid(int rows, int columns, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        y[yRow + j] = ScalarActivations.sigmoid(y[yRow + j]);
      }
    }
  }

  @Override
  public void tanh(int rows, int columns, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        y[yRow + j] = ScalarActivations.tanh(y[yRow + j]);
      }
    }
  }

  @Override
  public void relu(int rows, int columns, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        y[yRow + j] = ScalarActivations.relu(y[yRow + j]);
      }
    }
  }

  @Override
  public void multiply(
      int rows,
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] y,
      int y0,
      int ldy) {
    for (int row = 0; row < rows; row++) {
      int aRow = a0 + row * lda;
      int bRow = b0 + row * ldb;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float va = a[aRow + j];
        float vb = b[bRow + j];
        y[yRow + j] = va * vb;
      }
    }
  }

  @Override
  public void multiplyAdd(
      int rows,
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] y,
      int y0,
      int ldy) {
    for (int row = 0; row < rows; row++) {
      int aRow = a0 + row * lda;
      int bRow = b0 + row * ldb;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float va = a[aRow + j];
        float vb = b[bRow + j];
        float vy = y[yRow + j];
        y[yRow + j] = fma(va, vb, vy);
      }
    }
  }

  @Override
  public void clip(
      int rows,
      int columns,
      float limit,
      float[] y,
      int y0,
      int ldy,
      float[] copy,
      int copy0,
      int ldcopy) {
    for (int row = 0; row < rows; row++) {
      int yRow = y0 + row * ldy;
      int copyRow = copy0 + row * ldcopy;
      for (int j = 0; j < columns; j++) {
        float vy = y[yRow + j];
        float v = clamp(vy, limit);
        y[yRow + j] = v;
        copy[copyRow + j] = v;
      }
    }
  }

  @Override
  public void lstmCell(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int i,
      int f,
      int g,
      int copy,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] next,
      int next0,
      int ldnext) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int nextRow = next0 + row * ldnext;
      for (int j = 0; j < columns; j++) {
        float vi = z[zRow + i + j];
        float vf = z[zRow + f + j];
        float vg = z[zRow + g + j];
        float vc = previous[previousRow + j];
        float v = fma(vf, vc, vi * vg);
        next[nextRow + j] = v;
        z[zRow + copy + j] = v;
      }
    }
  }

  @Override
  public void lstmCoupledCell(
      int rows,
      int columns,
      float[] z,
      int z0,
      int ldz,
      int i,
      int g,
      int copy,
      float[] previous,
      int previous0,
      int ldprevious,
      float[] next,
      int next0,
      int ldnext) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int nextRow = next0 + row * ldnext;
      for (int j = 0; j < columns; j++) {
        float vi = z[zRow + i + j];
        float vg = z[zRow + g + j];
        float vc = previous[previousRow + j];
        float v = fma((1 - vi), vc, vi * vg);
        next[nextRow + j] = v;
        z[zRow + copy + j] = v;
      }
    }
  }

  @Override
  public void gruOutput(
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
      float[] h,
      int h0,
      int ldh) {
    for (int row = 0; row < rows; row++) {
      int zRow = z0 + row * ldz;
      int previousRow = previous0 + row * ldprevious;
      int hRow = h0 + row * ldh;
      for (int j = 0; j < columns; j++) {
        float vu = z[zRow + update + j];
        float vn = z[zRow + n + j];
        float vh = previous[previousRow + j];
        h[hRow + j] = fma(vu, (vh - vn), vn);
      }
    }
  }

  @Override
  public void interpolate(
      int rows,
      int columns,
      float weight,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] y,
      int y0,
      int ldy) {
    float rest = 1 - weight;
    for (int row = 0; row < rows; row++) {
      int aRow = a0 + row * lda;
      int bRow = b0 + row * ldb;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j++) {
        float va = a[aRow + j];
        float vb = b[bRow + j];
        y[yRow + j] = fma(weight, va, rest * vb);
      }
    }
  }

  private static float clamp(float x, float limit) {
    return x > limit ? limit : x < -limit ? -limit : x;
  }
}
