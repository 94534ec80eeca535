package dev.unroll.testing.guard;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.reference.MatmulCase;

/**
 * Everything that defines a test of a matrix product, small enough to print: its text, pasted into
 * {@code new MatmulSpec(...)}, brings the same data back.
 *
 * @param transposeA whether A is stored k by m
 * @param transposeB whether B is stored n by k
 * @param m rows of C
 * @param n columns of C
 * @param k length of the inner products
 * @param alpha factor of the product; with 0, A and B are filled with NaN, since they must not be
 *     read
 * @param beta factor of C; with 0, C is left unwritten NaN, since it must not be read
 * @param bias whether there is a bias
 * @param offsets canaries before A, B, C and the bias
 * @param paddings what leading dimensions of A, B and C have beyond the row length
 * @param fill kind of data
 * @param seed seed of the data
 */
public record MatmulSpec(
    boolean transposeA,
    boolean transposeB,
    int m,
    int n,
    int k,
    float alpha,
    float beta,
    boolean bias,
    Offsets offsets,
    Paddings paddings,
    Fill fill,
    long seed) {

  /** Canaries before each operand. */
  public record Offsets(int a, int b, int c, int bias) {
    /** No canaries before the operands. */
    public static final Offsets NONE = new Offsets(0, 0, 0, 0);
  }

  /** Canaries between the rows of each operand. */
  public record Paddings(int a, int b, int c) {
    /** Rows without padding. */
    public static final Paddings NONE = new Paddings(0, 0, 0);
  }

  /** A plain product A B of moderate data without offsets, padding or bias. */
  public static MatmulSpec of(int m, int n, int k) {
    return new MatmulSpec(
        false, false, m, n, k, 1, 0, false, Offsets.NONE, Paddings.NONE, Fill.MODERATE, 0);
  }

  /** Allocates and fills the operands. */
  public GuardedMatmul build() {
    GuardedFloats a = operand(transposeA ? k : m, transposeA ? m : k, offsets.a, paddings.a);
    GuardedFloats b = operand(transposeB ? n : k, transposeB ? k : n, offsets.b, paddings.b);
    GuardedFloats c = operand(m, n, offsets.c, paddings.c);
    GuardedFloats biases = operand(1, n, offsets.bias, 0);
    if (alpha != 0) {
      a.fill(fill, seed);
      b.fill(fill, seed + 1);
    }
    if (beta != 0) {
      c.fill(fill, seed + 2);
    }
    biases.fill(fill, seed + 3);
    MatmulCase product =
        new MatmulCase(
            transposeA,
            transposeB,
            m,
            n,
            k,
            alpha,
            a.view(),
            b.view(),
            beta,
            new MatrixView(c.array().clone(), c.offset(), c.leadingDimension()),
            bias ? biases.array() : null,
            biases.offset());
    return new GuardedMatmul(this, product, a, b, c, biases);
  }

  /** A leading dimension is at least 1, also for rows of no elements. */
  private static GuardedFloats operand(int rows, int columns, int offset, int padding) {
    return GuardedFloats.matrix(rows, columns, offset, Math.max(1, columns) + padding);
  }
}
