package dev.unroll.internal.spi;

/**
 * The elementwise parts of the recurrent cells, forward; {@link CellGradKernels} is the way back.
 *
 * <p>All operands are {@code rows} x {@code columns}, row-major, each with an offset and a leading
 * dimension in elements; {@code columns} is a multiple of the lanes of {@link
 * MatmulKernels#shape()}, since cells keep their units padded. Operands are disjoint or the same
 * place. Slots of a cell's block (its gates, and what backward needs) lie side by side in a row:
 * they share an array, a row offset and a leading dimension, and each has an offset of its own
 * inside the row.
 *
 * <p>Each element is the list of operations that stands here, in this order, in both twins.
 */
public interface CellKernels {
  /** {@code y = sigmoid(y)}. */
  void sigmoid(int rows, int columns, float[] y, int y0, int ldy);

  /** {@code y = tanh(y)}. */
  void tanh(int rows, int columns, float[] y, int y0, int ldy);

  /** {@code y = relu(y)}. */
  void relu(int rows, int columns, float[] y, int y0, int ldy);

  /** {@code y = a * b}. */
  void multiply(
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
      int ldy);

  /** {@code y = fma(a, b, y)}. */
  void multiplyAdd(
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
      int ldy);

  /** {@code y = clamp(y, -limit, limit)}, and the same to {@code copy}; NaN stays. */
  void clip(
      int rows,
      int columns,
      float limit,
      float[] y,
      int y0,
      int ldy,
      float[] copy,
      int copy0,
      int ldcopy);

  /** {@code next = fma(f, previous, i * g)}, and the same to slot {@code copy}. */
  void lstmCell(
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
      int ldnext);

  /** {@code next = fma(1 - i, previous, i * g)}, and the same to slot {@code copy}. */
  void lstmCoupledCell(
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
      int ldnext);

  /** {@code h = fma(z, previous - n, n)} with the slots {@code update} (z) and {@code n}. */
  void gruOutput(
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
      int ldh);

  /** {@code y = fma(weight, a, (1 - weight) * b)}, {@code 1 - weight} being rounded once. */
  void interpolate(
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
      int ldy);
}
