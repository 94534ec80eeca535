package dev.unroll.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.stats.Verdict.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static Measurement rates(double... forks) {
    return measured(true, forks);
  }

  private static Measurement measured(boolean higherIsBetter, double... forks) {
    List<double[]> each = Arrays.stream(forks).mapToObj(f -> new double[] {f}).toList();
    return new Measurement("g", "s", "c", "u", higherIsBetter, each, Map.of());
  }

  private static Kind judge(Measurement before, Measurement after) {
    return Verdict.of(before, after, 0.03, 0.99).kind();
  }

  @Test
  void tellsSlowerFasterAndSame() {
    Measurement before = rates(100, 100.2, 99.8, 100.1, 99.9);
    assertEquals(Kind.SLOWER, judge(before, rates(90, 90.2, 89.8, 90.1, 89.9)));
    assertEquals(Kind.FASTER, judge(before, rates(110, 110.2, 109.8, 110.1, 109.9)));
    assertEquals(Kind.SAME, judge(before, rates(100.5, 100.7, 100.3, 100.6, 100.4)));
  }

  @Test
  void aLongerTimeIsSlower() {
    Measurement before = measured(false, 100, 100.2, 99.8);
    assertEquals(Kind.SLOWER, judge(before, measured(false, 120, 120.2, 119.8)));
    assertEquals(Kind.FASTER, judge(before, measured(false, 80, 80.2, 79.8)));
  }

  @Test
  void refusesWhenTheNoiseIsTooHigh() {
    Verdict verdict = Verdict.of(rates(100, 80, 120, 95), rates(90, 70, 115, 99), 0.03, 0.99);
    assertEquals(Kind.UNDECIDED, verdict.kind());
    assertEquals("too noisy", verdict.reason());
  }

  @Test
  void refusesASingleJvm() {
    Verdict verdict = Verdict.of(rates(100), rates(50, 51), 0.03, 0.99);
    assertEquals(Kind.UNDECIDED, verdict.kind());
    assertTrue(verdict.reason().contains("single"));
  }

  @Test
  void refusesTwoModes() {
    Verdict verdict =
        Verdict.of(
            rates(100, 100.1, 99.9, 50, 50.1, 49.9, 100, 50),
            rates(20, 20.1, 19.9, 20, 20.1, 19.9, 20, 20),
            0.03,
            0.99);
    assertEquals(Kind.UNDECIDED, verdict.kind());
    assertEquals("two modes", verdict.reason());
  }

  /** Welch's interval for equal sizes and variances is Student's: checked against a table. */
  @Test
  void theIntervalIsStudents() {
    double[] before = {Math.exp(-0.1), Math.exp(0), Math.exp(0.1)};
    double[] after = {Math.exp(0.9), Math.exp(1), Math.exp(1.1)};
    RatioInterval interval = RatioInterval.of(before, after, 0.95);
    // Variance 0.01 each, standard error sqrt(0.02 / 3), 4 degrees of freedom: t = 2.776445.
    double half = 2.776445 * Math.sqrt(0.02 / 3);
    assertEquals(Math.E, interval.ratio(), 1e-12);
    assertEquals(Math.exp(1 - half), interval.low(), 1e-5);
    assertEquals(Math.exp(1 + half), interval.high(), 1e-5);
  }

  /** Of 1000 intervals of 90 %, 900 contain the truth; 3.3 standard deviations are 31. */
  @Test
  void theIntervalCoversTheTruthAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(5);
    int covered = 0;
    for (int trial = 0; trial < 1000; trial++) {
      double[] before = random.doubles(5).map(u -> Math.exp(0.02 * gaussian(random))).toArray();
      double[] after = random.doubles(5).map(u -> Math.exp(0.02 * gaussian(random))).toArray();
      RatioInterval interval = RatioInterval.of(before, after, 0.9);
      if (interval.low() <= 1 && 1 <= interval.high()) {
        covered++;
      }
    }
    assertEquals(900, covered, 31);
  }

  private static double gaussian(SplittableRandom random) {
    return random.nextGaussian();
  }

  @Test
  void anIntervalNeedsPositiveFigures() {
    double[] good = {1, 2};
    assertThrows(
        IllegalArgumentException.class, () -> RatioInterval.of(good, new double[] {0, 1}, 0.9));
    assertThrows(
        IllegalArgumentException.class, () -> RatioInterval.of(good, new double[] {1}, 0.9));
  }
}
