package dev.unroll.internal.spi;

/**
 * The elementwise parts of the recurrent cells, backward: see {@link CellKernels} for how operands
 * lie.
 *
 * <p>Gradients before the functions of the gates take the place of what those functions gave, so
 * the way back needs no memory beside that of the way there.
 */
public interface CellGradKernels {
  /** {@code d = 0} where {@code |c| >= limit}. */
  void clipGrad(
      int rows, int columns, float limit, float[] c, int c0, int ldc, float[] d, int d0, int ldd);

  /**
   * Through h = o t with t = tanh(c): {@code do = dh * t}, {@code dc = fma(dh * o, fma(-t, t, 1),
   * dc)}, then {@code o = do * fma(-o, o, o)}, the gradient before the sigmoid.
   */
  void lstmOutputGrad(
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
      int lddc);

  /**
   * Through the cell: the slots become the gradients before their functions, {@code i = (dc * g) *
   * fma(-i, i, i)}, {@code f = (dc * previous) * fma(-f, f, f)}, {@code g = (dc * i) * fma(-g, g,
   * 1)} of the old i, f and g; {@code dc = dc * f}.
   */
  void lstmCellGrad(
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
      int lddc);

  /**
   * The same for coupled gates: {@code i = (dc * (g - previous)) * fma(-i, i, i)}, {@code g = (dc *
   * i) * fma(-g, g, 1)}, {@code dc = dc * (1 - i)}.
   */
  void lstmCoupledCellGrad(
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
      int lddc);

  /**
   * Through the output of a GRU: {@code carry = fma(dh, z, carry)}, then the slots become the
   * gradients before their functions, {@code n = (dh * (1 - z)) * fma(-n, n, 1)} and {@code z = (dh
   * * (previous - n)) * fma(-z, z, z)} of the old z and n.
   */
  void gruOutputGrad(
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
      int ldcarry);

  /**
   * Reset after the product, with slot {@code nh} = R h + b: {@code r = (n * nh) * fma(-r, r, r)}
   * and {@code nh = n * r}, of the old r and nh; n is the gradient before tanh.
   */
  void gruResetAfterGrad(int rows, int columns, float[] z, int z0, int ldz, int r, int nh, int n);

  /**
   * Reset before the product, with d the gradient of r h: {@code carry = fma(d, r, carry)} and
   * {@code r = (d * previous) * fma(-r, r, r)}, of the old r.
   */
  void gruResetBeforeGrad(
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
      int ldcarry);

  /** {@code y = d * tanh'}, with y the value of tanh before: {@code d * fma(-y, y, 1)}. */
  void tanhGrad(int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy);

  /** {@code y = d * fma(-y, y, y)}, likewise for sigmoid. */
  void sigmoidGrad(int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy);

  /** {@code y = 0} where {@code y <= 0}, else d: likewise for relu. */
  void reluGrad(int rows, int columns, float[] d, int d0, int ldd, float[] y, int y0, int ldy);

  /** {@code sums = sums + x[r]} for each row, the last row first. */
  void columnSums(int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0);

  /** {@code sums = fma(a[r], b[r], sums)} for each row, the last row first. */
  void columnDots(
      int rows,
      int columns,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] sums,
      int sums0);

  /** The partial sums of {@link #rowSquares}: as many as the widest vector has lanes. */
  int PARTIAL_SUMS = 16;

  /**
   * {@code sums[r]} = the sum of the squares of row r, for any number of columns: element j goes,
   * in ascending order, by fma to partial sum j % 16; then the second half of the partial sums is
   * added to the first, until one is left. What follows a row, up to a whole number of vectors, has
   * to exist and is not used.
   */
  void rowSquares(int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0);
}
