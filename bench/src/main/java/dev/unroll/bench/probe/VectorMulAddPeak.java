package dev.unroll.bench.probe;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FmaPeak} with a multiplication and an addition in place of each fused pair.
 *
 * <p>The loops of 14 and 20 chains go in turns, as those of {@link VectorFmaPeak}; that of 12 is
 * left to C2, which unrolls it: twice as many instructions wait half as long for one another, and
 * those of the loop itself cost more of the core's width. The fastest counts.
 */
final class VectorMulAddPeak extends FmaPeak {

  private static final VectorSpecies<Float> FLOAT = ProbeSpecies.FLOAT;

  // Each chain converges to 1: finite and normal for any number of turns.
  private static final float X = 0.5f;
  private static final float Y = 0.5f;

  VectorMulAddPeak() {
    super(12, 14, 20);
  }

  @Override
  double loop(int chains, int turns, int step) {
    return switch (chains) {
      case 12 -> loop12(turns);
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

  private static double loop12(int turns) {
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
    for (int i = 0; i < turns; i++) {
      a0 = a0.mul(x).add(y);
      a1 = a1.mul(x).add(y);
      a2 = a2.mul(x).add(y);
      a3 = a3.mul(x).add(y);
      a4 = a4.mul(x).add(y);
      a5 = a5.mul(x).add(y);
      a6 = a6.mul(x).add(y);
      a7 = a7.mul(x).add(y);
      a8 = a8.mul(x).add(y);
      a9 = a9.mul(x).add(y);
      a10 = a10.mul(x).add(y);
      a11 = a11.mul(x).add(y);
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
      a0 = a0.mul(x).add(y);
      a1 = a1.mul(x).add(y);
      a2 = a2.mul(x).add(y);
      a3 = a3.mul(x).add(y);
      a4 = a4.mul(x).add(y);
      a5 = a5.mul(x).add(y);
      a6 = a6.mul(x).add(y);
      a7 = a7.mul(x).add(y);
      a8 = a8.mul(x).add(y);
      a9 = a9.mul(x).add(y);
      a10 = a10.mul(x).add(y);
      a11 = a11.mul(x).add(y);
      a12 = a12.mul(x).add(y);
      a13 = a13.mul(x).add(y);
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
      a0 = a0.mul(x).add(y);
      a1 = a1.mul(x).add(y);
      a2 = a2.mul(x).add(y);
      a3 = a3.mul(x).add(y);
      a4 = a4.mul(x).add(y);
      a5 = a5.mul(x).add(y);
      a6 = a6.mul(x).add(y);
      a7 = a7.mul(x).add(y);
      a8 = a8.mul(x).add(y);
      a9 = a9.mul(x).add(y);
      a10 = a10.mul(x).add(y);
      a11 = a11.mul(x).add(y);
      a12 = a12.mul(x).add(y);
      a13 = a13.mul(x).add(y);
      a14 = a14.mul(x).add(y);
      a15 = a15.mul(x).add(y);
      a16 = a16.mul(x).add(y);
      a17 = a17.mul(x).add(y);
      a18 = a18.mul(x).add(y);
      a19 = a19.mul(x).add(y);
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
