package dev.unroll.bench.activations;

/** An elementwise function over whole arrays of one length. */
@FunctionalInterface
public interface ArrayFunction {

  /** Sets each {@code y[i]} to the function of {@code x[i]}. */
  void apply(float[] x, float[] y);
}
