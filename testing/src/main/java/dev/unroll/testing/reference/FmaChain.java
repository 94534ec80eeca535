package dev.unroll.testing.reference;

import org.jspecify.annotations.Nullable;

/**
 * The one order of float operations that every matrix product has to follow, as the naive loop.
 *
 * <p>An output element starts from
 *
 * <ul>
 *   <li>{@code fma(beta, c, bias)} with a bias and beta other than 0,
 *   <li>{@code bias} with a bias and beta 0,
 *   <li>{@code beta * c} without a bias and beta other than 0,
 *   <li>{@code +0} otherwise,
 * </ul>
 *
 * and takes one {@code fma(alpha * a, b, acc)} for each k, in ascending k, {@code alpha * a} being
 * rounded to float first. Nothing is skipped for being zero. With alpha 0 there is no chain: A and
 * B are not read.
 *
 * <p>Kernels are compared with it in bits, not with a tolerance. {@link Math#fma(float, float,
 * float)} is exact on every machine, only slow where the hardware has none.
 */
public final class FmaChain {

  private FmaChain() {}

  /** All elements, m by n, row-major, without padding. */
  public static float[] product(MatmulCase p) {
    float[] result = new float[Math.multiplyExact(p.m(), p.n())];
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        result[i * p.n() + j] = element(p, i, j);
      }
    }
    return result;
  }

  /** One element. */
  public static float element(MatmulCase p, int row, int column) {
    float acc = start(p, row, column);
    if (p.alpha() != 0) {
      for (int q = 0; q < p.k(); q++) {
        float scaled = p.alpha() * p.opA(row, q);
        acc = Math.fma(scaled, p.opB(q, column), acc);
      }
    }
    return acc;
  }

  /**
   * A chain on its own, for products that are not a whole matrix product: {@code acc} starts at
   * {@code start} and takes {@code fma(a[aOffset + q * aStride], b[bOffset + q * bStride], acc)}
   * for q = 0 to k - 1.
   */
  public static float dot(
      float start,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int k) {
    float acc = start;
    for (int q = 0; q < k; q++) {
      acc = Math.fma(a[aOffset + q * aStride], b[bOffset + q * bStride], acc);
    }
    return acc;
  }

  private static float start(MatmulCase p, int row, int column) {
    float @Nullable [] bias = p.bias();
    if (p.beta() == 0) {
      return bias == null ? 0.0f : p.biasOf(column);
    }
    float c = p.c().get(row, column);
    return bias == null ? p.beta() * c : Math.fma(p.beta(), c, p.biasOf(column));
  }
}
