package dev.unroll.bench.matmul;

import java.util.SplittableRandom;

/**
 * Random operands of one shape, and the check that a contender's product is right before it is
 * timed.
 */
public final class Operands {

  /** Half an ulp of 1 in f32. */
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  /** Elements of the product that are compared with a product in double precision. */
  private static final int SAMPLES = 400;

  private final float[] a;
  private final float[] b;
  private final Shape shape;

  /** Operands of this shape, the same ones each time. */
  public Operands(Shape shape) {
    this.shape = shape;
    SplittableRandom random = new SplittableRandom(0x5eed + shape.hashCode());
    a = fill(random, shape.m() * shape.k());
    b = fill(random, shape.k() * shape.n());
  }

  private static float[] fill(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /**
   * Gives a contender these operands and returns its product.
   *
   * @throws IllegalStateException when the product is wrong
   */
  public float[] prepareAndCheck(MatmulContender contender, int threads) {
    contender.prepare(shape, a, b, threads);
    contender.run();
    float[] product = contender.result();
    check(product, contender.library() + " " + contender.variant());
    return product;
  }

  /**
   * Throws unless sampled elements, the corners among them, lie within gamma(k + 2) |A||B| of the
   * exact product: the library's own contract, which any order of summation keeps.
   */
  private void check(float[] c, String who) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    if (c.length != m * n) {
      throw new IllegalStateException(who + " returned " + c.length + " elements for " + shape);
    }
    double ku = (k + 2) * UNIT_ROUNDOFF;
    double gamma = ku / (1 - ku);
    SplittableRandom random = new SplittableRandom(42);
    for (int s = 0; s < SAMPLES; s++) {
      int i = s == 0 ? 0 : s == 1 ? m - 1 : random.nextInt(m);
      int j = s == 0 ? 0 : s == 1 ? n - 1 : random.nextInt(n);
      double exact = 0;
      double magnitude = 0;
      for (int p = 0; p < k; p++) {
        double product = (double) a[i * k + p] * b[p * n + j];
        exact += product;
        magnitude += Math.abs(product);
      }
      double error = Math.abs(c[i * n + j] - exact);
      if (!(error <= gamma * magnitude)) {
        throw new IllegalStateException(
            who
                + " is wrong at "
                + shape
                + " ["
                + i
                + ","
                + j
                + "]: "
                + c[i * n + j]
                + ", exact "
                + exact
                + ", allowed error "
                + gamma * magnitude);
      }
    }
  }

  /**
   * Throws unless every element of two products lies within twice the bound, with |A||B| replaced
   * by the product of the norms, which is never smaller.
   */
  void compare(float[] first, String firstName, float[] second, String secondName) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    double ku = (k + 2) * UNIT_ROUNDOFF;
    double gamma = ku / (1 - ku);
    double[] rows = new double[m];
    double[] columns = new double[n];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        rows[i] += (double) a[i * k + p] * a[i * k + p];
      }
    }
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        columns[j] += (double) b[p * n + j] * b[p * n + j];
      }
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double allowed = 2 * gamma * Math.sqrt(rows[i] * columns[j]);
        double difference = Math.abs((double) first[i * n + j] - second[i * n + j]);
        if (!(difference <= allowed)) {
          throw new IllegalStateException(
              firstName
                  + " and "
                  + secondName
                  + " differ at "
                  + shape
                  + " ["
                  + i
                  + ","
                  + j
                  + "]: "
                  + first[i * n + j]
                  + " and "
                  + second[i * n + j]);
        }
      }
    }
  }
}
