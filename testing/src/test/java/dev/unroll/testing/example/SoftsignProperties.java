package dev.unroll.testing.example;

import dev.unroll.testing.arbitraries.FloatArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SoftsignProperties {

  /** The kernel under test: y = x / (1 + |x|). */
  static void softsign(float[] x, float[] y, int yOffset) {
    for (int i = 0; i < x.length; i++) {
      y[yOffset + i] = x[i] / (1 + Math.abs(x[i]));
    }
  }

  /** Floats of all kinds, some of them near 1 and 2^24; lengths around 8 and 16 lanes. */
  @Provide
  Arbitrary<float[]> inputs() {
    return FloatArbitraries.arrays(FloatArbitraries.finite(1, 0x1p24f), 70, 8, 16);
  }

  @Provide
  Arbitrary<Integer> offsets() {
    return ShapeArbitraries.offsets();
  }

  @Property
  void accurateAndTidy(@ForAll("inputs") float[] x, @ForAll("offsets") int offset) {
    Reproducer where = Reproducer.of("softsign").shape("n=" + x.length + " offset=" + offset);
    GuardedFloats y = GuardedFloats.vector(x.length, offset);
    Snapshot before = Snapshot.of("x", x);

    softsign(x, y.array(), y.offset());

    // Rounding 1 + |x| costs at most 1 ULP of the quotient, rounding the quotient one half.
    FloatAssert.assertUlp(
        x, 0, y.array(), y.offset(), x.length, v -> v / (1 + Math.abs(v)), 1.5, where);
    y.assertGuardsIntact(where);
    before.assertUnmodified(where);
  }
}
