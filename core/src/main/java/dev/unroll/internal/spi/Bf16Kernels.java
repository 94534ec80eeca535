package dev.unroll.internal.spi;

/**
 * Products with a matrix that is stored as bfloat16: the upper half of each float, rounded once
 * when it was packed. The arithmetic is that of floats, so the bits are those of the rounded
 * matrix.
 *
 * <p>The matrix is stored in groups of columns, a group row after row. A row of a full group is two
 * vectors of ints: the lower halves are its first two vectors of columns, the upper halves the
 * other two. So one load brings two vectors, and a shift or a mask makes floats of either. A group
 * of one vector has lower halves only.
 */
public interface Bf16Kernels {

  /** The vectors of a full group; the columns that are left over come in groups of one vector. */
  int GROUP_VECTORS = 4;

  /**
   * One row: for each column j of a group, and each p below {@code k}, ascending, {@code C[j] =
   * fma(A[p], B[p][j], C[j])}.
   *
   * @param vectors {@link #GROUP_VECTORS} or 1
   */
  void row(int vectors, int k, float[] a, int a0, int[] b, int b0, float[] c, int c0);

  /**
   * As {@link #row}, for two full groups at once.
   *
   * @param step ints from one group to the other
   * @param cStep columns from one to the other
   */
  void pair(int k, float[] a, int a0, int[] b, int b0, int step, float[] c, int c0, int cStep);

  /** Floats of the rows [{@code k0}, {@code k0 + rows}) of a group, {@code ldTo} apart. */
  void unpack(int vectors, int k0, int rows, int[] b, int b0, float[] to, int to0, int ldTo);
}
