package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;

import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Batches: each product of one is what it is alone, wherever it stands. */
class MatmulBatchProperties {

  @Provide
  static Arbitrary<MatmulSpec> products() {
    return MatmulArbitraries.specs(
            ShapeArbitraries.sizesFrom(1, 13, 4),
            ShapeArbitraries.sizesFrom(1, 5 * LANES, LANES),
            ShapeArbitraries.sizes(20))
        .withoutEdgeCases();
  }

  /**
   * All the A below each other in one guarded matrix, likewise B and C; {@code shareA} and {@code
   * shareB} take the first one for all.
   */
  @Property
  void batchesAreTheirProductsOneByOne(
      @ForAll("products") MatmulSpec spec,
      @ForAll @IntRange(max = 5) int batch,
      @ForAll boolean shareA,
      @ForAll boolean shareB) {
    GuardedFloats a =
        operand(
            batch, spec.transposeA(), spec.m(), spec.k(), spec.offsets().a(), spec.paddings().a());
    GuardedFloats b =
        operand(
            batch, spec.transposeB(), spec.k(), spec.n(), spec.offsets().b(), spec.paddings().b());
    GuardedFloats c =
        operand(batch, false, spec.m(), spec.n(), spec.offsets().c(), spec.paddings().c());
    GuardedFloats bias = GuardedFloats.vector(spec.n(), spec.offsets().bias()).fill(spec.fill(), 4);
    if (spec.alpha() != 0) {
      a.fill(spec.fill(), spec.seed());
      b.fill(spec.fill(), spec.seed() + 1);
    }
    if (spec.beta() != 0) {
      c.fill(spec.fill(), spec.seed() + 2);
    }
    int aStride = shareA ? 0 : stride(a, spec.transposeA() ? spec.k() : spec.m());
    int bStride = shareB ? 0 : stride(b, spec.transposeB() ? spec.n() : spec.k());
    int cStride = stride(c, spec.m());
    float[] before = c.array().clone();
    Snapshot aBefore = Snapshot.of("A", a.array());
    Snapshot bBefore = Snapshot.of("B", b.array());
    Matmul.Builder plan = Products.plan(spec);
    if (spec.bias()) {
      plan = plan.bias(bias.array(), bias.offset());
    }
    plan.build()
        .multiplyBatched(
            batch,
            spec.m(),
            spec.n(),
            spec.k(),
            a.array(),
            a.offset(),
            a.leadingDimension(),
            aStride,
            b.array(),
            b.offset(),
            b.leadingDimension(),
            bStride,
            c.array(),
            c.offset(),
            c.leadingDimension(),
            cStride);
    Reproducer where =
        here("Matmul.multiplyBatched")
            .with("spec", spec)
            .with("batch", batch)
            .with("shareA", shareA)
            .with("shareB", shareB);
    for (int i = 0; i < batch; i++) {
      MatmulCase one =
          new MatmulCase(
              spec.transposeA(),
              spec.transposeB(),
              spec.m(),
              spec.n(),
              spec.k(),
              spec.alpha(),
              at(a, a.array(), i * aStride),
              at(b, b.array(), i * bStride),
              spec.beta(),
              at(c, before, i * cStride),
              spec.bias() ? bias.array() : null,
              bias.offset());
      FloatAssert.assertBitsEqual(
          at(c, c.array(), i * cStride),
          spec.m(),
          spec.n(),
          FmaChain.product(one),
          where.with("product", i));
    }
    c.assertGuardsIntact(where);
    aBefore.assertUnmodified(where);
    bBefore.assertUnmodified(where);
  }

  private static GuardedFloats operand(
      int batch, boolean transposed, int rows, int columns, int offset, int padding) {
    int stored = transposed ? columns : rows;
    int width = transposed ? rows : columns;
    return GuardedFloats.matrix(batch * stored, width, offset, Math.max(1, width) + padding);
  }

  private static int stride(GuardedFloats all, int rows) {
    return rows * all.leadingDimension();
  }

  private static MatrixView at(GuardedFloats all, float[] data, int shift) {
    return new MatrixView(data, all.offset() + shift, all.leadingDimension());
  }

  /** Rows of A are a batch of vectors too: what one row gives, it gives in every company. */
  @Property
  void aRowGivesTheSameBitsInEveryCompany(
      @ForAll("products") MatmulSpec any, @ForAll @IntRange(max = 12) int which) {
    MatmulSpec spec = Products.like(MatmulSpec.of(0, 0, 0), any);
    var product = spec.build();
    Products.multiply(Matmul.plain(), product);
    int row = which % spec.m();
    float[] alone = new float[spec.n()];
    Matmul.plain()
        .multiply(
            1,
            spec.n(),
            spec.k(),
            product.a().array(),
            product.a().offset() + row * product.a().leadingDimension(),
            product.a().leadingDimension(),
            product.b().array(),
            product.b().offset(),
            product.b().leadingDimension(),
            alone,
            0,
            spec.n());
    FloatAssert.assertBitsEqual(
        alone,
        0,
        product.c().array(),
        product.c().offset() + row * product.c().leadingDimension(),
        spec.n(),
        here("Matmul.multiply").with("spec", spec).with("row", row));
  }
}
