package dev.unroll.testing.reference;

import dev.unroll.testing.data.MatrixView;
import org.jspecify.annotations.Nullable;

/**
 * One matrix product, {@code alpha op(A) op(B) + beta C + bias}, all row-major. {@code op(A)} is m
 * by k and {@code op(B)} is k by n, so A is stored k by m when transposed and B n by k.
 *
 * @param transposeA whether {@code op(A)} is the transpose of what A holds
 * @param transposeB whether {@code op(B)} is the transpose of what B holds
 * @param m rows of the result
 * @param n columns of the result
 * @param k length of the inner products
 * @param alpha factor of the product; when 0, A and B are not read
 * @param a left operand
 * @param b right operand
 * @param beta factor of C; when 0, C is not read
 * @param c the matrix that is scaled and added
 * @param bias one value for each column, or null
 * @param biasOffset index of the first bias
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
public record MatmulCase(
    boolean transposeA,
    boolean transposeB,
    int m,
    int n,
    int k,
    float alpha,
    MatrixView a,
    MatrixView b,
    float beta,
    MatrixView c,
    float @Nullable [] bias,
    int biasOffset) {

  /** The plain product A B of two dense matrices: alpha 1, beta 0, no bias. */
  public static MatmulCase of(int m, int n, int k, float[] a, float[] b) {
    return new MatmulCase(
        false,
        false,
        m,
        n,
        k,
        1,
        MatrixView.dense(a, k),
        MatrixView.dense(b, n),
        0,
        MatrixView.dense(new float[Math.multiplyExact(m, n)], n),
        null,
        0);
  }

  /** Element (row, p) of {@code op(A)}. */
  public float opA(int row, int p) {
    return transposeA ? a.get(p, row) : a.get(row, p);
  }

  /** Element (p, column) of {@code op(B)}. */
  public float opB(int p, int column) {
    return transposeB ? b.get(column, p) : b.get(p, column);
  }

  /** Bias of a column; zero without a bias. */
  public float biasOf(int column) {
    return bias == null ? 0.0f : bias[biasOffset + column];
  }

  /** One line with every size and stride. */
  @Override
  public String toString() {
    return "m=%d n=%d k=%d opA=%s opB=%s alpha=%s beta=%s A=[%s] B=[%s] C=[%s] bias=%s"
        .formatted(
            m,
            n,
            k,
            transposeA ? "T" : "N",
            transposeB ? "T" : "N",
            alpha,
            beta,
            a,
            b,
            c,
            bias == null ? "none" : "float[" + bias.length + "]+" + biasOffset);
  }
}
