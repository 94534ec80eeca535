package dev.unroll.bench.probe;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FmaPeak} with the vectors that the kernels use. */
final class VectorFmaPeak extends FmaPeak {

  private static final VectorSpecies<Float> FLOAT = ProbeSpecies.FLOAT;

  /**
   * Twelve chains: more than latency times throughput anywhere, and few enough for 16 registers.
   */
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
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
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
  public int vectorBits() {
    return FLOAT.vectorBitSize();
  }
}
