package dev.unroll.kernel;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.tolerance.Reproducer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What the tests of matrix products have in common: shapes, and how a spec becomes a call. */
final class Products {

  /** The twin under test. */
  static final KernelSet KERNELS = Kernels.get();

  /** The columns of one vector of the twin under test. */
  static final int LANES = KERNELS.matmul().shape().lanes();

  private Products() {}

  /** Makes specs of given sizes; the methods of MatmulArbitraries. */
  @FunctionalInterface
  interface Kind {
    Arbitrary<MatmulSpec> of(Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k);
  }

  /**
   * Mostly small products around rows, lanes and panels of the tiles, single rows over many panels;
   * some whose B is packed first, a few whose k is cut into blocks, or their rows, or the columns
   * to pack.
   */
  static Arbitrary<MatmulSpec> specs(Kind kind) {
    return Arbitraries.frequencyOf(
            Tuple.of(80, small(kind)),
            Tuple.of(
                10,
                kind.of(
                    ShapeArbitraries.sizesFrom(1, 2),
                    ShapeArbitraries.sizesFrom(1, 22 * LANES, LANES, 4 * LANES),
                    ShapeArbitraries.sizes(9))),
            Tuple.of(
                12,
                kind.of(
                    ShapeArbitraries.sizesFrom(9, 36, 12, 16),
                    ShapeArbitraries.sizesFrom(5 * LANES, 11 * LANES, LANES, 4 * LANES),
                    ShapeArbitraries.sizesFrom(16384 / (5 * LANES), 16384 / (5 * LANES) + 20))),
            Tuple.of(
                6,
                kind.of(
                    ShapeArbitraries.sizesFrom(1, 13),
                    ShapeArbitraries.sizesFrom(1, 3 * LANES, LANES),
                    ShapeArbitraries.sizesFrom(300, 1600, 256, 384))),
            Tuple.of(
                1,
                kind.of(
                    ShapeArbitraries.sizesFrom(80, 120, 48),
                    ShapeArbitraries.sizesFrom(1, 2 * LANES, LANES),
                    ShapeArbitraries.sizesFrom(370, 800, 384))),
            Tuple.of(
                1,
                kind.of(
                    ShapeArbitraries.sizesFrom(9, 13),
                    ShapeArbitraries.sizesFrom(1500, 1800, 1536),
                    ShapeArbitraries.sizesFrom(9, 13))))
        .withoutEdgeCases();
  }

  /** Small products around rows, lanes and panels of the tiles. */
  static Arbitrary<MatmulSpec> small(Kind kind) {
    return kind.of(
            ShapeArbitraries.sizes(19, 4, 8, 16),
            ShapeArbitraries.sizes(10 * LANES + 1, LANES, 3 * LANES),
            ShapeArbitraries.sizes(24))
        .withoutEdgeCases();
  }

  /** The start of a reproducer: what, on which twin. */
  static Reproducer here(String what) {
    return Reproducer.of(what).twin(KERNELS.name()).width(KERNELS.vectorBits());
  }

  /** A plan of what the spec says, B being given as it stands. */
  static Matmul.Builder plan(GuardedMatmul product) {
    return withBias(plan(product.spec()), product);
  }

  /** A plan of what the spec says, B being packed. */
  static Matmul.Builder planForPacked(GuardedMatmul product) {
    return withBias(planForPacked(product.spec()), product);
  }

  /** The same without a bias. */
  static Matmul.Builder plan(MatmulSpec spec) {
    Matmul.Builder plan = planForPacked(spec);
    return spec.transposeB() ? plan.transposeB() : plan;
  }

  /** The same without a bias. */
  static Matmul.Builder planForPacked(MatmulSpec spec) {
    Matmul.Builder plan = Matmul.builder().alpha(spec.alpha()).beta(spec.beta());
    return spec.transposeA() ? plan.transposeA() : plan;
  }

  private static Matmul.Builder withBias(Matmul.Builder plan, GuardedMatmul product) {
    return product.spec().bias()
        ? plan.bias(product.bias().array(), product.bias().offset())
        : plan;
  }

  /** The shape and the data of {@code spec}, for a plan of {@code planned} without a bias. */
  static MatmulSpec like(MatmulSpec planned, MatmulSpec spec) {
    return new MatmulSpec(
        planned.transposeA(),
        planned.transposeB(),
        spec.m(),
        spec.n(),
        spec.k(),
        planned.alpha(),
        planned.beta(),
        false,
        spec.offsets(),
        spec.paddings(),
        spec.fill(),
        spec.seed());
  }

  /** Runs a product on a plan made by {@link #plan}. */
  static void multiply(Matmul plan, GuardedMatmul product) {
    MatmulSpec spec = product.spec();
    GuardedFloats a = product.a();
    GuardedFloats b = product.b();
    GuardedFloats c = product.c();
    plan.multiply(
        spec.m(),
        spec.n(),
        spec.k(),
        a.array(),
        a.offset(),
        a.leadingDimension(),
        b.array(),
        b.offset(),
        b.leadingDimension(),
        c.array(),
        c.offset(),
        c.leadingDimension());
  }

  /** Packs the product's B. */
  static PackedMatrix pack(GuardedMatmul product) {
    MatmulSpec spec = product.spec();
    GuardedFloats b = product.b();
    return PackedMatrix.pack(
        spec.k(), spec.n(), spec.transposeB(), b.array(), b.offset(), b.leadingDimension());
  }

  /** Runs a product on a plan made by {@link #planForPacked}. */
  static void multiplyPacked(Matmul plan, GuardedMatmul product, PackedMatrix b) {
    GuardedFloats a = product.a();
    GuardedFloats c = product.c();
    plan.multiply(
        product.spec().m(),
        a.array(),
        a.offset(),
        a.leadingDimension(),
        b,
        c.array(),
        c.offset(),
        c.leadingDimension());
  }
}
