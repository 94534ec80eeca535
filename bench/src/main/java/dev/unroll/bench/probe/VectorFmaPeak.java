package dev.unroll.bench.probe;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FmaPeak} with the vectors that the kernels use.
 *
 * <p>How many chains fill the pipeline depends on the unit (latency times fused multiply-adds a
 * cycle: 8 to 16), how many fit depends on the registers, so there are four loops, and the fastest
 * counts. Each accumulator is the addend, as in a product: C2 computes a fused multiply-add in the
 * addend's register, and needs a copy, and soon a spill, when that register is to be kept.
 *
 * <p>A turn must stay a turn. C2 unrolls a loop whose stride it knows, and then orders the body
 * chain by chain: up to sixteen instructions that wait for one another come in a row, and what the
 * core reaches depends on how far it looks ahead (half of the peak to five sixths, changing from
 * one compilation to the next). So the stride is not a constant.
 */
final class VectorFmaPeak extends FmaPeak {

  private static final VectorSpecies<Float> FLOAT = ProbeSpecies.FLOAT;

  /** The factors: their product, added for as long as a loop runs, stays far from overflow. */
  private static final float X = 0.5f;

  private static final float Y = 0.25f;

  VectorFmaPeak() {
    super(10, 12, 14, 20);
  }

  @Override
  double loop(int chains, int turns, int step) {
    return switch (chains) {
      case 10 -> loop10(turns, step);
      case 12 -> loop12(turns, step);
      case 14 -> loop14(turns, step);
      default -> loop20(turns, step);
    };
  }

  @Override
  int flopsPerChain() {
    return 2 * FLOAT.length();
  }

  @Override
  public int vectorBits() {
    return FLOAT.vectorBitSize();
  }

  private static double ends(FloatVector sum) {
    return sum.lane(0) + sum.lane(FLOAT.length() - 1);
  }

  private static double loop10(int turns, int step) {
    FloatVector x = FloatVector.broadcast(FLOAT, X);
    FloatVector y = FloatVector.broadcast(FLOAT, Y);
    FloatVector a0 = FloatVector.broadcast(FLOAT, 0f);
    FloatVector a1 = FloatVector.broadcast(FLOAT, 1f);
    FloatVector a2 = FloatVector.broadcast(FLOAT, 2f);
    FloatVector a3 = FloatVector.broadcast(FLOAT, 3f);
    FloatVector a4 = FloatVector.broadcast(FLOAT, 4f);
    FloatVector a5 = FloatVector.broadcast(FLOAT, 5f);
    FloatVector a6 = FloatVector.broadcast(FLOAT, 6f);
    FloatVector a7 = FloatVector.broadcast(FLOAT, 7f);
    FloatVector a8 = FloatVector.broadcast(FLOAT, 8f);
    FloatVector a9 = FloatVector.broadcast(FLOAT, 9f);
    for (int i = turns; i > 0; i -= step) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
    }
    FloatVector sum = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9);
    return ends(sum);
  }

  private static double loop12(int turns, int step) {
    FloatVector x = FloatVector.broadcast(FLOAT, X);
    FloatVector y = FloatVector.broadcast(FLOAT, Y);
    FloatVector a0 = FloatVector.broadcast(FLOAT, 0f);
    FloatVector a1 = FloatVector.broadcast(FLOAT, 1f);
    FloatVector a2 = FloatVector.broadcast(FLOAT, 2f);
    FloatVector a3 = FloatVector.broadcast(FLOAT, 3f);
    FloatVector a4 = FloatVector.broadcast(FLOAT, 4f);
    FloatVector a5 = FloatVector.broadcast(FLOAT, 5f);
    FloatVector a6 = FloatVector.broadcast(FLOAT, 6f);
    FloatVector a7 = FloatVector.broadcast(FLOAT, 7f);
    FloatVector a8 = FloatVector.broadcast(FLOAT, 8f);
    FloatVector a9 = FloatVector.broadcast(FLOAT, 9f);
    FloatVector a10 = FloatVector.broadcast(FLOAT, 10f);
    FloatVector a11 = FloatVector.broadcast(FLOAT, 11f);
    for (int i = turns; i > 0; i -= step) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
      a10 = x.fma(y, a10);
      a11 = x.fma(y, a11);
    }
    FloatVector sum =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11);
    return ends(sum);
  }

  private static double loop14(int turns, int step) {
    FloatVector x = FloatVector.broadcast(FLOAT, X);
    FloatVector y = FloatVector.broadcast(FLOAT, Y);
    FloatVector a0 = FloatVector.broadcast(FLOAT, 0f);
    FloatVector a1 = FloatVector.broadcast(FLOAT, 1f);
    FloatVector a2 = FloatVector.broadcast(FLOAT, 2f);
    FloatVector a3 = FloatVector.broadcast(FLOAT, 3f);
    FloatVector a4 = FloatVector.broadcast(FLOAT, 4f);
    FloatVector a5 = FloatVector.broadcast(FLOAT, 5f);
    FloatVector a6 = FloatVector.broadcast(FLOAT, 6f);
    FloatVector a7 = FloatVector.broadcast(FLOAT, 7f);
    FloatVector a8 = FloatVector.broadcast(FLOAT, 8f);
    FloatVector a9 = FloatVector.broadcast(FLOAT, 9f);
    FloatVector a10 = FloatVector.broadcast(FLOAT, 10f);
    FloatVector a11 = FloatVector.broadcast(FLOAT, 11f);
    FloatVector a12 = FloatVector.broadcast(FLOAT, 12f);
    FloatVector a13 = FloatVector.broadcast(FLOAT, 13f);
    for (int i = turns; i > 0; i -= step) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
      a10 = x.fma(y, a10);
      a11 = x.fma(y, a11);
      a12 = x.fma(y, a12);
      a13 = x.fma(y, a13);
    }
    FloatVector sum =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11)
            .add(a12)
            .add(a13);
    return ends(sum);
  }

  private static double loop20(int turns, int step) {
    FloatVector x = FloatVector.broadcast(FLOAT, X);
    FloatVector y = FloatVector.broadcast(FLOAT, Y);
    FloatVector a0 = FloatVector.broadcast(FLOAT, 0f);
    FloatVector a1 = FloatVector.broadcast(FLOAT, 1f);
    FloatVector a2 = FloatVector.broadcast(FLOAT, 2f);
    FloatVector a3 = FloatVector.broadcast(FLOAT, 3f);
    FloatVector a4 = FloatVector.broadcast(FLOAT, 4f);
    FloatVector a5 = FloatVector.broadcast(FLOAT, 5f);
    FloatVector a6 = FloatVector.broadcast(FLOAT, 6f);
    FloatVector a7 = FloatVector.broadcast(FLOAT, 7f);
    FloatVector a8 = FloatVector.broadcast(FLOAT, 8f);
    FloatVector a9 = FloatVector.broadcast(FLOAT, 9f);
    FloatVector a10 = FloatVector.broadcast(FLOAT, 10f);
    FloatVector a11 = FloatVector.broadcast(FLOAT, 11f);
    FloatVector a12 = FloatVector.broadcast(FLOAT, 12f);
    FloatVector a13 = FloatVector.broadcast(FLOAT, 13f);
    FloatVector a14 = FloatVector.broadcast(FLOAT, 14f);
    FloatVector a15 = FloatVector.broadcast(FLOAT, 15f);
    FloatVector a16 = FloatVector.broadcast(FLOAT, 16f);
    FloatVector a17 = FloatVector.broadcast(FLOAT, 17f);
    FloatVector a18 = FloatVector.broadcast(FLOAT, 18f);
    FloatVector a19 = FloatVector.broadcast(FLOAT, 19f);
    for (int i = turns; i > 0; i -= step) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
      a10 = x.fma(y, a10);
      a11 = x.fma(y, a11);
      a12 = x.fma(y, a12);
      a13 = x.fma(y, a13);
      a14 = x.fma(y, a14);
      a15 = x.fma(y, a15);
      a16 = x.fma(y, a16);
      a17 = x.fma(y, a17);
      a18 = x.fma(y, a18);
      a19 = x.fma(y, a19);
    }
    FloatVector sum =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11)
            .add(a12)
            .add(a13)
            .add(a14)
            .add(a15)
            .add(a16)
            .add(a17)
            .add(a18)
            .add(a19);
    return ends(sum);
  }
}
