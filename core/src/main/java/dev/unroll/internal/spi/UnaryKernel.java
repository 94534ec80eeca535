package dev.unroll.internal.spi;

/** y[yOffset + i] = f(x[xOffset + i]) for i below {@code length}; exact alias or disjoint. */
@FunctionalInterface
public interface UnaryKernel {

  /** Applies the function; checks nothing. */
  void apply(float[] x, int xOffset, float[] y, int yOffset, int length);
}
