package dev.unroll.bench.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertEquals(new Spread(1, 2, 9), Spread.of(new double[] {9, 1, 2}));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTwo() {
    assertEquals(new Spread(1, 3, 9), Spread.of(new double[] {9, 2, 4, 1}));
  }

  @Test
  void theSamplesKeepTheirOrder() {
    double[] samples = {3, 1, 2};
    assertEquals(2, Spread.median(samples));
    assertArrayEquals(new double[] {3, 1, 2}, samples);
  }

  @Test
  void noSamplesAreNoMedian() {
    assertThrows(IllegalArgumentException.class, () -> Spread.of(new double[0]));
  }
}
