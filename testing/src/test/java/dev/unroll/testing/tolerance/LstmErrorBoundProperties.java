package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.tolerance.RoundedLstm.Worst;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** The bound holds for the worst arithmetic that is allowed, and not for much worse. */
class LstmErrorBoundProperties {

  @Provide
  Arbitrary<LstmSample> samples() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(1, 8),
            Arbitraries.integers().between(1, 2),
            Arbitraries.of(0.25, 1.0, 4.0, 16.0),
            Arbitraries.of(true, false),
            Arbitraries.longs())
        .as(LstmSample::new);
  }

  @Property
  void noArithmeticThatIsAllowedLeavesIt(
      @ForAll("samples") LstmSample sample,
      @ForAll @DoubleRange(min = 0, max = 3) double sigmoidUlps,
      @ForAll @DoubleRange(min = 0, max = 3) double tanhUlps,
      @ForAll @DoubleRange(min = -0.5, max = 1.5) double up,
      @ForAll long seed) {
    ReferenceLstm.Result got =
        sample.computed(new Worst(sigmoidUlps, tanhUlps, up, new SplittableRandom(seed)));
    assertWithin(got, sample.exact(), sample.bound(sigmoidUlps, tanhUlps));
  }

  @Property
  void floatStaysWithinIt(@ForAll("samples") LstmSample sample) {
    assertWithin(
        sample.computed(new RoundedLstm.Nearest()), sample.exact(), sample.bound(0.5, 0.5));
  }

  private static void assertWithin(
      ReferenceLstm.Result got, ReferenceLstm.Result exact, ReferenceLstm.Result bound) {
    assertWithin("h", got.h(), exact.h(), bound.h());
    assertWithin("c", got.c(), exact.c(), bound.c());
    assertWithin("lastH", got.lastH(), exact.lastH(), bound.lastH());
    assertWithin("lastC", got.lastC(), exact.lastC(), bound.lastC());
  }

  private static void assertWithin(String name, double[] got, double[] exact, double[] bound) {
    for (int i = 0; i < got.length; i++) {
      double error = Math.abs(got[i] - exact[i]);
      String message = name + "[" + i + "] is off by " + error + ", allowed " + bound[i];
      assertTrue(error <= bound[i], message);
    }
  }
}
