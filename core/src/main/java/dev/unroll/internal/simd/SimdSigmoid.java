package dev.unroll.internal.simd;

import static dev.unroll.internal.scalar.ActivationConstants.*;
import static dev.unroll.internal.simd.Species.FLOAT;
import static dev.unroll.internal.simd.Species.INT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.UMIN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The sigmoid over rows, three vectors under way at a time; {@code ScalarActivations.sigmoid} is
 * the same list of operations and explains it.
 *
 * <p>Each operation waits for the one before, about 80 cycles in all, and a core looks ahead over
 * few such chains. So a turn of the loop does the last third of one vector, the second of the next
 * and the first of the one after that: three short chains that do not wait for each other. What a
 * third needs of the one before it is kept in registers from turn to turn.
 *
 * <p>The quotient, which may be subnormal, is taken as in {@link SimdActivations}.
 */
final class SimdSigmoid {

  private static final int L = FLOAT.length();

  private static final IntVector LOW = IntVector.broadcast(INT, SIGMOID_LOW);
  private static final IntVector HIGH = IntVector.broadcast(INT, SIGMOID_HIGH);

  private SimdSigmoid() {}

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
    FloatVector scale = x1;
    FloatVector d = all(-1);
    FloatVector dLow = x1;
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

      FloatVector inverse = all(-1).div(d);
      FloatVector s = scale.fma(inverse, all(0));
      FloatVector left = inverse.fma(dLow, inverse.fma(d, all(1)));
      s = s.fma(left, s);
      s = s.blend(x2, x2.compare(NE, x2));
      if (turn >= 2) {
        s.intoArray(y, y0);
        y0 += L;
        if (--yLeft == 0) {
          yLeft = whole;
          y0 += yGap;
        }
      }

      x2 = x1;
      scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector v = SimdActivations.oneMinusExp(r);
      FloatVector power = all(0x1p26f);
      FloatVector negative = all(-0x1p26f);
      d = v.fma(power, negative.sub(scale));
      dLow = v.fma(power, negative.sub(d).sub(scale));

      x1 = next;
      IntVector upper = x1.reinterpretAsInts().min(HIGH);
      FloatVector a = upper.lanewise(UMIN, LOW).reinterpretAsFloats();
      t = a.fma(all(LOG2_E), all(ROUND_BIAS_153));
      FloatVector n = t.sub(ROUND_BIAS_153);
      r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), a));
    }
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOAT, value);
  }
}
