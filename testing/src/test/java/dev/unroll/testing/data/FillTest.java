package dev.unroll.testing.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FillTest {

  private static final int MANY = 10_000;

  private static Stream<Float> values(Fill fill) {
    float[] values = fill.array(MANY, 1);
    return IntStream.range(0, MANY).mapToObj(i -> values[i]);
  }

  @ParameterizedTest
  @EnumSource
  void dependsOnSeedAndShapeOnly(Fill fill) {
    float[] dense = fill.array(6, 5);
    float[] spread = new float[20];
    Arrays.fill(spread, 77);
    fill.fill(spread, 3, 2, 3, 7, 5);
    assertArrayEquals(dense, new MatrixView(spread, 3, 7).toDense(2, 3));
    for (int i : new int[] {0, 1, 2, 6, 7, 8, 9, 13, 14, 19}) {
      assertEquals(77, spread[i], "index " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ZEROS", "ONES"})
  void anotherSeedGivesOtherData(Fill fill) {
    assertFalse(Arrays.equals(fill.array(16, 1), fill.array(16, 2)));
  }

  @Test
  void smallIntegersAreWhole() {
    assertTrue(values(Fill.SMALL_INTEGERS).allMatch(v -> v == Math.rint(v) && Math.abs(v) <= 8));
    assertEquals(17, values(Fill.SMALL_INTEGERS).distinct().count());
  }

  @Test
  void moderateHasItsExponents() {
    assertTrue(values(Fill.MODERATE).allMatch(v -> Math.abs(v) >= 0x1p-4 && Math.abs(v) < 0x1p4));
  }

  @Test
  void wideIsWideAndItsProductsDoNotOverflow() {
    assertTrue(values(Fill.WIDE).allMatch(v -> Math.abs(v) >= 0x1p-40 && Math.abs(v) < 0x1p41));
    assertTrue(values(Fill.WIDE).anyMatch(v -> Math.abs(v) > 0x1p38));
    assertTrue(values(Fill.WIDE).anyMatch(v -> Math.abs(v) < 0x1p-38));
  }

  @Test
  void halfOfSubnormalsAreSubnormal() {
    long count = values(Fill.SUBNORMALS).filter(v -> Math.abs(v) < Float.MIN_NORMAL).count();
    assertTrue(count > MANY * 4 / 10 && count < MANY * 6 / 10, "got " + count);
  }

  @Test
  void specialsHaveNansInfinitiesAndBothZeros() {
    assertTrue(values(Fill.SPECIALS).anyMatch(v -> Float.isNaN(v)));
    assertTrue(values(Fill.SPECIALS).anyMatch(v -> v == Float.NEGATIVE_INFINITY));
    assertTrue(values(Fill.SPECIALS).anyMatch(v -> Float.floatToRawIntBits(v) == 0));
    assertTrue(values(Fill.SPECIALS).anyMatch(v -> Float.floatToRawIntBits(v) == 0x80000000));
  }

  @ParameterizedTest
  @EnumSource
  void boundedMeansFinite(Fill fill) {
    assertEquals(fill.bounded(), values(fill).allMatch(v -> Float.isFinite(v)));
  }
}
