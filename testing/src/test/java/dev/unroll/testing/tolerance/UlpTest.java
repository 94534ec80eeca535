package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UlpTest {

  private static final float INF = Float.POSITIVE_INFINITY;

  /** The real number that lies half way between the largest float and 2^128. */
  private static final double OVERFLOW_TIE = 0x1p128 - 0x1p103;

  @Test
  void unitIsTheSpacingOfTheBinade() {
    assertEquals(0x1p-23, Ulp.size(1.0));
    assertEquals(0x1p-24, Ulp.size(Math.nextDown(1.0)));
    assertEquals(0x1p-22, Ulp.size(-2.0));
    assertEquals(0x1p104, Ulp.size(Float.MAX_VALUE));
    assertEquals(0x1p-148, Ulp.size(0x1p-125));
  }

  @Test
  void unitIsConstantBelowTheSmallestNormal() {
    assertEquals(0x1p-149, Ulp.size(Float.MIN_NORMAL));
    assertEquals(0x1p-149, Ulp.size(0x1.8p-127));
    assertEquals(0x1p-149, Ulp.size(Float.MIN_VALUE));
    assertEquals(0x1p-149, Ulp.size(Double.MIN_VALUE));
    assertEquals(0x1p-149, Ulp.size(0.0));
  }

  @Test
  void errorOfNormals() {
    assertEquals(0, Ulp.error(1.0f, 1.0));
    assertEquals(1, Ulp.error(Math.nextUp(1.0f), 1.0));
    assertEquals(0.5, Ulp.error(Math.nextDown(1.0f), 1.0), "the float below 1 is half a unit away");
    assertEquals(0.25, Ulp.error(1.0f, 1.0 + 0x1p-25));
    assertEquals(0x1p-16, Ulp.error(1.0f, 1.0 - 0x1p-40), "just below 1 the unit is halved");
    assertEquals(0x1p25, Ulp.error(-1.0f, Math.nextDown(1.0)), 1e-6);
  }

  @Test
  void errorOfSubnormals() {
    assertEquals(1, Ulp.error(Float.MIN_VALUE, 0.0));
    assertEquals(0.5, Ulp.error(0.0f, 0x1p-150));
    assertEquals(0.5, Ulp.error(Float.MIN_VALUE, 0x1.8p-149));
    assertEquals(2, Ulp.error(-Float.MIN_VALUE, 0x1p-149));
    assertEquals(0.75, Ulp.error(Float.MIN_NORMAL, 0x1p-126 - 0.75 * 0x1p-149));
  }

  @Test
  void errorAtZero() {
    assertEquals(0, Ulp.error(0.0f, 0.0));
    assertEquals(0, Ulp.error(-0.0f, 0.0));
    assertEquals(0, Ulp.error(0.0f, -0.0));
    assertEquals(0x1p149, Ulp.error(1.0f, 0.0));
  }

  @Test
  void errorAtTheOverflowBoundary() {
    assertEquals(0.5, Ulp.error(INF, OVERFLOW_TIE));
    assertEquals(0.5, Ulp.error(Float.MAX_VALUE, OVERFLOW_TIE));
    assertEquals(1, Ulp.error(INF, Float.MAX_VALUE));
    assertEquals(0.5, Ulp.error(Float.MAX_VALUE, 0x1p128), "the unit doubles at 2^128");
    assertEquals(0, Ulp.error(INF, 0x1p128));
    assertEquals(0, Ulp.error(INF, 1e300));
    assertEquals(0, Ulp.error(-INF, -1e300));
    assertEquals(0x1p23, Ulp.error(INF, 0x1p127), "far too early");
  }

  @Test
  void infinitiesAndNans() {
    assertEquals(0, Ulp.error(INF, Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.error(-INF, Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.error(Float.MAX_VALUE, Double.POSITIVE_INFINITY));
    assertEquals(true, Ulp.error(-INF, 1e300) > 0x1p23, "the wrong sign is never right");
    assertEquals(true, Ulp.error(INF, 0.0) > 0x1p270);
    assertEquals(0, Ulp.error(Float.NaN, Double.NaN));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.error(Float.NaN, 1.0));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.error(1.0f, Double.NaN));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.error(Float.NaN, Double.POSITIVE_INFINITY));
  }

  @Test
  void distanceCountsFloats() {
    assertEquals(0, Ulp.distance(1.0f, 1.0f));
    assertEquals(1, Ulp.distance(1.0f, Math.nextUp(1.0f)));
    assertEquals(1, Ulp.distance(1.0f, Math.nextDown(1.0f)));
    assertEquals(0, Ulp.distance(-0.0f, 0.0f));
    assertEquals(2, Ulp.distance(-Float.MIN_VALUE, Float.MIN_VALUE));
    assertEquals(1, Ulp.distance(Float.MIN_NORMAL, Math.nextDown(Float.MIN_NORMAL)));
    assertEquals(1 << 23, Ulp.distance(1.0f, 2.0f));
    assertEquals(1, Ulp.distance(Float.MAX_VALUE, INF));
    assertEquals(2L * 0x7f800000, Ulp.distance(-INF, INF), "more than an int holds");
  }

  @Test
  void distanceOfNans() {
    assertEquals(0, Ulp.distance(Float.NaN, Float.intBitsToFloat(0xff800001)));
    assertEquals(Long.MAX_VALUE, Ulp.distance(Float.NaN, INF));
    assertEquals(Long.MAX_VALUE, Ulp.distance(0.0f, Float.NaN));
  }
}
