package dev.unroll.bench.matmul;

/**
 * The triple loop that anybody writes first, in the order i, k, j, so that the inner loop runs over
 * rows and the compiler may vectorize it.
 */
public final class NaiveMatmul implements MatmulContender {

  private Shape shape = new Shape(1, 1, 1);
  private float[] a = {0};
  private float[] b = {0};
  private float[] c = {0};

  @Override
  public String library() {
    return "naive";
  }

  @Override
  public String variant() {
    return "loop i,k,j";
  }

  @Override
  public boolean accepts(Shape candidate, int threads) {
    return threads == 1 && candidate.flops() < 4e8;
  }

  @Override
  public boolean javaCode() {
    return true;
  }

  @Override
  public void prepare(Shape newShape, float[] newA, float[] newB, int threads) {
    shape = newShape;
    a = newA;
    b = newB;
    c = new float[newShape.m() * newShape.n()];
  }

  @Override
  public void run() {
    multiply(shape.m(), shape.n(), shape.k(), a, b, c);
  }

  private static void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
    for (int i = 0; i < m; i++) {
      int row = i * n;
      for (int j = 0; j < n; j++) {
        c[row + j] = 0;
      }
      for (int p = 0; p < k; p++) {
        float x = a[i * k + p];
        int from = p * n;
        for (int j = 0; j < n; j++) {
          c[row + j] += x * b[from + j];
        }
      }
    }
  }

  @Override
  public float[] result() {
    return c.clone();
  }

  @Override
  public void close() {}
}
