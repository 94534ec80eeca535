package dev.unroll.testing.arbitraries;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.MatmulSpec;
import java.util.Arrays;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * Matrix products with everything that can vary: shape, transposes, scalars, bias, offsets, leading
 * dimensions, data.
 *
 * <p>Data is a kind and a seed, not a list of floats: large operands cost nothing to generate, and
 * shrinking works on the shape, then on the kind of data.
 */
@SuppressWarnings("exports") // whoever calls this has jqwik
public final class MatmulArbitraries {

  private MatmulArbitraries() {}

  /** All kinds of data and all scalars, for comparisons in bits. */
  public static Arbitrary<MatmulSpec> specs(
      Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k) {
    return specs(m, n, k, fills(fill -> true), scalars(1, 0), scalars(0, 1));
  }

  /** Only data and scalars for which error bounds hold, for comparisons in accuracy. */
  public static Arbitrary<MatmulSpec> boundedSpecs(
      Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k) {
    return specs(m, n, k, fills(Fill::bounded), scalars(1, 0), scalars(0, 1));
  }

  /** Small integers with scalars -1, 0, 1, 2: every operation is exact. */
  public static Arbitrary<MatmulSpec> exactSpecs(
      Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k) {
    return specs(
        m,
        n,
        k,
        fills(fill -> fill == Fill.SMALL_INTEGERS),
        FloatArbitraries.table(1, 0, -1, 2),
        FloatArbitraries.table(0, 1, -1, 2));
  }

  /** The general form: any kind of data, any scalars. */
  public static Arbitrary<MatmulSpec> specs(
      Arbitrary<Integer> m,
      Arbitrary<Integer> n,
      Arbitrary<Integer> k,
      Arbitrary<Fill> fills,
      Arbitrary<Float> alphas,
      Arbitrary<Float> betas) {
    Arbitrary<MatmulSpec> shapes =
        Combinators.combine(m, n, k)
            .as((rows, columns, depth) -> MatmulSpec.of(rows, columns, depth));
    Arbitrary<MatmulSpec.Offsets> offsets =
        Combinators.combine(
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets())
            .as(MatmulSpec.Offsets::new);
    Arbitrary<MatmulSpec.Paddings> paddings =
        Combinators.combine(
                ShapeArbitraries.paddings(),
                ShapeArbitraries.paddings(),
                ShapeArbitraries.paddings())
            .as(MatmulSpec.Paddings::new);
    Arbitrary<Integer> flags = Bits.index(8);
    return Combinators.combine(shapes, flags, alphas, betas, offsets, paddings, fills, seeds())
        .as(
            (shape, flag, alpha, beta, offset, padding, fill, seed) ->
                new MatmulSpec(
                    (flag & 1) != 0,
                    (flag & 2) != 0,
                    shape.m(),
                    shape.n(),
                    shape.k(),
                    alpha,
                    beta,
                    (flag & 4) != 0,
                    offset,
                    padding,
                    fill,
                    seed))
        // Edge cases of eight parts multiply to thousands, the first of which differ in the last
        // part only; the distributions of the parts prefer the interesting values anyway.
        .withoutEdgeCases();
  }

  /** Kinds of data that satisfy the condition; shrinks to the simplest. */
  public static Arbitrary<Fill> fills(Predicate<Fill> condition) {
    Fill[] fills = Arrays.stream(Fill.values()).filter(condition).toArray(Fill[]::new);
    return Bits.index(fills.length).map(i -> fills[i]);
  }

  /** The plain product has alpha = 1 and beta = 0. */
  private static Arbitrary<Float> scalars(float simplest, float other) {
    return FloatArbitraries.table(simplest, other, -1, 2, 0.5f, -0.7f, 1.1f, -0.0f);
  }

  private static Arbitrary<Long> seeds() {
    return Arbitraries.longs()
        .between(0, 1L << 32)
        .withDistribution(RandomDistribution.uniform())
        .edgeCases(edges -> edges.includeOnly(0L));
  }
}
