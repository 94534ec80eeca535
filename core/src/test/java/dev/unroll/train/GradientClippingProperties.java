package dev.unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of clipping by norm. */
class GradientClippingProperties {

  /** What rounding n floats does to a sum of n squares in double precision is far below this. */
  private static final double ROUNDING = 0x1p-24 * 1.01;

  @Property(tries = 300)
  void theNewNormIsTheSmallerOfNormAndThreshold(
      @ForAll @IntRange(min = 0, max = 40) int length,
      @ForAll @IntRange(min = -12, max = 12) int exponent,
      @ForAll long seed) {
    float[] g = Fill.MODERATE.array(length, seed);
    double threshold = Math.scalb(1.0, exponent);
    double before = GradientClipping.norm(g);
    GradientClipping.byNorm(threshold, g);
    double expected = Math.min(before, threshold);
    assertEquals(expected, GradientClipping.norm(g), ROUNDING * expected);
  }

  @Property(tries = 300)
  void theDirectionStays(@ForAll @IntRange(min = 1, max = 40) int length, @ForAll long seed) {
    float[] g = Fill.MODERATE.array(length, seed);
    float[] before = g.clone();
    GradientClipping.byNorm(0.01, g);
    double dot = 0;
    for (int i = 0; i < length; i++) {
      dot += (double) g[i] * before[i];
    }
    // Each element is off by 2^-24 of itself at most, so the angle is too: its cosine by the
    // square.
    double cosine = dot / GradientClipping.norm(g) / GradientClipping.norm(before);
    assertTrue(cosine >= 1 - 1e-14, "cosine " + cosine);
  }

  @Property(tries = 300)
  void clippingAgainChangesOneUlpAtMost(
      @ForAll @IntRange(min = 0, max = 40) int length, @ForAll long seed) {
    float[] once = Fill.MODERATE.array(length, seed);
    GradientClipping.byNorm(0.5, once);
    float[] twice = once.clone();
    GradientClipping.byNorm(0.5, twice);
    for (int i = 0; i < length; i++) {
      assertEquals(once[i], twice[i], Math.ulp(once[i]));
    }
  }

  @Property(tries = 100)
  void howTheVectorIsCutIntoArraysDoesNotMatter(
      @ForAll @IntRange(min = 1, max = 40) int length, @ForAll long seed) {
    float[] whole = Fill.MODERATE.array(length, seed);
    float[] left = Arrays.copyOfRange(whole, 0, length / 2);
    float[] right = Arrays.copyOfRange(whole, length / 2, length);
    GradientClipping.byNorm(1, whole);
    GradientClipping.byNorm(1, left, new float[0], right);
    assertArrayEquals(Arrays.copyOfRange(whole, 0, length / 2), left);
    assertArrayEquals(Arrays.copyOfRange(whole, length / 2, length), right);
  }
}
