package dev.unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class GradientClippingTest {

  @Test
  void clipsAllArraysAsOneVector() {
    float[] first = {3};
    float[] second = {0, -4};
    GradientClipping.Result result = GradientClipping.byNorm(1, first, second);
    assertEquals(5, result.norm(), 0);
    assertEquals(0.2, result.scale(), 0);
    assertTrue(result.clipped());
    assertArrayEquals(new float[] {0.6f}, first);
    assertArrayEquals(new float[] {0, -0.8f}, second);
  }

  @Test
  void leavesWhatIsShortEnough() {
    float[] g = {3, 4};
    assertFalse(GradientClipping.byNorm(5, g).clipped());
    assertArrayEquals(new float[] {3, 4}, g);
    assertEquals(0, GradientClipping.byNorm(1, new float[3]).norm(), 0);
    assertEquals(0, GradientClipping.byNorm(1).norm(), 0);
    assertEquals(1, GradientClipping.byNorm(Double.POSITIVE_INFINITY, g).scale(), 0);
  }

  @Test
  void normsNeitherOverflowNorUnderflow() {
    float[] large = {Float.MAX_VALUE, Float.MAX_VALUE};
    assertEquals(Math.sqrt(2) * Float.MAX_VALUE, GradientClipping.norm(large), 1e23);
    GradientClipping.byNorm(1, large);
    assertEquals(1, GradientClipping.norm(large), 1e-7);
    float[] small = {3 * Float.MIN_VALUE, 4 * Float.MIN_VALUE};
    assertEquals(5.0 * Float.MIN_VALUE, GradientClipping.norm(small), 0);
  }

  @Test
  void doesWithNonFiniteGradientsWhatTheCallerSays() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] g = {1, bad};
      float[] other = {2};
      ArithmeticException refused =
          assertThrows(ArithmeticException.class, () -> GradientClipping.byNorm(1, g, other));
      assertTrue(String.valueOf(refused.getMessage()).contains("norm"));
      assertArrayEquals(new float[] {1, bad}, g);
      GradientClipping.Result left = GradientClipping.byNorm(1, NonFinitePolicy.LEAVE, g, other);
      assertFalse(left.finite());
      assertFalse(left.clipped());
      assertArrayEquals(new float[] {1, bad}, g);
      GradientClipping.Result zeroed = GradientClipping.byNorm(1, NonFinitePolicy.ZERO, g, other);
      assertFalse(zeroed.finite());
      assertEquals(0, zeroed.scale(), 0);
      assertArrayEquals(new float[2], g);
      assertArrayEquals(new float[1], other);
    }
  }

  @Test
  void clippingByElementCanTurnADescentAround() {
    float[] components = {10, -9.5f, -0.4f};
    assertEquals(0.1f, sum(components), 1e-6f);
    assertEquals(2, GradientClipping.byElement(1, components));
    assertEquals(-0.4f, sum(components), 1e-6f);
    float[] again = {10, -9.5f, -0.4f};
    GradientClipping.byNorm(1, again);
    assertTrue(sum(again) > 0);
  }

  private static float sum(float[] terms) {
    return terms[0] + terms[1] + terms[2];
  }

  @Test
  void clipsElementsAtTheThreshold() {
    float[] g = {-3, -1, 0.5f, Float.NaN, Float.NEGATIVE_INFINITY, -0.0f};
    assertEquals(2, GradientClipping.byElement(1, g));
    assertArrayEquals(new float[] {-1, -1, 0.5f, Float.NaN, -1, -0.0f}, g);
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesBadArgumentsBeforeItWrites() {
    float[] g = {5};
    for (double threshold : new double[] {0, -1, Double.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> GradientClipping.byNorm(threshold, g))
              .getMessage();
      assertTrue(String.valueOf(message).contains("threshold"));
      assertThrows(
          IllegalArgumentException.class, () -> GradientClipping.byElement((float) threshold, g));
    }
    assertThrows(NullPointerException.class, () -> GradientClipping.byElement(1, g, null));
    assertThrows(NullPointerException.class, () -> GradientClipping.byNorm(1, g, null));
    assertArrayEquals(new float[] {5}, g);
  }

  @Test
  void averagesNorms() {
    AverageNorm average = new AverageNorm(0.5);
    assertTrue(Double.isNaN(average.value()));
    average.add(4);
    assertEquals(4, average.value(), 0);
    average.add(1);
    assertEquals(2, average.value(), 0);
    average.add(Double.NaN);
    assertEquals(2, average.value(), 0);
    assertEquals(1, average.nonFinite());
    assertThrows(IllegalArgumentException.class, () -> new AverageNorm(1));
  }

  @Test
  void writesInPlace() {
    float[] g = {2};
    float[] same = g;
    GradientClipping.byNorm(1, g);
    assertSame(same, g);
    assertEquals(1, g[0], 0);
  }
}
