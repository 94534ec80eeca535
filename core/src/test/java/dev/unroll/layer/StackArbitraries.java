package dev.unroll.layer;

import dev.unroll.cell.CellSpec;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Activation;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Stacks of every kind of cell, and batches of sequences of every length. */
final class StackArbitraries {

  private static final int LANES = Kernels.get().matmul().shape().lanes();

  private StackArbitraries() {}

  static Arbitrary<CellSpec> cells() {
    Arbitrary<Integer> inputs = ShapeArbitraries.sizesFrom(1, 20, LANES);
    Arbitrary<Integer> units = ShapeArbitraries.sizesFrom(1, 3 * LANES, LANES);
    return Combinators.combine(inputs, units, Arbitraries.integers().between(0, 8))
        .as(StackArbitraries::cell);
  }

  private static CellSpec cell(int inputs, int units, int kind) {
    return switch (kind) {
      case 0 -> CellSpec.elman(inputs, units);
      case 1 -> CellSpec.elman(inputs, units).withActivation(Activation.RELU);
      case 2 -> CellSpec.elman(inputs, units).withForm(CellSpec.Form.PRE_ACTIVATION);
      case 3 -> CellSpec.gru(inputs, units);
      case 4 -> CellSpec.gru(inputs, units).withReset(CellSpec.Reset.BEFORE);
      case 5 -> CellSpec.lstm(inputs, units).withPeepholes();
      case 6 -> CellSpec.lstm(inputs, units).withProjection(units / 2 + 1);
      case 7 -> CellSpec.lstm(inputs, units).withCoupledGates().withCellClip(0.5f);
      default -> CellSpec.lstm(inputs, units).withBias(CellSpec.Bias.NONE);
    };
  }

  static Arbitrary<StackSpec> specs() {
    Arbitrary<Integer> layers = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> flags = Arbitraries.integers().between(0, 7);
    return Combinators.combine(cells(), layers, flags)
        .as(
            (cell, count, flag) -> {
              StackSpec spec = StackSpec.of(cell, count);
              if ((flag & 3) == 1) {
                spec = spec.bidirectional(StackSpec.Merge.CONCATENATE);
              } else if ((flag & 3) == 2) {
                spec = spec.bidirectional(StackSpec.Merge.SUM);
              }
              return (flag & 4) == 0 ? spec : spec.withResiduals();
            });
  }

  static Arbitrary<StackCase> cases() {
    Arbitrary<Integer> steps = ShapeArbitraries.sizesFrom(0, 12, 2);
    Arbitrary<Integer> batch = ShapeArbitraries.sizesFrom(0, 9, 4);
    Arbitrary<Long> seeds =
        Arbitraries.longs()
            .between(0, 1L << 32)
            .withDistribution(RandomDistribution.uniform())
            .withoutEdgeCases();
    return Combinators.combine(specs(), steps, batch, seeds)
        .as(
            (spec, t, n, seed) -> {
              SplittableRandom random = new SplittableRandom(seed);
              int[] lengths = new int[n];
              for (int i = 0; i < n; i++) {
                lengths[i] = seed % 4 == 0 ? t : random.nextInt(t + 1);
              }
              return new StackCase(spec, t, lengths, seed);
            })
        .withoutEdgeCases();
  }
}
