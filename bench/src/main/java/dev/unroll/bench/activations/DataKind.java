package dev.unroll.bench.activations;

import java.util.SplittableRandom;

/** What the inputs look like: a kernel may be fast on some values and slow on others. */
public enum DataKind {
  /** Between -4 and 4, where a gate works. */
  NORMAL(-4, 4),
  /** Magnitudes from 20 to 80, where tanh and the sigmoid are flat. */
  SATURATED(20, 80),
  /** Magnitudes from 2^-60 to 2^-30. */
  TINY(0x1p-60, 0x1p-30),
  /** Magnitudes below 2^-126, which some hardware handles in microcode. */
  SUBNORMAL(0x1p-140, 0x1p-127);

  private final double low;
  private final double high;

  DataKind(double low, double high) {
    this.low = low;
    this.high = high;
  }

  /** Random values of this kind, both signs alike. */
  public float[] values(int length) {
    SplittableRandom random = new SplittableRandom(name().hashCode());
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      double magnitude = random.nextDouble(low, high);
      values[i] = (float) (random.nextBoolean() ? magnitude : -magnitude);
    }
    return values;
  }
}
