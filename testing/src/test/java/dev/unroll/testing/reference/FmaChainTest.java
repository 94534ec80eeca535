package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.testing.data.MatrixView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Inputs for which another order, or one rounding more or less, gives other bits. */
class FmaChainTest {

  private static final float EPS = 0x1p-12f;

  private static float one(
      float alpha, float[] a, float[] b, float beta, float c, float @Nullable [] bias) {
    MatmulCase p =
        new MatmulCase(
            false,
            false,
            1,
            1,
            a.length,
            alpha,
            MatrixView.dense(a, a.length),
            MatrixView.dense(b, 1),
            beta,
            MatrixView.dense(new float[] {c}, 1),
            bias,
            0);
    return FmaChain.product(p)[0];
  }

  @Test
  void productIsNotRoundedBeforeTheSum() {
    // (1 + e)(1 + e) - (1 + 2e) = e^2, which a rounded product loses.
    float[] a = {-(1 + 2 * EPS), 1 + EPS};
    float[] b = {1, 1 + EPS};
    assertEquals(EPS * EPS, one(1, a, b, 0, 0, null));
  }

  @Test
  void kAscends() {
    // From the left 2^24 swallows each 1; from the right they would add up to 2 first.
    float[] a = {0x1p24f, 1, 1};
    float[] b = {1, 1, 1};
    assertEquals(0x1p24f, one(1, a, b, 0, 0, null));
    assertEquals(0x1p24f + 2, one(1, new float[] {1, 1, 0x1p24f}, b, 0, 0, null));
  }

  @Test
  void biasComesFirst() {
    // 2^24 + 1 rounds to 2^24 twice when the bias starts the chain; added last it would be + 2.
    float[] ones = {1, 1};
    assertEquals(0x1p24f, one(1, ones, ones, 0, 0, new float[] {0x1p24f}));
  }

  @Test
  void betaTimesCComesFirst() {
    float[] ones = {1, 1};
    assertEquals(0x1p24f, one(1, ones, ones, 2, 0x1p23f, null));
  }

  @Test
  void betaTimesCIsRoundedWithoutBias() {
    // (1 + e)^2 = 1 + 2e + e^2 rounds to 1 + 2e, and the chain takes that off again.
    float[] a = {-(1 + 2 * EPS)};
    float[] b = {1};
    assertEquals(0, one(1, a, b, 1 + EPS, 1 + EPS, null));
  }

  @Test
  void betaTimesCIsNotRoundedBeforeTheBias() {
    float[] none = {};
    float bias = -(1 + 2 * EPS);
    assertEquals(EPS * EPS, one(1, none, none, 1 + EPS, 1 + EPS, new float[] {bias}));
  }

  @Test
  void alphaTimesAIsRoundedFirst() {
    // round((1 + e)(1 + e)) = 1 + 2e; times 1 it cancels exactly with -(1 + 2e) in front.
    float[] a = {-1, 1 + EPS};
    float[] b = {(1 + 2 * EPS) / (1 + EPS), 1};
    float alpha = 1 + EPS;
    float expected = Math.fma(1 + 2 * EPS, 1f, Math.fma(-alpha, b[0], 0f));
    assertEquals(expected, one(alpha, a, b, 0, 0, null));
    assertEquals(0x1p24f, one(0.1f, new float[] {0x1p24f * 10}, new float[] {1}, 0, 0, null));
  }

  @Test
  void startIsPlusZero() {
    float[] a = {-0.0f};
    float[] b = {1};
    assertEquals(0.0f, one(1, a, b, 0, 0, null), "+0 + -0 = +0");
    assertEquals(-0.0f, one(1, a, b, 1, -0.0f, null), "-0 + -0 = -0");
    assertEquals(-0.0f, one(1, a, b, 0, 0, new float[] {-0.0f}));
  }

  @Test
  void dotWalksItsStrides() {
    float[] a = {9, 2, 9, 3, 9};
    float[] b = {5, 9, 9, 7};
    assertEquals(100 + 10 + 21, FmaChain.dot(100, a, 1, 2, b, 0, 3, 2));
    assertEquals(-0.0f, FmaChain.dot(-0.0f, a, 0, 0, b, 0, 0, 0));
  }
}
