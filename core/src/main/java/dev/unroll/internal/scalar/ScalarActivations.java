package dev.unroll.internal.scalar;

import static dev.unroll.internal.scalar.ActivationConstants.*;
import static dev.unroll.internal.scalar.Fma.fma;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import dev.unroll.internal.spi.ActivationKernels;

/**
 * The elementwise functions in plain Java, one value at a time; {@code SimdActivations} is the same
 * list of operations on vectors.
 *
 * <p>No branch depends on the data. A NaN is put back in at the end, because which payload
 * arithmetic would hand on is up to the CPU.
 */
public final class ScalarActivations implements ActivationKernels {

  private static final int SIGN = 0x80000000;

  /** Stateless. */
  public ScalarActivations() {}

  /**
   * {@code e^x = 2^n (1 + r + r^2 Q(r))}. What the rounding of r and of 1 + r loses is added back,
   * and 2^n goes in as two factors, since neither 2^128 nor 2^-150 is a normal float; the smaller
   * is 0 where the result is.
   */
  public static float exp(float x) {
    float a = clamp(x, EXP_LOW, EXP_HIGH);
    float t = fma(a, LOG2_E, ROUND_BIAS_254);
    int k = floatToRawIntBits(t);
    int half = (k >> 1) - 51;
    float n = t - ROUND_BIAS_254;
    float exact = fma(n, -LN2_HIGH, a);
    float r = fma(n, -LN2_LOW, exact);
    float rLow = fma(n, -LN2_LOW, exact - r);
    float rr = fma(r, r, TINY);
    float q = fma(r, EXP_Q5, EXP_Q4);
    q = fma(rr, q, fma(r, EXP_Q3, EXP_Q2));
    q = fma(rr, q, fma(r, EXP_Q1, EXP_Q0));
    float tail = fma(rr, q, fma(rLow, r, rLow));
    float sum = 1 + r;
    float sumLow = r - (sum - 1);
    float e = sum + (sumLow + tail);
    float y = e * intBitsToFloat((k - half) << 23) * intBitsToFloat(half << 23);
    return Float.isNaN(x) ? x : y;
  }

  /** Odd by construction: the sign of x goes back onto {@link #negativeTanh} of |x|. */
  public static float tanh(float x) {
    int bits = floatToRawIntBits(x);
    float y = negativeTanh(intBitsToFloat(Math.min(bits & ~SIGN, TANH_LIMIT)));
    int signed = floatToRawIntBits(y) ^ (~bits & SIGN);
    // False for NaN, too.
    return Math.abs(x) >= TANH_LINEAR ? intBitsToFloat(signed) : x;
  }

  /**
   * {@code -tanh(a) = -m / (1 + m)} with {@code m = (e^2a - 1) / 2}, for a in [0, 9.5], without
   * cancellation for small ones. m is a pair (high, low). The remainder of the division, {@code m
   * (1 - y) - y}, takes in what the rounding of m, of 1 + m and of the quotient has lost; 1 - y is
   * a pair as well.
   */
  private static float negativeTanh(float a) {
    float z = a + a;
    float t = fma(z, LOG2_E, ROUND_BIAS_126);
    float scale = intBitsToFloat(floatToRawIntBits(t) << 23);
    float n = t - ROUND_BIAS_126;
    float r = fma(n, -LN2_HIGH, z);
    float rr = fma(r, r, TINY);
    float q = fma(r, TANH_Q5, TANH_Q4);
    q = fma(rr, q, fma(r, TANH_Q3, TANH_Q2));
    q = fma(rr, q, fma(r, TANH_Q1, TANH_Q0));
    float base = fma(scale, r, scale - 0.5f);
    float srr = scale * rr;
    float m = fma(srr, q, base);
    float mLow = fma(srr, q, base - m);
    float inverse = -1 / (m + 1);
    float y = m * inverse;
    float rest = y + 1;
    float restLow = y - (rest - 1);
    float left = fma(m, restLow, fma(mLow, rest, fma(m, rest, y)));
    return fma(left, inverse, y);
  }

  /** {@code 1 / (1 + e^-x)}; see {@link #quotient}. */
  public static float sigmoid(float x) {
    float a = clamp(x, SIGMOID_LOW, SIGMOID_HIGH);
    float t = fma(a, LOG2_E, ROUND_BIAS_153);
    float scale = intBitsToFloat(floatToRawIntBits(t) << 23);
    float y = quotient(a, t, scale, scale);
    return Float.isNaN(x) ? x : y;
  }

  /**
   * {@code numerator / (2^26 (1 + e^-a))} for a in [-106, 20]: with {@code a = n ln 2 + r} and
   * {@code scale = 2^(n+26)} the denominator is {@code (scale + 2^26 e^-r) / 2^n}, one formula for
   * both signs. The factor 2^26 keeps the power of two normal. The denominator, here negative, is a
   * pair (high, low), its low part exact but for what a float of r cannot hold, and the remainder
   * of the division is taken in.
   *
   * @param t n in the low bits
   * @param numerator scale times a power of two
   */
  private static float quotient(float a, float t, float scale, float numerator) {
    float n = t - ROUND_BIAS_153;
    float r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, a));
    float rr = fma(r, r, TINY);
    float q = fma(rr, SIGMOID_Q4, fma(r, SIGMOID_Q3, SIGMOID_Q2));
    q = fma(rr, q, fma(r, SIGMOID_Q1, SIGMOID_Q0));
    // e^-r = 1 - v
    float v = fma(rr, q, r);
    float d = fma(v, 0x1p26f, -0x1p26f - scale);
    float dLow = fma(v, 0x1p26f, (-0x1p26f - d) - scale);
    float inverse = -1 / d;
    float left = fma(inverse, dLow, fma(inverse, d, 1));
    float y = numerator * inverse;
    return fma(y, left, y);
  }

  /** x above 0, else +0; NaN stays the NaN that it is. */
  public static float relu(float x) {
    return x <= 0 ? 0 : x;
  }

  /** {@code 1 - y^2}, rounded once. */
  public static float tanhGradFromOutput(float y) {
    float d = fma(-y, y, 1);
    return Float.isNaN(y) ? y : d;
  }

  /** {@code y - y^2}, rounded once. */
  public static float sigmoidGradFromOutput(float y) {
    float d = fma(-y, y, y);
    return Float.isNaN(y) ? y : d;
  }

  /** 1 above 0, NaN for NaN, else +0. */
  public static float reluGrad(float x) {
    float d = x <= 0 ? 0 : 1;
    return Float.isNaN(x) ? x : d;
  }

  /** {@code 4 (s - s^2)} with {@code s = sigmoid(-2|x|)}: s is at most 1/2, nothing cancels. */
  public static float tanhGradFromInput(float x) {
    int bits = floatToRawIntBits(x) & ~SIGN;
    float half = intBitsToFloat(Math.min(bits, TANH_GRAD_LIMIT) | SIGN);
    float a = half + half;
    float t = fma(a, LOG2_E, ROUND_BIAS_153);
    float scale = intBitsToFloat(floatToRawIntBits(t) << 23);
    // 4s in one rounding, where it is subnormal.
    float s = quotient(a, t, scale, scale * 4);
    float y = fma(s, s * -0.25f, s);
    return Float.isNaN(x) ? x : y;
  }

  /** {@code s - s^2} with {@code s = sigmoid(-|x|)}: s is at most 1/2, nothing cancels. */
  public static float sigmoidGradFromInput(float x) {
    int bits = floatToRawIntBits(x) & ~SIGN;
    float a = intBitsToFloat(Math.min(bits, SIGMOID_LOW & ~SIGN) | SIGN);
    float t = fma(a, LOG2_E, ROUND_BIAS_153);
    float scale = intBitsToFloat(floatToRawIntBits(t) << 23);
    float s = quotient(a, t, scale, scale);
    float y = fma(s, -s, s);
    return Float.isNaN(x) ? x : y;
  }

  /**
   * x in [{@code low}, {@code high}], given by their bits, one negative, one positive: as signed
   * integers the positive floats are in order above all negative ones, as unsigned integers the
   * negative floats are in falling order above all positive ones. A NaN becomes one of the limits.
   */
  private static float clamp(float x, int low, int high) {
    int upper = Math.min(floatToRawIntBits(x), high);
    return intBitsToFloat(Math.min(upper ^ SIGN, low ^ SIGN) ^ SIGN);
  }

  @Override
  public void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = exp(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = tanh(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = relu(x[xOffset + i]);
    }
  }

  @Override
  public void tanhGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = tanhGradFromOutput(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoidGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = sigmoidGradFromOutput(x[xOffset + i]);
    }
  }

  @Override
  public void reluGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = reluGrad(x[xOffset + i]);
    }
  }

  @Override
  public void tanhGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = tanhGradFromInput(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoidGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = sigmoidGradFromInput(x[xOffset + i]);
    }
  }

  @Override
  public void reluGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = reluGrad(x[xOffset + i]);
    }
  }
}
