package dev.unroll.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The detector on data whose number of modes is known. */
class BimodalityTest {

  private static final int TRIALS = 400;

  /** How often two modes are seen in samples of this kind. */
  private static double seen(int n, ToDoubleFunction<SplittableRandom> draw) {
    SplittableRandom random = new SplittableRandom(11);
    int seen = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] figures = new double[n];
      for (int i = 0; i < n; i++) {
        figures[i] = draw.applyAsDouble(random);
      }
      if (Bimodality.of(figures).twoModes()) {
        seen++;
      }
    }
    return (double) seen / TRIALS;
  }

  // The level is 1 %: of 400 trials, 4 are expected and more than 12 come once in 5000 times.
  @ParameterizedTest
  @ValueSource(ints = {6, 10, 20})
  void aNormalModeIsOne(int n) {
    double seen = seen(n, r -> 100 + 5 * r.nextGaussian());
    assertTrue(seen <= 0.03, () -> "seen in " + seen);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 10, 20})
  void aFlatModeIsOne(int n) {
    double seen = seen(n, r -> r.nextDouble(80, 120));
    assertTrue(seen <= 0.03, () -> "seen in " + seen);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 10, 20})
  void aLongTailIsNoMode(int n) {
    double seen = seen(n, r -> 100 + 5 * r.nextExponential());
    assertTrue(seen <= 0.03, () -> "seen in " + seen);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20})
  void modesThatScatterByAFifteenthOfTheirDistanceAreSeen(int n) {
    // Of ten forks, fewer than two fall into a mode that takes half of them once in 50 times.
    double seen = seen(n, r -> (r.nextBoolean() ? 100 : 85) + r.nextGaussian());
    assertTrue(seen >= 0.93, () -> "seen in " + seen);
  }

  @Test
  void aRareModeIsSeen() {
    double[] figures = {100, 101, 99, 100.5, 99.5, 100.2, 99.8, 60, 61, 100.1};
    Bimodality modes = Bimodality.of(figures);
    assertTrue(modes.twoModes(), modes::toString);
    assertEquals(2, modes.below());
    assertEquals(60.5, modes.low(), 1e-9);
  }

  @Test
  void modesThatMatterToNobodyAreNotReported() {
    assertFalse(
        Bimodality.of(new double[] {100, 100.1, 100, 101, 101.1, 101, 100, 101}).twoModes());
  }

  @Test
  void constantsHaveOneMode() {
    assertFalse(Bimodality.of(new double[] {5, 5, 5, 5, 5, 5, 5}).twoModes());
    assertTrue(Bimodality.of(new double[] {5, 5, 5, 5, 7, 7, 7}).twoModes());
  }

  @Test
  void theStatisticDoesNotDependOnUnits() {
    double[] figures = {3, 4, 3.5, 9, 8.5, 9.5, 3.2};
    double[] others = new double[figures.length];
    for (int i = 0; i < others.length; i++) {
      others[i] = 1000 * figures[i] + 17;
    }
    assertEquals(Bimodality.of(figures).statistic(), Bimodality.of(others).statistic(), 1e-9);
    assertEquals(Bimodality.of(figures).pValue(), Bimodality.of(others).pValue());
  }

  @Test
  void fiveFiguresShowNothing() {
    assertThrows(IllegalArgumentException.class, () -> Bimodality.of(new double[5]));
  }
}
