package dev.unroll.internal.spi;

import dev.unroll.internal.pack.TileShape;

/**
 * The inner part of every matrix product: one panel of B against many rows of A.
 *
 * <p>A panel is {@code vectors * lanes} columns of B, stored row by row. The blocked driver in
 * {@code internal.pack} cuts products into panels; the twins only differ in how they walk through
 * one.
 */
public interface MatmulKernels {

  /** The columns that one vector holds, and what panels it may be asked for. */
  TileShape shape();

  /**
   * For i below {@code rows} and j below {@code vectors * shape().lanes()}: C[i][j] = S[i][j], then
   * for each p below {@code kc}, ascending, C[i][j] = fma(A[i][p], B[p][j], C[i][j]).
   *
   * <p>S is where the chain starts from: C itself (same array, offset and leading dimension), or
   * one row that serves all ({@code lds} = 0). Offsets and leading dimensions are in elements. C
   * must not overlap A or B.
   *
   * @param vectors one of the widths that {@link TileShape} hands out
   * @param kc from 0 to {@link TileShape#MAX_DEPTH}
   * @param lda any; {@link TileShape#COPY_LDA} is one that tiles may know, see {@link #copy}
   */
  void panel(
      int vectors,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc);

  /** The most panels that {@link #streams} takes. */
  int STREAMS = 4;

  /**
   * As {@link #panel}, for few rows and several panels of the same width.
   *
   * @param panels two or {@link #STREAMS}
   * @param rows from 1 to {@link TileShape#streamRows}
   * @param panelStep elements from one panel to the next in B
   * @param sStep elements from the columns of one panel to those of the next in S
   * @param cStep likewise in C
   */
  void streams(
      int panels,
      int vectors,
      int rows,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      int panelStep,
      float[] s,
      int s0,
      int lds,
      int sStep,
      float[] c,
      int c0,
      int ldc,
      int cStep);

  /**
   * One row and three packed panels that follow each other, of three, three and two vectors: what
   * is left of a power of two, often, and too narrow for {@link #streams}.
   *
   * @param b0 where the panels begin: b0, b1 and b2
   * @param sStep elements from the columns of one panel to those of the next in S
   */
  default void eight(
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      int b1,
      int b2,
      float[] s,
      int s0,
      int sStep,
      float[] c,
      int c0) {
    int lanes = shape().lanes();
    for (int i = 0; i < 3; i++) {
      int vectors = i < 2 ? 3 : 2;
      int bi = i == 0 ? b0 : i == 1 ? b1 : b2;
      int si = s0 + i * sStep;
      int ci = c0 + i * 3 * lanes;
      panel(vectors, 1, kc, a, a0, 0, b, bi, vectors * lanes, s, si, 0, c, ci, 0);
    }
  }

  /**
   * As {@link #panel}, for a packed panel and an A that {@link #group} has copied.
   *
   * @param group {@link TileShape#groupRows}: the rows of a group
   * @param rows whole groups
   */
  void grouped(
      int group,
      int vectors,
      int rows,
      int kc,
      float[] a,
      int a0,
      float[] b,
      int b0,
      float[] s,
      int s0,
      int lds,
      float[] c,
      int c0,
      int ldc);

  /**
   * Elements from one group to the next: a cache line more than a group has, since a link goes to
   * the same place of every group, and groups a multiple of 4 KiB apart would share the few lines
   * of one set of an L1 cache (1024 x 128 x 3200: 194 GFLOP/s instead of 213).
   */
  static int groupStep(int group, int kc) {
    return group * kc + 16;
  }

  /**
   * Copies whole groups of rows of a transposed A: the element of row i and link p, at {@code a0 +
   * p * lda + i}, goes to {@code to0 + i / group * groupStep(group, kc) + p * group + i % group}.
   */
  void group(int group, int rows, int kc, float[] a, int a0, int lda, float[] to, int to0);

  /**
   * Copies {@code rows} rows of {@code columns} elements, {@code lda} apart, to rows that are
   * {@link TileShape#COPY_LDA} apart.
   */
  void copy(int rows, int columns, float[] a, int a0, int lda, float[] to, int to0);

  /**
   * Rows of A against B as it stands, row by row: for each i below {@code rows}, j below {@code
   * columns} and p below {@code kc}, ascending, C[i][j] = fma(A[i][p], B[p][j], C[i][j]). Every row
   * of B is read from its start to its end, which is what memory likes, and C instead of B stays in
   * the L1 cache.
   *
   * @param columns a whole number of vectors; any number if there is one row
   */
  void sweep(
      int rows,
      int columns,
      int kc,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc);

  /**
   * Packs a panel of B whose columns all exist: {@code rows} rows of {@code vectors *
   * shape().lanes()} elements, {@code ldb} apart, to rows without gaps.
   */
  void pack(int vectors, int rows, float[] b, int b0, int ldb, float[] packed, int packed0);
}
