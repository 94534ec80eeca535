package dev.unroll.internal.simd;

import static dev.unroll.internal.spi.CellGradKernels.PARTIAL_SUMS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The sum of the squares of each row, in an order that is the same at every width. */
final class SimdRowSquares {

  private static final VectorSpecies<Float> F = Species.FLOAT;
  private static final VectorSpecies<Integer> I = Species.INT;
  private static final int L = F.length();

  /** From element PARTIAL_SUMS - n on, a mask of the first n lanes. */
  private static final int[] TAIL = new int[2 * PARTIAL_SUMS];

  static {
    Arrays.fill(TAIL, 0, PARTIAL_SUMS, -1);
  }

  /** A pair of vectors holds so many partial sums: all of them, or half of them. */
  private static final int PAIR = Math.min(2 * L, PARTIAL_SUMS);

  /** The lanes of the second half; those of the second and the last quarter. */
  private static final VectorMask<Float> SECOND = VectorMask.fromLong(F, -1L << (L / 2));

  private static final VectorMask<Float> ODD =
      VectorMask.fromLong(F, (1L << (L / 2)) - (1L << (L / 4)))
          .or(VectorMask.fromLong(F, -1L << (3 * L / 4)));

  /** Lanes exchanged with those half a vector further, or before; a quarter, and so on. */
  private static final VectorShuffle<Float> HALVES = exchange(L / 2);

  private static final VectorShuffle<Float> QUARTERS = exchange(L / 4);
  private static final VectorShuffle<Float> EIGHTHS = exchange(L / 8);
  private static final VectorShuffle<Float> SIXTEENTHS = exchange(L / 16);

  private SimdRowSquares() {}

  static void squares(int rows, int columns, float[] x, int x0, int ldx, float[] sums, int sums0) {
    // Several rows at a time: one alone waits for its own chains of fma.
    int step = PAIR == PARTIAL_SUMS ? 4 : 2;
    for (int row = 0; row < rows; row += step) {
      int a = row;
      int b = Math.min(row + 1, rows - 1);
      int c = Math.min(row + 2, rows - 1);
      int d = Math.min(row + 3, rows - 1);
      if (PAIR == PARTIAL_SUMS) {
        squares(
            columns,
            x,
            x0 + a * ldx,
            x0 + b * ldx,
            x0 + c * ldx,
            x0 + d * ldx,
            sums,
            sums0,
            a,
            b,
            c,
            d);
      } else {
        squares(
            columns,
            x,
            x0 + a * ldx,
            x0 + a * ldx + PAIR,
            x0 + b * ldx,
            x0 + b * ldx + PAIR,
            sums,
            sums0,
            a,
            a,
            b,
            b);
      }
    }
  }

  /**
   * Four rows, or the two halves of the partial sums of two rows where vectors are short: four
   * pairs of chains either way. In one method, since a vector that crosses a call which C2 does not
   * inline becomes an object. Lanes beyond a row add the square of 0 to a sum that is not negative,
   * which is nothing; they are cleared as ints, since masked loads are objects in places too.
   */
  private static void squares(
      int columns,
      float[] x,
      int a,
      int b,
      int c,
      int d,
      float[] sums,
      int sums0,
      int toA,
      int toB,
      int toC,
      int toD) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector d0 = FloatVector.zero(F);
    FloatVector d1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= columns - PARTIAL_SUMS; j += PARTIAL_SUMS) {
      FloatVector v = FloatVector.fromArray(F, x, a + j);
      a0 = v.fma(v, a0);
      v = FloatVector.fromArray(F, x, b + j);
      b0 = v.fma(v, b0);
      v = FloatVector.fromArray(F, x, c + j);
      c0 = v.fma(v, c0);
      v = FloatVector.fromArray(F, x, d + j);
      d0 = v.fma(v, d0);
      if (L < PARTIAL_SUMS) {
        FloatVector w = FloatVector.fromArray(F, x, a + j + L);
        a1 = w.fma(w, a1);
        w = FloatVector.fromArray(F, x, b + j + L);
        b1 = w.fma(w, b1);
        w = FloatVector.fromArray(F, x, c + j + L);
        c1 = w.fma(w, c1);
        w = FloatVector.fromArray(F, x, d + j + L);
        d1 = w.fma(w, d1);
      }
    }
    int left = columns - j;
    if (left > 0) {
      IntVector keep = IntVector.fromArray(I, TAIL, PARTIAL_SUMS - left);
      FloatVector v =
          FloatVector.fromArray(F, x, a + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
      a0 = v.fma(v, a0);
      v = FloatVector.fromArray(F, x, c + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
      c0 = v.fma(v, c0);
      if (PAIR == PARTIAL_SUMS) {
        v = FloatVector.fromArray(F, x, b + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
        b0 = v.fma(v, b0);
        v = FloatVector.fromArray(F, x, d + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
        d0 = v.fma(v, d0);
      }
    }
    if (L < PARTIAL_SUMS && left > L) {
      IntVector keep = IntVector.fromArray(I, TAIL, PARTIAL_SUMS - left + L);
      FloatVector v =
          FloatVector.fromArray(F, x, a + j + L)
              .reinterpretAsInts()
              .and(keep)
              .reinterpretAsFloats();
      a1 = v.fma(v, a1);
      v =
          FloatVector.fromArray(F, x, c + j + L)
              .reinterpretAsInts()
              .and(keep)
              .reinterpretAsFloats();
      c1 = v.fma(v, c1);
      if (PAIR == PARTIAL_SUMS) {
        v =
            FloatVector.fromArray(F, x, b + j + L)
                .reinterpretAsInts()
                .and(keep)
                .reinterpretAsFloats();
        b1 = v.fma(v, b1);
        v =
            FloatVector.fromArray(F, x, d + j + L)
                .reinterpretAsInts()
                .and(keep)
                .reinterpretAsFloats();
        d1 = v.fma(v, d1);
      }
    }
    if (PAIR < PARTIAL_SUMS && left > PAIR) {
      IntVector keep = IntVector.fromArray(I, TAIL, PARTIAL_SUMS - left + PAIR);
      FloatVector v =
          FloatVector.fromArray(F, x, b + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
      b0 = v.fma(v, b0);
      v = FloatVector.fromArray(F, x, d + j).reinterpretAsInts().and(keep).reinterpretAsFloats();
      d0 = v.fma(v, d0);
    }
    if (PAIR < PARTIAL_SUMS && left > PAIR + L) {
      IntVector keep = IntVector.fromArray(I, TAIL, PARTIAL_SUMS - left + PAIR + L);
      FloatVector v =
          FloatVector.fromArray(F, x, b + j + L)
              .reinterpretAsInts()
              .and(keep)
              .reinterpretAsFloats();
      b1 = v.fma(v, b1);
      v =
          FloatVector.fromArray(F, x, d + j + L)
              .reinterpretAsInts()
              .and(keep)
              .reinterpretAsFloats();
      d1 = v.fma(v, d1);
    }
    // Half the partial sums are added to the other half until one is left, of all rows at once:
    // what
    // a row no longer needs of its vector is taken by another one.
    if (PAIR == PARTIAL_SUMS) {
      if (L < PARTIAL_SUMS) {
        a0 = a0.add(a1);
        b0 = b0.add(b1);
        c0 = c0.add(c1);
        d0 = d0.add(d1);
      }
      FloatVector ab = a0.blend(b0, SECOND).add(b0.blend(a0, SECOND).rearrange(HALVES));
      FloatVector cd = c0.blend(d0, SECOND).add(d0.blend(c0, SECOND).rearrange(HALVES));
      FloatVector sum = ab.blend(cd, ODD).add(cd.blend(ab, ODD).rearrange(QUARTERS));
      sum = sum.add(sum.rearrange(EIGHTHS));
      if (L == PARTIAL_SUMS) {
        sum = sum.add(sum.rearrange(SIXTEENTHS));
      }
      sums[sums0 + toA] = sum.lane(0);
      sums[sums0 + toB] = sum.lane(L / 2);
      sums[sums0 + toC] = sum.lane(L / 4);
      sums[sums0 + toD] = sum.lane(3 * L / 4);
    } else {
      a0 = a0.add(b0).add(a1.add(b1));
      c0 = c0.add(d0).add(c1.add(d1));
      FloatVector sum = a0.blend(c0, SECOND).add(c0.blend(a0, SECOND).rearrange(HALVES));
      sum = sum.add(sum.rearrange(QUARTERS));
      sums[sums0 + toA] = sum.lane(0);
      sums[sums0 + toC] = sum.lane(L / 2);
    }
  }

  private static VectorShuffle<Float> exchange(int lanes) {
    return VectorShuffle.fromOp(F, i -> i ^ lanes);
  }
}
