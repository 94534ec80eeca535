package dev.unroll.kernel;

import static dev.unroll.kernel.ActivationFunction.SIGMOID;
import static dev.unroll.kernel.ActivationFunction.TANH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.Platform;
import dev.unroll.internal.scalar.ScalarKernels;
import dev.unroll.kernel.ActivationFunction.Symmetry;
import dev.unroll.testing.arbitraries.FloatArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class ActivationsProperties {

  /** Where a function saturates, underflows, overflows or rounds its n to another integer. */
  private static final float[] THRESHOLDS = {
    0.1732868f,
    0.3465736f,
    0.5198604f,
    1.0397208f,
    8.66434f,
    9.010914f,
    9.5f,
    16.635532f,
    17.32868f,
    20f,
    52.67917f,
    54f,
    87.33655f,
    88.72284f,
    90f,
    103.27893f,
    103.97208f,
    105f
  };

  private static final int LANES = Math.max(1, Platform.current().vectorBits() / Float.SIZE);

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

  @Property
  void withinItsLimit(@ForAll ActivationFunction f, @ForAll("inputs") float[] x) {
    float[] y = new float[x.length];
    f.arrays.apply(x, y);
    FloatAssert.assertUlp(x, 0, y, 0, x.length, f.reference, f.limit, reproducer(f, x));
  }

  /**
   * Position, length, offsets, tails, canaries and inputs at once: a range gives what its elements
   * give one by one, writes all of it, and touches nothing else.
   */
  @Property
  void aRangeIsItsElementsAndNothingElse(
      @ForAll ActivationFunction f,
      @ForAll("inputs") float[] values,
      @ForAll("offsets") int xOffset,
      @ForAll("offsets") int yOffset) {
    int n = values.length;
    Reproducer where = reproducer(f, values).with("xOffset", xOffset).with("yOffset", yOffset);
    GuardedFloats x = GuardedFloats.vector(n, xOffset).set(values);
    GuardedFloats y = GuardedFloats.vector(n, yOffset);
    Snapshot input = Snapshot.of("x", x.array());
    f.ranges.apply(x.array(), xOffset, y.array(), yOffset, n);
    input.assertUnmodified(where);
    y.assertGuardsIntact(where);
    y.assertAllWritten(where);
    FloatAssert.assertRawBitsEqual(y.array(), yOffset, oneByOne(f, values), 0, n, where);
  }

  @Property
  void inPlaceEqualsOutOfPlace(
      @ForAll ActivationFunction f,
      @ForAll("inputs") float[] values,
      @ForAll("offsets") int offset) {
    int n = values.length;
    Reproducer where = reproducer(f, values).with("offset", offset);
    GuardedFloats x = GuardedFloats.vector(n, offset).set(values);
    f.ranges.apply(x.array(), offset, x.array(), offset, n);
    x.assertGuardsIntact(where);
    FloatAssert.assertRawBitsEqual(x.array(), offset, oneByOne(f, values), 0, n, where);
  }

  @Property
  void theTwinsAgreeInBits(@ForAll ActivationFunction f, @ForAll("inputs") float[] x) {
    float[] y = new float[x.length];
    float[] scalar = new float[x.length];
    f.arrays.apply(x, y);
    f.of(new ScalarKernels().activations()).apply(x, 0, scalar, 0, x.length);
    FloatAssert.assertRawBitsEqual(y, 0, scalar, 0, x.length, reproducer(f, x));
  }

  @Property
  void oddAndEvenInBits(@ForAll ActivationFunction f, @ForAll("inputs") float[] x) {
    if (f.symmetry == Symmetry.NONE) {
      return;
    }
    float[] mirrored = new float[x.length];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      mirrored[i] = -x[i];
    }
    f.arrays.apply(x, y);
    f.arrays.apply(mirrored, mirrored);
    for (int i = 0; i < x.length && f.symmetry == Symmetry.ODD; i++) {
      mirrored[i] = -mirrored[i];
    }
    FloatAssert.assertBitsEqual(mirrored, 0, y, 0, x.length, reproducer(f, x));
  }

  /** From one float to the next, over a stretch that starts anywhere. */
  @Property
  void monotone(@ForAll ActivationFunction f, @ForAll("floats") float start) {
    if (!f.monotone || Float.isNaN(start)) {
      return;
    }
    float[] x = new float[5 * LANES];
    x[0] = start;
    for (int i = 1; i < x.length; i++) {
      x[i] = Math.nextUp(x[i - 1]);
    }
    float[] y = new float[x.length];
    f.arrays.apply(x, y);
    for (int i = 1; i < x.length; i++) {
      int at = i;
      assertTrue(y[i - 1] <= y[i], () -> "index " + at + " " + reproducer(f, x).line());
    }
  }

  @Property
  void rangesOfTheResults(@ForAll("floats") float x) {
    if (Float.isNaN(x)) {
      return;
    }
    for (ActivationFunction f : ActivationFunction.values()) {
      float y = f.of(x);
      float low = f == TANH ? -1 : 0;
      float high =
          switch (f) {
            case EXP, RELU -> Float.POSITIVE_INFINITY;
            case SIGMOID_GRAD_FROM_INPUT -> 0.25f;
            default -> 1;
          };
      boolean fromOutput =
          f == ActivationFunction.TANH_GRAD_FROM_OUTPUT
              || f == ActivationFunction.SIGMOID_GRAD_FROM_OUTPUT;
      // The derivatives from an output mean something for outputs only.
      if (!fromOutput || (x >= 0 && x <= 1)) {
        assertTrue(y >= low && y <= high, () -> f + " of " + x + " is " + y);
      }
    }
  }

  @Property
  void sigmoidsOfOppositesAddUpToOne(@ForAll("floats") float x) {
    if (!Float.isNaN(x)) {
      double sum = (double) SIGMOID.of(x) + SIGMOID.of(-x);
      assertEquals(1, sum, 1.5 * Math.ulp(1f));
    }
  }

  private static float[] oneByOne(ActivationFunction f, float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = f.of(x[i]);
    }
    return y;
  }

  private static Reproducer reproducer(ActivationFunction f, float[] x) {
    Platform platform = Platform.current();
    return Reproducer.of(f.name())
        .twin(platform.twin().toString())
        .width(platform.vectorBits())
        .shape(x.length)
        .with("x", Arrays.toString(x));
  }
}
