package dev.unroll.kernel;

import static dev.unroll.kernel.ActivationFunction.LANES;
import static dev.unroll.kernel.ActivationFunction.SIGMOID;
import static dev.unroll.kernel.ActivationFunction.THRESHOLDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.testing.arbitraries.FloatArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of {@link ActivationFunction#laws}, on values and offsets that shrink. */
final class ActivationsProperties {

  @Provide
  Arbitrary<float[]> inputs() {
    Arbitrary<Float> ordinary = FloatArbitraries.moderate(-20, 7);
    return FloatArbitraries.arrays(
        Arbitraries.oneOf(ordinary, FloatArbitraries.all(THRESHOLDS)), 4 * LANES + 3, LANES);
  }

  @Provide
  Arbitrary<Float> floats() {
    return FloatArbitraries.all(THRESHOLDS);
  }

  @Provide
  Arbitrary<Integer> offsets() {
    return ShapeArbitraries.offsets();
  }

  @Property(tries = 3000)
  void everyLaw(
      @ForAll ActivationFunction f,
      @ForAll("inputs") float[] x,
      @ForAll("offsets") int xOffset,
      @ForAll("offsets") int yOffset) {
    f.laws().on(x, xOffset, yOffset);
  }

  @Property
  void sigmoidsOfOppositesAddUpToOne(@ForAll("floats") float x) {
    if (!Float.isNaN(x)) {
      double sum = (double) SIGMOID.of(x) + SIGMOID.of(-x);
      assertEquals(1, sum, 1.5 * Math.ulp(1f));
    }
  }
}
