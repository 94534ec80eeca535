package dev.unroll.bench.probe;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FmaPeak} with a multiplication and an addition in place of each fused pair. */
final class VectorMulAddPeak extends FmaPeak {

  private static final VectorSpecies<Float> FLOAT = ProbeSpecies.FLOAT;

  private static final int CHAINS = 12;

  @Override
  double loop(int turns) {
    // Each chain converges to 1: finite and normal for any number of turns.
    FloatVector x = FloatVector.broadcast(FLOAT, 0.5f);
    FloatVector y = FloatVector.broadcast(FLOAT, 0.5f);
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
    return sum.lane(0) + sum.lane(FLOAT.length() - 1);
  }

  @Override
  int flopsPerTurn() {
    return 2 * CHAINS * FLOAT.length();
  }

  @Override
  public int chains() {
    return CHAINS;
  }

  @Override
  public int vectorBits() {
    return FLOAT.vectorBitSize();
  }
}
