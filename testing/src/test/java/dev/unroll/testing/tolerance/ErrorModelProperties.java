package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Simulated.Worst;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/**
 * The bounds hold for the worst arithmetic that is allowed, forward and backward, in every cell.
 */
class ErrorModelProperties {

  private static final int TRIES = 400;

  @Provide
  Arbitrary<CellSample> samples() {
    Arbitrary<ReferenceCell> cells =
        Combinators.combine(
                Arbitraries.integers().between(1, 4), Arbitraries.integers().between(1, 4))
            .flatAs((inputs, units) -> Arbitraries.of(CellSample.cells(inputs, units)));
    return Combinators.combine(
            cells,
            Arbitraries.integers().between(1, 6),
            Arbitraries.of(0.25, 1.0, 4.0, 16.0),
            Arbitraries.of(true, false),
            Arbitraries.longs())
        .as(
            (cell, steps, scale, positive, seed) ->
                new CellSample(cell, steps, new int[] {steps, steps / 2}, scale, positive, seed));
  }

  /** From half a ULP on, which rounding alone may cost: so the reference's own errors are less. */
  @Property(tries = TRIES)
  void noArithmeticThatIsAllowedLeavesThem(
      @ForAll("samples") CellSample sample,
      @ForAll @DoubleRange(min = 0.5, max = 3) double sigmoidUlps,
      @ForAll @DoubleRange(min = 0.5, max = 3) double tanhUlps,
      @ForAll @DoubleRange(min = -0.5, max = 1.5) double up,
      @ForAll boolean fused,
      @ForAll long seed) {
    Worst worst = new Worst(sigmoidUlps, tanhUlps, up, fused, new SplittableRandom(seed));
    assertWithin(sample, Simulated.by(worst), ErrorModel.ofFloat(sigmoidUlps, tanhUlps));
  }

  @Property(tries = TRIES)
  void floatStaysWithinThem(@ForAll("samples") CellSample sample) {
    assertWithin(sample, Simulated.by(Simulated.NEAREST), ErrorModel.ofFloat(0.5, 0.5));
  }

  /** All outputs and gradients by name. */
  static <V extends Real<V>> Map<String, Tensor<V>> run(CellSample sample, Arithmetic<V> by) {
    Map<String, Tensor<V>> all = new LinkedHashMap<>();
    all.putAll(sample.cell().forward(by, sample.weights().to(by), sample.inputs().to(by)).named());
    all.putAll(
        sample
            .cell()
            .backward(
                by, sample.weights().to(by), sample.inputs().to(by), sample.outputGradient().to(by))
            .named());
    return all;
  }

  private static void assertWithin(CellSample sample, Arithmetic<Simulated> by, ErrorModel model) {
    Map<String, Tensor<Bounded>> expected = run(sample, model);
    Map<String, Tensor<Simulated>> computed = run(sample, by);
    assertEquals(expected.keySet(), computed.keySet());
    expected.forEach(
        (name, tensor) -> {
          double[] got = Objects.requireNonNull(computed.get(name)).values();
          for (int i = 0; i < got.length; i++) {
            double error = Math.abs(got[i] - tensor.at(i).value());
            double bound = tensor.at(i).bound();
            assertTrue(
                error <= bound, name + "[" + i + "] is off by " + error + ", allowed " + bound);
          }
        });
  }
}
