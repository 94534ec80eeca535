package dev.unroll.cell;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.data.Fill;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Layers and sequences around the tiles of the kernels that run here. */
final class LstmArbitraries {

  /** Multiplications of one pass, at most: the scalar chain needs a millisecond for them. */
  private static final int WORK = 100_000;

  private static final TileShape SHAPE = Kernels.get().matmul().shape();
  private static final int PANEL = SHAPE.lanes() * SHAPE.maxVectors();

  private LstmArbitraries() {}

  /** Any data, also NaN, infinities and all bit patterns: for comparisons in bits. */
  static Arbitrary<LstmSpec> any() {
    Arbitrary<Fill> fills = MatmulArbitraries.fills(fill -> true);
    return Combinators.combine(bounded(), fills, fills)
        .as((spec, weights, data) -> spec.seed() % 2 == 0 ? spec : spec.with(weights, data))
        .withoutEdgeCases();
  }

  /** Data on which error bounds say something: weights as frameworks start them. */
  static Arbitrary<LstmSpec> bounded() {
    Arbitrary<Integer> inputs = ShapeArbitraries.sizesFrom(1, 70, SHAPE.lanes());
    // Up to 14 vectors: with so many, panels of three and of four alternate.
    int lanes = SHAPE.lanes();
    Arbitrary<Integer> units =
        ShapeArbitraries.sizesFrom(1, 14 * lanes, lanes, 3 * lanes, PANEL, 13 * lanes, 14 * lanes);
    Arbitrary<Integer> steps = ShapeArbitraries.sizesFrom(0, 40, 2);
    Arbitrary<Integer> batch = ShapeArbitraries.sizesFrom(0, 70, 3, TileShape.MAX_ROWS);
    Arbitrary<LstmSpec.Offsets> offsets =
        Combinators.combine(
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets())
            .as(LstmSpec.Offsets::new);
    Arbitrary<Integer> flags = Arbitraries.integers().between(0, 7);
    Arbitrary<Long> seeds =
        Arbitraries.longs()
            .between(0, 1L << 32)
            .withDistribution(RandomDistribution.uniform())
            .withoutEdgeCases();
    return Combinators.combine(inputs, units, steps, batch, offsets, flags, seeds)
        .as(
            (i, h, t, n, at, flag, seed) ->
                new LstmSpec(
                        i,
                        h,
                        t,
                        n,
                        (flag & 1) != 0 ? LstmGateOrder.IOFG : LstmGateOrder.IFGO,
                        (flag & 2) == 0,
                        (flag & 4) == 0,
                        at,
                        null,
                        null,
                        seed)
                    .within(WORK))
        .withoutEdgeCases();
  }
}
