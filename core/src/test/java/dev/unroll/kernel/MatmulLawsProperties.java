package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;

import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.law.MatmulLaws;
import dev.unroll.testing.law.MatmulLaws.ShapeLaw;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What products have to do with each other, on shapes that shrink, B as it stands and packed. */
class MatmulLawsProperties {

  private static final Map<String, ShapeLaw> PLAIN = laws("Matmul", MatmulLawsProperties::plain);
  private static final Map<String, ShapeLaw> PACKED =
      laws("Matmul of packed B", MatmulLawsProperties::packed);

  private static Map<String, ShapeLaw> laws(String name, MatmulLaws.Gemm gemm) {
    return MatmulLaws.of(name, gemm).fmaChain().reproducer(here(name)).byName();
  }

  private static Matmul.Builder plan(boolean transposeA, float alpha, float beta) {
    Matmul.Builder plan = Matmul.builder().alpha(alpha).beta(beta);
    return transposeA ? plan.transposeA() : plan;
  }

  private static void plain(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc) {
    Matmul.Builder plan = plan(transposeA, alpha, beta);
    (transposeB ? plan.transposeB() : plan)
        .build()
        .multiply(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
  }

  private static void packed(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc) {
    PackedMatrix panels = PackedMatrix.pack(k, n, transposeB, b, bOffset, ldb);
    plan(transposeA, alpha, beta).build().multiply(m, a, aOffset, lda, panels, c, cOffset, ldc);
  }

  /** m, n, k and the seed of the data. */
  record Shape(int m, int n, int k, int seed) {
    void keeps(Map<String, ShapeLaw> laws, String law) {
      Objects.requireNonNull(laws.get(law)).at(m, n, k, seed);
    }
  }

  @Provide
  static Arbitrary<Shape> shapes() {
    Arbitrary<Integer> seeds = Arbitraries.integers().between(0, 1_000_000);
    return Arbitraries.frequencyOf(
            Tuple.of(
                19,
                Combinators.combine(
                        ShapeArbitraries.sizesFrom(1, 19, 4, 8),
                        ShapeArbitraries.sizesFrom(1, 7 * LANES, LANES, 3 * LANES),
                        ShapeArbitraries.sizesFrom(1, 33),
                        seeds)
                    .as(Shape::new)),
            Tuple.of(
                1,
                Combinators.combine(
                        ShapeArbitraries.sizesFrom(1, 13),
                        ShapeArbitraries.sizesFrom(1, 3 * LANES, LANES),
                        ShapeArbitraries.sizesFrom(370, 2200, 384, 1024, 2048),
                        seeds)
                    .as(Shape::new)))
        .withoutEdgeCases();
  }

  @Provide
  static Arbitrary<String> laws() {
    return Arbitraries.of(PLAIN.keySet());
  }

  @Property(tries = 1500)
  void everyLaw(@ForAll("laws") String law, @ForAll("shapes") Shape shape) {
    shape.keeps(PLAIN, law);
  }

  @Property(tries = 500)
  void everyLawOfPackedMatrices(@ForAll("laws") String law, @ForAll("shapes") Shape shape) {
    shape.keeps(PACKED, law);
  }
}
