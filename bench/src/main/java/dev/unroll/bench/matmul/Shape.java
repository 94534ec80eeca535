package dev.unroll.bench.matmul;

/** A matrix product of a row-major {@code m x k} by a row-major {@code k x n} matrix. */
public record Shape(int m, int n, int k) {

  public Shape {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException("m, n and k must be positive: " + m + "," + n + "," + k);
    }
  }

  /** Reads {@code m,n,k}. */
  public static Shape parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a shape is m,n,k, not: " + text);
    }
    return new Shape(
        Integer.parseInt(parts[0].strip()),
        Integer.parseInt(parts[1].strip()),
        Integer.parseInt(parts[2].strip()));
  }

  /** Floating-point operations of the product, an fma counted as two. */
  public double flops() {
    return 2.0 * m * n * k;
  }

  /** Bytes of the right-hand operand in f32: the weights, when they are. */
  public long weightBytes() {
    return 4L * n * k;
  }

  /** At most 64 rows: what a recurrent layer multiplies at each step. */
  public boolean skinny() {
    return m <= 64 && Math.min(n, k) > m;
  }

  @Override
  public String toString() {
    return m + "," + n + "," + k;
  }
}
