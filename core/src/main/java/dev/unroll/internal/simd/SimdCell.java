package dev.unroll.internal.simd;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.unroll.internal.spi.CellKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The elementwise parts of the cells, forward: the vectorized twin. */
public final class SimdCell implements CellKernels {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final int L = F.length();
  private static final FloatVector ONE = FloatVector.broadcast(F, 1);

  /** Stateless. */
  public SimdCell() {}

  @Override
  public void sigmoid(int rows, int columns, float[] y, int y0, int ldy) {
    SimdSigmoid.run(rows, columns, y, y0, ldy, y, y0, ldy);
  }

  @Override
  public void tanh(int rows, int columns, float[] y, int y0, int ldy) {
    SimdTanh.run(rows, columns, y, y0, ldy, y, y0, ldy);
  }

  @Override
  public void relu(int rows, int columns, float[] y, int y0, int ldy) {
    for (int row = 0; row < rows; row++) {
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j += L) {
        SimdActivations.relu(FloatVector.fromArray(F, y, yRow + j)).intoArray(y, yRow + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector va = FloatVector.fromArray(F, a, aRow + j);
        FloatVector vb = FloatVector.fromArray(F, b, bRow + j);
        va.mul(vb).intoArray(y, yRow + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector va = FloatVector.fromArray(F, a, aRow + j);
        FloatVector vb = FloatVector.fromArray(F, b, bRow + j);
        FloatVector vy = FloatVector.fromArray(F, y, yRow + j);
        va.fma(vb, vy).intoArray(y, yRow + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector vy = FloatVector.fromArray(F, y, yRow + j);
        FloatVector v = clamp(vy, limit);
        v.intoArray(y, yRow + j);
        v.intoArray(copy, copyRow + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector vi = FloatVector.fromArray(F, z, zRow + i + j);
        FloatVector vf = FloatVector.fromArray(F, z, zRow + f + j);
        FloatVector vg = FloatVector.fromArray(F, z, zRow + g + j);
        FloatVector vc = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector v = vf.fma(vc, vi.mul(vg));
        v.intoArray(next, nextRow + j);
        v.intoArray(z, zRow + copy + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector vi = FloatVector.fromArray(F, z, zRow + i + j);
        FloatVector vg = FloatVector.fromArray(F, z, zRow + g + j);
        FloatVector vc = FloatVector.fromArray(F, previous, previousRow + j);
        FloatVector v = ONE.sub(vi).fma(vc, vi.mul(vg));
        v.intoArray(next, nextRow + j);
        v.intoArray(z, zRow + copy + j);
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
      for (int j = 0; j < columns; j += L) {
        FloatVector vu = FloatVector.fromArray(F, z, zRow + update + j);
        FloatVector vn = FloatVector.fromArray(F, z, zRow + n + j);
        FloatVector vh = FloatVector.fromArray(F, previous, previousRow + j);
        vu.fma(vh.sub(vn), vn).intoArray(h, hRow + j);
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
    FloatVector vw = FloatVector.broadcast(F, weight);
    FloatVector rest = FloatVector.broadcast(F, 1 - weight);
    for (int row = 0; row < rows; row++) {
      int aRow = a0 + row * lda;
      int bRow = b0 + row * ldb;
      int yRow = y0 + row * ldy;
      for (int j = 0; j < columns; j += L) {
        FloatVector va = FloatVector.fromArray(F, a, aRow + j);
        FloatVector vb = FloatVector.fromArray(F, b, bRow + j);
        vw.fma(va, rest.mul(vb)).intoArray(y, yRow + j);
      }
    }
  }

  private static FloatVector clamp(FloatVector x, float limit) {
    FloatVector low = x.blend(-limit, x.compare(LT, -limit));
    return low.blend(limit, x.compare(GT, limit));
  }
}
