package dev.unroll.internal.scalar;

/**
 * The constants of the elementwise functions, shared by both twins.
 *
 * <p>All of them reduce their argument to {@code z = n ln 2 + r}, {@code |r| <= ln(2)/2}, and take
 * {@code e^r = 1 + r + r^2 Q(r)}. The coefficients of {@code Q} are weighted minimax fits, each
 * rounded to float before the next is fitted; the program that finds them is {@code
 * ActivationCoefficients} in the test sources.
 */
public final class ActivationConstants {

  /** {@code 1 / ln 2}. */
  public static final float LOG2_E = 0x1.715476p0f;

  /**
   * {@code ln 2} in two floats; products of the first with {@code |n| < 256} need no more bits than
   * the fused subtraction keeps.
   */
  public static final float LN2_HIGH = 0x1.62e430p-1f;

  /** {@code LN2_HIGH + LN2_LOW = ln 2 (1 + 2^-54)}. */
  public static final float LN2_LOW = -0x1.05c610p-29f;

  /**
   * Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits. The small integer on top
   * is the bias that turns those bits, shifted by 23, into a power of two: here {@code 2^(n-1)}.
   */
  public static final float ROUND_BIAS_126 = 0x1.8p23f + 126;

  /**
   * The same for {@code 2^(n+26)}: normal for every n of a sigmoid's tail, and of four times it.
   */
  public static final float ROUND_BIAS_153 = 0x1.8p23f + 153;

  /** The same for {@code 2^n} as a product of two powers of two. */
  public static final float ROUND_BIAS_254 = 0x1.8p23f + 254;

  /**
   * Added to r^2, which it does not change where that counts: the square of a tiny r would be
   * subnormal, and slow.
   */
  public static final float TINY = 0x1p-60f;

  /** Below this, tanh x is x to within a sixth of an ULP. */
  public static final float TANH_LINEAR = 0x1p-13f;

  /** Bits of 9.5: tanh is 1 from 9.011 on. */
  public static final int TANH_LIMIT = 0x41180000;

  /** Bits of 90: exp is infinite from 88.723 on. */
  public static final int EXP_HIGH = 0x42b40000;

  /**
   * Bits of -105: exp is 0 from -103.973 on. Here one of its powers of two is 0 as well, so that
   * the product is no underflow, which would be slow.
   */
  public static final int EXP_LOW = 0xc2d20000;

  /** Bits of 20: sigmoid is 1 from 17.329 on. */
  public static final int SIGMOID_HIGH = 0x41a00000;

  /** Bits of -106: sigmoid is 0 from -103.973 on, and here its power of two is, too. */
  public static final int SIGMOID_LOW = 0xc2d40000;

  /** Bits of 53: tanh' is 0 from 52.680 on, and here its power of two is, too. */
  public static final int TANH_GRAD_LIMIT = 0x42540000;

  /** Q for tanh: weighted by the slope of tanh, in its ULP, 0.005 ULP. */
  public static final float TANH_Q0 = 0x1p-1f;

  public static final float TANH_Q1 = 0x1.555556p-3f;
  public static final float TANH_Q2 = 0x1.5554f4p-5f;
  public static final float TANH_Q3 = 0x1.1110dap-7f;
  public static final float TANH_Q4 = 0x1.6d3f2ap-10f;
  public static final float TANH_Q5 = 0x1.a05e58p-13f;

  /** Q for exp: relative error of the exponential 2^-33. */
  public static final float EXP_Q0 = 0x1p-1f;

  public static final float EXP_Q1 = 0x1.555554p-3f;
  public static final float EXP_Q2 = 0x1.5554e8p-5f;
  public static final float EXP_Q3 = 0x1.11130ep-7f;
  public static final float EXP_Q4 = 0x1.6d4cc8p-10f;
  public static final float EXP_Q5 = 0x1.9dfbd8p-13f;

  /** Q(-r), negated, for sigmoid, one degree less: relative error of the exponential 2^-28. */
  public static final float SIGMOID_Q0 = -0x1.fffffcp-2f;

  public static final float SIGMOID_Q1 = 0x1.555492p-3f;
  public static final float SIGMOID_Q2 = -0x1.5558aep-5f;
  public static final float SIGMOID_Q3 = 0x1.12398p-7f;
  public static final float SIGMOID_Q4 = -0x1.6a4e74p-10f;

  private ActivationConstants() {}
}
