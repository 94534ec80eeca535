package dev.unroll.internal.simd;

import static dev.unroll.internal.scalar.ActivationConstants.*;
import static dev.unroll.internal.simd.Species.FLOAT;
import static dev.unroll.internal.simd.Species.INT;
import static jdk.incubator.vector.VectorOperators.AND_NOT;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * tanh over rows, three vectors under way at a time, as in {@link SimdSigmoid}; {@code
 * ScalarActivations.tanh} is the same list of operations and explains it.
 *
 * <p>Most constants are vectors in memory, since a broadcast is another call of the Vector API, and
 * C2 inlines only so many into one method: ten more of them, and every vector here becomes an
 * object. The few that are broadcasts save the load of an address each.
 */
final class SimdTanh {

  private static final int L = FLOAT.length();

  private static final IntVector SIGN = IntVector.broadcast(INT, 0x80000000);
  private static final IntVector MAGNITUDE = IntVector.broadcast(INT, 0x7fffffff);
  private static final IntVector LIMIT = IntVector.broadcast(INT, TANH_LIMIT);
  private static final FloatVector LINEAR = all(TANH_LINEAR);
  private static final FloatVector MINUS_ONE = all(-1);
  private static final FloatVector HALF = all(0.5f);
  private static final FloatVector ONE = all(1);
  private static final FloatVector PER_LN2 = all(LOG2_E);
  private static final FloatVector MINUS_LN2 = all(-LN2_HIGH);
  private static final FloatVector BIAS = all(ROUND_BIAS_126);
  private static final FloatVector Q1 = all(TANH_Q1);
  private static final FloatVector Q3 = all(TANH_Q3);
  private static final FloatVector Q5 = all(TANH_Q5);

  private SimdTanh() {}

  /**
   * Applies it to {@code rows} x {@code columns} values, in place or apart.
   *
   * @param columns whole vectors; with one row any number from one vector on
   */
  static void run(int rows, int columns, float[] x, int x0, int ldx, float[] y, int y0, int ldy) {
    FloatVector x1 = FloatVector.zero(FLOAT);
    FloatVector t = x1;
    FloatVector r = x1;
    FloatVector x2 = x1;
    FloatVector m = x1;
    FloatVector mLow = x1;
    int whole = columns / L;
    int turns = SimdRows.turns(rows, columns);
    int xGap = SimdRows.gap(columns, ldx);
    int yGap = SimdRows.gap(columns, ldy);
    int lastX = SimdRows.last(rows, columns, x0, ldx);
    int xLeft = whole;
    int yLeft = whole;
    for (int turn = 0; turn < turns; turn++) {
      FloatVector next = FloatVector.fromArray(FLOAT, x, x0);
      if (x0 != lastX) {
        x0 += L;
        if (--xLeft == 0) {
          xLeft = whole;
          x0 += xGap;
        }
      }

      FloatVector inverse = MINUS_ONE.div(m.add(ONE));
      FloatVector negative = m.mul(inverse);
      FloatVector rest = negative.add(ONE);
      FloatVector restLow = negative.sub(rest.sub(ONE));
      FloatVector left = m.fma(restLow, mLow.fma(rest, m.fma(rest, negative)));
      negative = left.fma(inverse, negative);
      IntVector bits = x2.reinterpretAsInts();
      IntVector sign = SIGN.lanewise(AND_NOT, bits);
      FloatVector s = negative.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
      FloatVector magnitude = bits.and(MAGNITUDE).reinterpretAsFloats();
      s = x2.blend(s, magnitude.compare(GE, LINEAR));
      if (turn >= 2) {
        s.intoArray(y, y0);
        y0 += L;
        if (--yLeft == 0) {
          yLeft = whole;
          y0 += yGap;
        }
      }

      x2 = x1;
      FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector rr = r.fma(r, all(TINY));
      FloatVector q = r.fma(Q5, all(TANH_Q4));
      q = rr.fma(q, r.fma(Q3, all(TANH_Q2)));
      q = rr.fma(q, r.fma(Q1, all(TANH_Q0)));
      FloatVector base = scale.fma(r, scale.sub(HALF));
      FloatVector srr = scale.mul(rr);
      m = srr.fma(q, base);
      mLow = srr.fma(q, base.sub(m));

      x1 = next;
      IntVector limited = x1.reinterpretAsInts().and(MAGNITUDE).min(LIMIT);
      FloatVector a = limited.reinterpretAsFloats();
      FloatVector z = a.add(a);
      t = z.fma(PER_LN2, BIAS);
      r = t.sub(BIAS).fma(MINUS_LN2, z);
    }
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOAT, value);
  }
}
