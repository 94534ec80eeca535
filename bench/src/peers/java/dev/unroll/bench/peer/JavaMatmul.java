package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.Shape;

/** A product by a library written in Java, none of which packs weights beforehand. */
abstract class JavaMatmul implements MatmulContender {

  private final String library;
  private final String variant;
  private final double mostFlops;

  int m;
  int n;
  int k;
  float[] a = {};
  float[] b = {};
  float[] c = {};

  /**
   * A way of multiplying.
   *
   * @param mostFlops larger products take seconds and are left out
   */
  JavaMatmul(String library, String variant, double mostFlops) {
    this.library = library;
    this.variant = variant;
    this.mostFlops = mostFlops;
  }

  @Override
  public final String library() {
    return library;
  }

  @Override
  public final String variant() {
    return variant;
  }

  @Override
  public final boolean javaCode() {
    return true;
  }

  @Override
  public boolean accepts(Shape shape, int threads) {
    return shape.flops() <= mostFlops;
  }

  @Override
  public final void prepare(Shape shape, float[] newA, float[] newB, int threads) {
    m = shape.m();
    n = shape.n();
    k = shape.k();
    a = newA;
    b = newB;
    c = new float[m * n];
    setUp(threads);
  }

  /** What the library wants done once. */
  abstract void setUp(int threads);

  @Override
  public final float[] result() {
    return c.clone();
  }

  @Override
  public void close() {}
}
