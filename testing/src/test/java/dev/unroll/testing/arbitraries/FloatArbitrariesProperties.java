package dev.unroll.testing.arbitraries;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Each generator gives only what it promises, and all that it promises. */
class FloatArbitrariesProperties {

  private static final int QUIET = 0x00400000;

  @Provide
  Arbitrary<Float> moderate() {
    return FloatArbitraries.moderate(-3, 5);
  }

  @Provide
  Arbitrary<Float> subnormals() {
    return FloatArbitraries.subnormals();
  }

  @Provide
  Arbitrary<Float> nans() {
    return FloatArbitraries.nans();
  }

  @Provide
  Arbitrary<Float> neighbours() {
    return FloatArbitraries.neighbours(3, 9.0109f, Float.MAX_VALUE);
  }

  @Provide
  Arbitrary<Float> finite() {
    return FloatArbitraries.finite(88.72f);
  }

  @Provide
  Arbitrary<float[]> arrays() {
    return FloatArbitraries.arrays(FloatArbitraries.all(), 9, 4);
  }

  @Property
  boolean moderateIsZeroOrNormal(@ForAll("moderate") float x) {
    return Float.floatToRawIntBits(x) == 0 || (Math.abs(x) >= 0x1p-3 && Math.abs(x) < 0x1p6);
  }

  @Property
  boolean subnormalsAreSubnormal(@ForAll("subnormals") float x) {
    return x != 0 && Math.abs(x) < Float.MIN_NORMAL;
  }

  @Property
  boolean nansAreNan(@ForAll("nans") float x) {
    return Float.isNaN(x);
  }

  @Property
  boolean neighboursAreNear(@ForAll("neighbours") float x) {
    int bits = Float.floatToRawIntBits(Math.abs(x));
    return Math.abs(bits - Float.floatToRawIntBits(9.0109f)) <= 3
        || Math.abs(bits - Float.floatToRawIntBits(Float.MAX_VALUE)) <= 3;
  }

  @Property
  boolean finiteIsFinite(@ForAll("finite") float x) {
    return Float.isFinite(x);
  }

  @Property
  boolean arraysHaveTheirLengths(@ForAll("arrays") float[] x) {
    return x.length <= 9;
  }

  @Example
  void anyBitsReachEveryExponentAndAllSignificandBits() {
    Set<Integer> samples = samples(FloatArbitraries.anyBits(), 20_000);
    assertTrue(samples.stream().map(bits -> bits >>> 23).distinct().count() == 512);
    assertTrue(samples.stream().reduce(0, (a, b) -> a | b) == -1);
    // One sample in twenty is an edge case.
    assertTrue(samples.size() > 18_000, "nearly all different: " + samples.size());
    long small = samples.stream().filter(bits -> (bits & 0x7fffff) < 0x400000).count();
    assertTrue(small > 8_500 && small < 10_500, "uniform: " + small);
  }

  @Example
  void arraysMeetEveryTail() {
    Set<Integer> lengths =
        FloatArbitraries.arrays(FloatArbitraries.zeros(), 64, 16)
            .sampleStream()
            .limit(1000)
            .map(x -> x.length)
            .collect(Collectors.toSet());
    for (int length : new int[] {0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64}) {
      assertTrue(lengths.contains(length), "length " + length);
    }
  }

  @Example
  void nansAreQuietAndSignallingOfBothSigns() {
    Set<Integer> samples = samples(FloatArbitraries.nans(), 1000);
    assertTrue(samples.stream().anyMatch(bits -> (bits & QUIET) != 0 && bits > 0));
    assertTrue(samples.stream().anyMatch(bits -> (bits & QUIET) == 0 && bits > 0));
    assertTrue(samples.stream().anyMatch(bits -> (bits & QUIET) != 0 && bits < 0));
    assertTrue(samples.stream().anyMatch(bits -> (bits & QUIET) == 0 && bits < 0));
    assertTrue(samples.size() > 500, "payloads differ: " + samples.size());
  }

  @Example
  void edgeCasesKeepTheirBits() {
    Set<Integer> edges =
        FloatArbitraries.all().edgeCases().suppliers().stream()
            .map(supplier -> Float.floatToRawIntBits(supplier.get().value()))
            .collect(Collectors.toSet());
    for (float edge :
        new float[] {
          0.0f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN
        }) {
      assertTrue(edges.contains(Float.floatToRawIntBits(edge)), "edge " + edge);
    }
    assertTrue(edges.contains(0x007fffff), "the largest subnormal");
    assertTrue(edges.contains(0x7f800001), "a signalling NaN");
  }

  @Example
  void mixtureHasEverything() {
    Set<Integer> samples = samples(FloatArbitraries.all(2.5f), 5000);
    assertHas(samples, x -> Float.isNaN(x));
    assertHas(samples, x -> Float.isInfinite(x));
    assertHas(samples, x -> x != 0 && Math.abs(x) < Float.MIN_NORMAL);
    assertHas(samples, x -> x == Math.nextUp(2.5f));
    assertHas(samples, x -> x == -2.5f);
    assertHas(samples, x -> Float.floatToRawIntBits(x) == 0x80000000);
    assertHas(samples, x -> Math.abs(x) > 1e30f && Float.isFinite(x));
  }

  @Example
  void doublesHaveEverythingToo() {
    double[] samples =
        DoubleArbitraries.all(2.5).sampleStream().limit(5000).mapToDouble(x -> x).toArray();
    Predicate<DoublePredicate> has = wanted -> Arrays.stream(samples).anyMatch(wanted);
    assertTrue(has.test(x -> Double.isNaN(x)));
    assertTrue(has.test(x -> x == Double.NEGATIVE_INFINITY));
    assertTrue(has.test(x -> x != 0 && Math.abs(x) < Double.MIN_NORMAL));
    assertTrue(has.test(x -> x == Math.nextDown(2.5)));
    assertTrue(has.test(x -> Double.doubleToRawLongBits(x) == 1L << 63));
    assertTrue(has.test(x -> Math.abs(x) > 1e200 && Double.isFinite(x)));
    assertTrue(has.test(x -> Math.abs(x) >= 0x1p-8 && Math.abs(x) < 0x1p9));
  }

  private static Set<Integer> samples(Arbitrary<Float> arbitrary, int count) {
    return arbitrary
        .sampleStream()
        .limit(count)
        .map(x -> Float.floatToRawIntBits(x))
        .collect(Collectors.toSet());
  }

  private static void assertHas(Set<Integer> samples, Predicate<Float> wanted) {
    assertTrue(samples.stream().map(Float::intBitsToFloat).anyMatch(wanted));
  }
}
