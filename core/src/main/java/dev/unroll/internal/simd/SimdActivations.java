package dev.unroll.internal.simd;

import static dev.unroll.internal.scalar.ActivationConstants.*;
import static dev.unroll.internal.simd.Species.FLOAT;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.UMIN;

import dev.unroll.internal.scalar.ScalarActivations;
import dev.unroll.internal.spi.ActivationKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The elementwise functions on vectors; {@code ScalarActivations} is the same list of operations,
 * one value at a time, and explains them.
 *
 * <p>The functions of one vector are each below the 325 bytes of code up to which a hot method is
 * inlined, and call helpers at their beginning only: every vector operation adds about 400 nodes to
 * the compiler's graph, and beyond 18000 it inlines nothing but the Vector API itself. So a loop
 * applies one function. Those that cells spend their time on, {@link SimdSigmoid} and {@link
 * SimdTanh}, are loops of their own.
 *
 * <p>The last vector of a range ends with it and overlaps the one before. It is loaded first, so
 * that in place, too, the function is applied to what was there; and it goes through the one call
 * in the loop. What is bound by memory leaves its tail to the scalar twin: its loop is unrolled.
 *
 * <p>A result that may be subnormal is no product but a product fused with the addition of zero,
 * which has the same bits: some cores take three times as long for a product of normal numbers that
 * underflows, and none for a fused one.
 *
 * <p>Products are never negated on their way into a fused operation: x86 has no instruction for
 * that which the compiler would choose for vectors, so signs are chosen such that none is needed.
 */
public final class SimdActivations implements ActivationKernels {

  private static final int SIGN = 0x80000000;

  /** Stateless. */
  public SimdActivations() {}

  static FloatVector exp(FloatVector x) {
    FloatVector a = clamp(x, EXP_LOW, EXP_HIGH);
    FloatVector t = a.fma(all(LOG2_E), all(ROUND_BIAS_254));
    IntVector k = t.reinterpretAsInts();
    IntVector half = k.lanewise(ASHR, 1).sub(51);
    FloatVector n = t.sub(ROUND_BIAS_254);
    FloatVector exact = n.fma(all(-LN2_HIGH), a);
    FloatVector r = n.fma(all(-LN2_LOW), exact);
    FloatVector rLow = n.fma(all(-LN2_LOW), exact.sub(r));
    FloatVector rr = r.fma(r, all(TINY));
    FloatVector q = r.fma(all(EXP_Q5), all(EXP_Q4));
    q = rr.fma(q, r.fma(all(EXP_Q3), all(EXP_Q2)));
    q = rr.fma(q, r.fma(all(EXP_Q1), all(EXP_Q0)));
    FloatVector tail = rr.fma(q, rLow.fma(r, rLow));
    FloatVector sum = r.add(1);
    FloatVector sumLow = r.sub(sum.sub(1));
    FloatVector e = sum.add(sumLow.add(tail));
    FloatVector larger = k.sub(half).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector smaller = half.lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector y = e.mul(larger).fma(smaller, all(0));
    return y.blend(x, x.compare(NE, x));
  }

  private static FloatVector quotient(
      FloatVector a, FloatVector t, FloatVector scale, FloatVector numerator) {
    FloatVector n = t.sub(ROUND_BIAS_153);
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), a));
    FloatVector v = oneMinusExp(r);
    FloatVector power = all(0x1p26f);
    FloatVector negative = all(-0x1p26f);
    FloatVector d = v.fma(power, negative.sub(scale));
    FloatVector dLow = v.fma(power, negative.sub(d).sub(scale));
    FloatVector inverse = all(-1).div(d);
    FloatVector y = numerator.fma(inverse, all(0));
    FloatVector left = inverse.fma(dLow, inverse.fma(d, all(1)));
    return y.fma(left, y);
  }

  /** {@code 1 - e^-r}, for a reduced r. */
  static FloatVector oneMinusExp(FloatVector r) {
    FloatVector rr = r.fma(r, all(TINY));
    FloatVector q = rr.fma(all(SIGMOID_Q4), r.fma(all(SIGMOID_Q3), all(SIGMOID_Q2)));
    q = rr.fma(q, r.fma(all(SIGMOID_Q1), all(SIGMOID_Q0)));
    return rr.fma(q, r);
  }

  static FloatVector relu(FloatVector x) {
    return x.blend(0, x.compare(LE, 0));
  }

  static FloatVector tanhGradFromOutput(FloatVector y) {
    return y.neg().fma(y, all(1)).blend(y, y.compare(NE, y));
  }

  static FloatVector sigmoidGradFromOutput(FloatVector y) {
    return y.neg().fma(y, y).blend(y, y.compare(NE, y));
  }

  static FloatVector reluGrad(FloatVector x) {
    return all(1).blend(0, x.compare(LE, 0)).blend(x, x.compare(NE, x));
  }

  static FloatVector tanhGradFromInput(FloatVector x) {
    IntVector bits = x.reinterpretAsInts().and(~SIGN);
    FloatVector half = bits.min(TANH_GRAD_LIMIT).or(SIGN).reinterpretAsFloats();
    FloatVector a = half.add(half);
    FloatVector t = a.fma(all(LOG2_E), all(ROUND_BIAS_153));
    FloatVector scale = power(t.reinterpretAsInts());
    FloatVector s = quotient(a, t, scale, scale.mul(4));
    return s.fma(s.fma(all(-0.25f), all(0)), s).blend(x, x.compare(NE, x));
  }

  static FloatVector sigmoidGradFromInput(FloatVector x) {
    IntVector bits = x.reinterpretAsInts().and(~SIGN);
    FloatVector a = bits.min(SIGMOID_LOW & ~SIGN).or(SIGN).reinterpretAsFloats();
    FloatVector t = a.fma(all(LOG2_E), all(ROUND_BIAS_153));
    FloatVector scale = power(t.reinterpretAsInts());
    FloatVector s = quotient(a, t, scale, scale);
    return s.fma(s.neg(), s).blend(x, x.compare(NE, x));
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOAT, value);
  }

  private static FloatVector power(IntVector biased) {
    return biased.lanewise(LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector clamp(FloatVector x, int low, int high) {
    IntVector upper = x.reinterpretAsInts().min(high);
    return upper.lanewise(UMIN, low).reinterpretAsFloats();
  }

  @Override
  public void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int end = length - FLOAT.length();
    if (end >= 0) {
      FloatVector last = FloatVector.fromArray(FLOAT, x, xOffset + end);
      for (int i = 0; i < length; i += FLOAT.length()) {
        FloatVector v = i < end ? FloatVector.fromArray(FLOAT, x, xOffset + i) : last;
        exp(v).intoArray(y, yOffset + Math.min(i, end));
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.exp(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (length >= FLOAT.length()) {
      SimdTanh.run(1, length, x, xOffset, 0, y, yOffset, 0);
      return;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.tanh(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (length >= FLOAT.length()) {
      SimdSigmoid.run(1, length, x, xOffset, 0, y, yOffset, 0);
      return;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOAT.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT.length()) {
      relu(FloatVector.fromArray(FLOAT, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = ScalarActivations.relu(x[xOffset + i]);
    }
  }

  @Override
  public void tanhGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOAT.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT.length()) {
      tanhGradFromOutput(FloatVector.fromArray(FLOAT, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = ScalarActivations.tanhGradFromOutput(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoidGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOAT.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT.length()) {
      sigmoidGradFromOutput(FloatVector.fromArray(FLOAT, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = ScalarActivations.sigmoidGradFromOutput(x[xOffset + i]);
    }
  }

  @Override
  public void reluGradFromOutput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOAT.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT.length()) {
      reluGrad(FloatVector.fromArray(FLOAT, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = ScalarActivations.reluGrad(x[xOffset + i]);
    }
  }

  @Override
  public void tanhGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int end = length - FLOAT.length();
    if (end >= 0) {
      FloatVector last = FloatVector.fromArray(FLOAT, x, xOffset + end);
      for (int i = 0; i < length; i += FLOAT.length()) {
        FloatVector v = i < end ? FloatVector.fromArray(FLOAT, x, xOffset + i) : last;
        tanhGradFromInput(v).intoArray(y, yOffset + Math.min(i, end));
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.tanhGradFromInput(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoidGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int end = length - FLOAT.length();
    if (end >= 0) {
      FloatVector last = FloatVector.fromArray(FLOAT, x, xOffset + end);
      for (int i = 0; i < length; i += FLOAT.length()) {
        FloatVector v = i < end ? FloatVector.fromArray(FLOAT, x, xOffset + i) : last;
        sigmoidGradFromInput(v).intoArray(y, yOffset + Math.min(i, end));
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarActivations.sigmoidGradFromInput(x[xOffset + i]);
    }
  }

  @Override
  public void reluGradFromInput(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int whole = FLOAT.loopBound(length);
    for (int i = 0; i < whole; i += FLOAT.length()) {
      reluGrad(FloatVector.fromArray(FLOAT, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < length; i++) {
      y[yOffset + i] = ScalarActivations.reluGrad(x[xOffset + i]);
    }
  }
}
