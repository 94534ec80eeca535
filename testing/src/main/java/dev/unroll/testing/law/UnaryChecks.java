package dev.unroll.testing.law;

import static java.lang.Float.floatToRawIntBits;

import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/** How the laws of elementwise functions are checked. */
final class UnaryChecks {

  /** Offsets to try: none, and all remainders of 16 in the course of the lengths. */
  private static final int OFFSETS = 17;

  /** Consecutive floats from a starting point. */
  private static final int STRETCH = 80;

  private final UnaryLaws laws;
  private final UnaryCall call;

  UnaryChecks(UnaryLaws laws) {
    this.laws = laws;
    call = laws.call;
  }

  private Reproducer where(String law, int n) {
    return laws.start.with("law", law).seed(laws.seed).with("n", n);
  }

  /** Values of all kinds for one length, a function of the seed and the length. */
  private float[] values(int n) {
    return UnaryValues.mixed(n, laws.thresholds, new SplittableRandom(laws.seed + n));
  }

  private interface OfLength {
    void check(float[] x, int xOffset, int yOffset);
  }

  /** Every length up to four vectors and a tail. */
  private void lengths(OfLength law) {
    for (int n = 0; n <= 4 * laws.lanes + 3; n++) {
      law.check(values(n), n % OFFSETS, 7 * n % OFFSETS);
    }
  }

  /** A law over the sample, and over every length. */
  void anywhere(Consumer<float[]> law) {
    law.accept(sample());
    lengths((x, xOffset, yOffset) -> law.accept(x));
  }

  void position() {
    lengths(this::position);
  }

  private void position(float[] x, int xOffset, int yOffset) {
    Reproducer where = where("position", x.length).shape(xOffset + " to " + yOffset);
    GuardedFloats in = call.memory(x.length, xOffset).set(x);
    GuardedFloats out = call.memory(x.length, yOffset);
    call.apply(in, out);
    same(out.toDense(), oneByOne(x), where);
  }

  void canaries() {
    lengths(this::canaries);
  }

  private void canaries(float[] x, int xOffset, int yOffset) {
    Reproducer where = where("canaries", x.length).shape(xOffset + " to " + yOffset);
    GuardedFloats in = call.memory(x.length, xOffset).set(x);
    GuardedFloats out = call.memory(x.length, yOffset);
    call.apply(in, out);
    out.assertGuardsIntact(where);
    out.assertAllWritten(where);
    in.assertGuardsIntact(where);
  }

  void input() {
    lengths(this::input);
  }

  private void input(float[] x, int xOffset, int yOffset) {
    GuardedFloats in = call.memory(x.length, xOffset).set(x);
    Snapshot before = Snapshot.of("x", in.array());
    call.apply(in, call.memory(x.length, yOffset));
    before.assertUnmodified(where("input", x.length).shape(xOffset + " to " + yOffset));
  }

  void inPlace() {
    lengths(this::inPlace);
  }

  private void inPlace(float[] x, int offset, int unused) {
    Reproducer where = where("in place", x.length).shape(offset);
    GuardedFloats both = call.memory(x.length, offset).set(x);
    call.apply(both, both);
    both.assertGuardsIntact(where);
    same(both.toDense(), oneByOne(x), where);
  }

  void again() {
    float[] x = values(laws.samples);
    float[] first = call.apply(x);
    call.apply(values(4 * laws.lanes + 1));
    same(call.apply(x), first, where("again", x.length));
  }

  void accuracy() {
    anywhere(this::accuracy);
  }

  private void accuracy(float[] x) {
    DoubleUnaryOperator exact = laws.reference;
    if (exact != null) {
      Reproducer where = where("accuracy", x.length);
      FloatAssert.assertUlp(x, 0, call.apply(x), 0, x.length, exact, laws.maxUlp, where);
    }
  }

  void zeros() {
    zeros(sample());
  }

  private void zeros(float[] x) {
    DoubleUnaryOperator exact = laws.reference;
    float[] y = call.apply(x);
    for (int i = 0; i < x.length && exact != null; i++) {
      double right = exact.applyAsDouble(x[i]);
      if (y[i] == 0 && !Double.isNaN(right) && 1 / y[i] != Math.copySign(1 / 0.0, right)) {
        throw new AssertionError(
            "x %s gives %s, exactly %s%n%s"
                .formatted(x[i], y[i], right, where("signs of zeros", x.length).line()));
      }
    }
  }

  void nans() {
    int n = 2 * laws.lanes + 5;
    for (int pattern : UnaryValues.NANS) {
      for (int at = 0; at < n; at++) {
        float[] x = new float[n];
        x[at] = Float.intBitsToFloat(pattern);
        nans(x);
      }
    }
  }

  private void nans(float[] x) {
    float[] y = call.apply(x);
    for (int i = 0; i < x.length; i++) {
      if (Float.isNaN(x[i]) && floatToRawIntBits(y[i]) != floatToRawIntBits(x[i])) {
        throw new AssertionError(
            "index %d: NaN 0x%08x became %s (0x%08x)%n%s"
                .formatted(
                    i,
                    floatToRawIntBits(x[i]),
                    y[i],
                    floatToRawIntBits(y[i]),
                    where("NaNs", x.length).line()));
      }
    }
  }

  void mirrored(boolean odd) {
    mirrored(odd, sample());
  }

  private void mirrored(boolean odd, float[] x) {
    float[] expected = call.apply(x);
    float[] minus = x.clone();
    negate(minus);
    float[] y = call.apply(minus);
    if (odd) {
      negate(y);
    }
    for (int i = 0; i < x.length; i++) {
      if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(expected[i])) {
        throw new AssertionError(
            "f(%s) is %s, f(%s) is %s%n%s"
                .formatted(
                    x[i],
                    expected[i],
                    minus[i],
                    odd ? -y[i] : y[i],
                    where(odd ? "odd" : "even", x.length).line()));
      }
    }
  }

  private static void negate(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = -x[i];
    }
  }

  void monotone() {
    float[] x = sample();
    Arrays.sort(x);
    ascending(x);
    for (int i = 0; i < x.length; i += Math.max(1, x.length / 1000)) {
      stretch(x[i]);
    }
    for (float threshold : laws.thresholds) {
      stretch(threshold);
      stretch(-threshold);
    }
  }

  /** The floats around {@code middle}, one by one. */
  private void stretch(float middle) {
    if (Float.isNaN(middle)) {
      return;
    }
    float[] x = new float[STRETCH];
    x[STRETCH / 2] = middle;
    for (int i = STRETCH / 2 + 1; i < STRETCH; i++) {
      x[i] = Math.nextUp(x[i - 1]);
    }
    for (int i = STRETCH / 2 - 1; i >= 0; i--) {
      x[i] = Math.nextDown(x[i + 1]);
    }
    ascending(x);
  }

  private void ascending(float[] x) {
    float[] y = call.apply(x);
    for (int i = 1; i < x.length; i++) {
      if (y[i] < y[i - 1]) {
        throw new AssertionError(
            "falls from %s at %s to %s at %s%n%s"
                .formatted(y[i - 1], x[i - 1], y[i], x[i], where("monotone", x.length).line()));
      }
    }
  }

  void range(float[] x, float from, float to, float low, float high) {
    float[] y = call.apply(x);
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= from && x[i] <= to && !(y[i] >= low && y[i] <= high)) {
        throw new AssertionError(
            "f(%s) is %s, not from %s to %s%n%s"
                .formatted(x[i], y[i], low, high, where("range", x.length).line()));
      }
    }
  }

  void value(float x, float y) {
    // Alone, and in a vector.
    float[] many = new float[2 * laws.lanes];
    Arrays.fill(many, x);
    float[] expected = new float[many.length];
    Arrays.fill(expected, y);
    same(call.apply(many), expected, where("value", many.length).with("x", x));
    same(call.apply(x), new float[] {y}, where("value", 1).with("x", x));
  }

  void saturates(float[] values, float from, float y) {
    float[] x = values.clone();
    for (int i = 0; i < x.length; i++) {
      boolean beyond = from < 0 ? x[i] <= from : x[i] >= from;
      x[i] = beyond ? x[i] : from;
    }
    float[] expected = new float[x.length];
    Arrays.fill(expected, y);
    same(call.apply(x), expected, where("saturates", x.length).with("from", from));
  }

  void twin(float[] x, String other, UnaryCall twin) {
    same(call.apply(x), twin.apply(x), where("the bits of " + other, x.length));
  }

  /** Two ranges that touch but share nothing are no overlap; an empty one touches nothing. */
  void sideBySide() {
    for (int n = 0; n <= 2 * laws.lanes + 1; n++) {
      Reproducer where = where("side by side", n);
      float[] x = values(n);
      float[] both = Arrays.copyOf(x, 2 * n);
      float[] expected = both.clone();
      System.arraycopy(oneByOne(x), 0, expected, n, n);
      call.ranges().apply(both, 0, both, n, n);
      same(both, expected, where);
      call.ranges().apply(both, n, both, n / 2, 0);
      same(both, expected, where);
    }
  }

  void on(float[] x, int xOffset, int yOffset) {
    position(x, xOffset, yOffset);
    canaries(x, xOffset, yOffset);
    if (call.outOfPlace()) {
      input(x, xOffset, yOffset);
      inPlace(x, xOffset, yOffset);
    }
    if (laws.reference != null) {
      accuracy(x);
      zeros(x);
    }
    if (laws.keepsNaN) {
      nans(x);
    }
    if (laws.odd || laws.even) {
      mirrored(laws.odd, x);
    }
    laws.valueLaws.forEach(law -> law.check().accept(this, x));
    if (laws.monotone) {
      float[] sorted = x.clone();
      Arrays.sort(sorted);
      ascending(sorted);
      if (x.length > 0) {
        stretch(x[0]);
      }
    }
  }

  float[] sample() {
    return UnaryValues.sample(laws.samples, laws.thresholds);
  }

  private float[] oneByOne(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = call.apply(x[i])[0];
    }
    return y;
  }

  private static void same(float[] got, float[] expected, Reproducer where) {
    FloatAssert.assertBitsEqual(got, 0, expected, 0, expected.length, where);
  }
}
