package dev.unroll.bench.probe;

/**
 * {@link FmaPeak} without vectors, for a JVM that has none: fused where the hardware fuses, else a
 * multiplication and an addition.
 */
final class ScalarFmaPeak extends FmaPeak {

  private static final float HALF = 0.5f;

  private final boolean fused;

  ScalarFmaPeak(boolean fused) {
    super(12);
    this.fused = fused;
  }

  @Override
  double loop(int chains, int turns, int step) {
    return fused ? fused(turns, step) : separate(turns, step);
  }

  @Override
  int flopsPerChain() {
    return 2;
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  private static double fused(int turns, int step) {
    float a0 = 0;
    float a1 = 1;
    float a2 = 2;
    float a3 = 3;
    float a4 = 4;
    float a5 = 5;
    float a6 = 6;
    float a7 = 7;
    float a8 = 8;
    float a9 = 9;
    float a10 = 10;
    float a11 = 11;
    for (int i = turns; i > 0; i -= step) {
      a0 = Math.fma(a0, HALF, HALF);
      a1 = Math.fma(a1, HALF, HALF);
      a2 = Math.fma(a2, HALF, HALF);
      a3 = Math.fma(a3, HALF, HALF);
      a4 = Math.fma(a4, HALF, HALF);
      a5 = Math.fma(a5, HALF, HALF);
      a6 = Math.fma(a6, HALF, HALF);
      a7 = Math.fma(a7, HALF, HALF);
      a8 = Math.fma(a8, HALF, HALF);
      a9 = Math.fma(a9, HALF, HALF);
      a10 = Math.fma(a10, HALF, HALF);
      a11 = Math.fma(a11, HALF, HALF);
    }
    return a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;
  }

  private static double separate(int turns, int step) {
    float a0 = 0;
    float a1 = 1;
    float a2 = 2;
    float a3 = 3;
    float a4 = 4;
    float a5 = 5;
    float a6 = 6;
    float a7 = 7;
    float a8 = 8;
    float a9 = 9;
    float a10 = 10;
    float a11 = 11;
    for (int i = turns; i > 0; i -= step) {
      a0 = a0 * HALF + HALF;
      a1 = a1 * HALF + HALF;
      a2 = a2 * HALF + HALF;
      a3 = a3 * HALF + HALF;
      a4 = a4 * HALF + HALF;
      a5 = a5 * HALF + HALF;
      a6 = a6 * HALF + HALF;
      a7 = a7 * HALF + HALF;
      a8 = a8 * HALF + HALF;
      a9 = a9 * HALF + HALF;
      a10 = a10 * HALF + HALF;
      a11 = a11 * HALF + HALF;
    }
    return a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;
  }
}
