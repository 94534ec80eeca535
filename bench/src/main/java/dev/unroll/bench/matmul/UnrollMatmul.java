package dev.unroll.bench.matmul;

import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Parallelism;
import org.jspecify.annotations.Nullable;

/** Our own product, with the weights packed once or packed inside the timing. */
public final class UnrollMatmul implements MatmulContender {

  private final Packing packing;
  private Shape shape = new Shape(1, 1, 1);
  private Matmul plan = Matmul.plain();
  private float[] a = {0};
  private float[] b = {0};
  private float[] c = {0};
  private @Nullable PackedMatrix packed;
  private Parallelism parallelism = Parallelism.none();

  public UnrollMatmul(Packing packing) {
    this.packing = packing;
  }

  @Override
  public String library() {
    return MatmulResult.OURS;
  }

  @Override
  public String variant() {
    return way(packing);
  }

  /** What our product with such weights is called. */
  public static String way(Packing packing) {
    return packing == Packing.BEFORE ? "packed" : "packing inside";
  }

  @Override
  public boolean javaCode() {
    return true;
  }

  @Override
  public void prepare(Shape newShape, float[] newA, float[] newB, int threads) {
    close();
    shape = newShape;
    a = newA;
    b = newB;
    c = new float[shape.m() * shape.n()];
    parallelism = Parallelism.pool(threads);
    plan = Matmul.builder().parallelism(parallelism).build();
    packed = packing == Packing.BEFORE ? PackedMatrix.pack(shape.k(), shape.n(), b) : null;
  }

  @Override
  public void run() {
    PackedMatrix weights = packed;
    if (weights != null) {
      plan.multiply(shape.m(), a, weights, c);
    } else {
      plan.multiply(shape.m(), shape.n(), shape.k(), a, b, c);
    }
  }

  @Override
  public float[] result() {
    return c.clone();
  }

  @Override
  public void close() {
    parallelism.close();
  }
}
