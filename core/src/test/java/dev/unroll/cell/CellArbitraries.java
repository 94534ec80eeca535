package dev.unroll.cell;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.data.Fill;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Cells and sequences around the tiles of the kernels that run here. */
final class CellArbitraries {

  /** Multiplications of one pass, at most: the plain chains need a millisecond for them. */
  private static final int WORK = 60_000;

  private static final TileShape SHAPE = Kernels.get().matmul().shape();
  private static final int PANEL = SHAPE.lanes() * TileShape.MAX_VECTORS;

  private CellArbitraries() {}

  /** Any data, also NaN, infinities and all bit patterns: for comparisons in bits. */
  static Arbitrary<CellCase> any() {
    Arbitrary<Fill> fills = MatmulArbitraries.fills(fill -> true);
    return Combinators.combine(bounded(), fills, fills)
        .as((q, weights, data) -> q.seed() % 2 == 0 ? q : q.with(weights, data))
        .withoutEdgeCases();
  }

  /** Data on which error bounds say something: weights as frameworks start them. */
  static Arbitrary<CellCase> bounded() {
    Arbitrary<Integer> inputs = ShapeArbitraries.sizesFrom(1, 70, SHAPE.lanes());
    // Up to 14 vectors: with so many, panels of three and of four alternate.
    int lanes = SHAPE.lanes();
    Arbitrary<Integer> units =
        ShapeArbitraries.sizesFrom(1, 14 * lanes, lanes, 3 * lanes, PANEL, 13 * lanes, 14 * lanes);
    Arbitrary<Integer> projections = ShapeArbitraries.sizesFrom(1, 40, lanes);
    Arbitrary<Integer> steps = ShapeArbitraries.sizesFrom(0, 40, 2);
    Arbitrary<Integer> batch = ShapeArbitraries.sizesFrom(0, 70, 3, TileShape.MAX_ROWS);
    Arbitrary<CellCase.Offsets> offsets =
        Combinators.combine(
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets(),
                ShapeArbitraries.offsets())
            .as(CellCase.Offsets::new);
    Arbitrary<Long> seeds =
        Arbitraries.longs()
            .between(0, 1L << 32)
            .withDistribution(RandomDistribution.uniform())
            .withoutEdgeCases();
    return Combinators.combine(dialects(), inputs, units, projections, steps, batch, offsets, seeds)
        .as(
            (dialect, i, h, p, t, n, at, seed) ->
                new CellCase(dialect.of(i, h, p, seed), t, n, at, null, null, seed).within(WORK))
        .withoutEdgeCases();
  }

  /** The kinds equally likely, and so each dialect of a kind. */
  private static Arbitrary<Dialect> dialects() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2), Arbitraries.integers().between(0, 47))
        .as(Dialect::new);
  }

  /** One of the dialects of one kind. */
  private record Dialect(int kind, int number) {

    CellSpec of(int inputs, int units, int projection, long seed) {
      float clip = 0.0625f * (1 + seed % 16);
      List<CellSpec> all =
          switch (kind) {
            case 0 -> CellSpecs.elman(inputs, units);
            case 1 -> CellSpecs.gru(inputs, units);
            default -> CellSpecs.lstm(inputs, units, projection, clip);
          };
      CellSpec.Bias[] biases = CellSpec.Bias.values();
      return all.get(number / biases.length % all.size()).withBias(biases[number % biases.length]);
    }
  }
}
