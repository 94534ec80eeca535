package dev.unroll.internal.pack;

/**
 * The buffers that one thread needs for its part of a product.
 *
 * <p>They grow to the largest product seen and stay, so nothing is allocated once the shapes have
 * been seen.
 */
public final class Workspace {

  private float[] a = {};
  private float[] b = {};
  private float[] edge = {};

  /** Room for a block of A, scaled or transposed. */
  float[] a(int floats) {
    if (a.length < floats) {
      a = new float[floats];
    }
    return a;
  }

  /** Room for panels of B. */
  float[] b(int floats) {
    if (b.length < floats) {
      b = new float[floats];
    }
    return b;
  }

  /** Room for the rows of C in a panel that is padded. */
  float[] edge(int floats) {
    if (edge.length < floats) {
      edge = new float[floats];
    }
    return edge;
  }

  /** What the buffers take at the moment. */
  public long bytes() {
    return 4L * ((long) a.length + b.length + edge.length);
  }
}
