package dev.unroll.flow.attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.Approx;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class LandscapeTest {

  private static final WallLandscape WALL = WallLandscape.paper();

  /** Three significant digits, as given. */
  private static void digits(double expected, double actual, int digits) {
    double unit = StrictMath.pow(10, Math.floor(StrictMath.log10(Math.abs(expected))) - digits + 1);
    assertEquals(expected, actual, 0.5001 * unit);
  }

  @Test
  void theArticlesLandscapeJumps() {
    AttractorLandscape article = AttractorLandscape.article(50);
    Landscape.Point above = article.at(5, -2.5 + 1e-3);
    digits(2.79e-7, above.error(), 3);
    digits(3.46e-4, above.db(), 3);
    Landscape.Point justAbove = article.at(5, -2.5 + 1e-6);
    assertEquals(.568822, justAbove.state(), 5e-7);
    digits(-3.80e4, justAbove.db(), 3);
    Landscape.Point justBelow = article.at(5, -2.5 - 1e-6);
    assertEquals(.431178, justBelow.state(), 5e-7);
    digits(-5.63e4, justBelow.db(), 3);
    Landscape.Point below = article.at(5, -2.5 - 1e-3);
    assertEquals(.504850, below.error(), 5e-7);
    digits(-.466, below.db(), 3);
    AttractorLandscape later = AttractorLandscape.article(200);
    digits(4.3e-8, later.at(5, -2.5 + 1e-6).error(), 2);
    assertEquals(.504393, later.at(5, -2.5 - 1e-6).error(), 5e-7);
    // The limits: from the attractors themselves.
    OneNeuron neuron = new OneNeuron(5, -2.5);
    digits(4.24e-8, square(.855 - neuron.highest().x()), 3);
    assertEquals(.504392, square(.855 - neuron.lowest().x()), 5e-7);
  }

  private static double square(double x) {
    return x * x;
  }

  @ParameterizedTest
  @CsvSource({
    "5, -2.5, .0240888688134, .0863116695, .100925018",
    "5, -2, .0555854941196, .0379183435, .0405211914",
    "5, -3, .404198103021, -.00701883751, -.109269412",
    "3, -1, .0108480459513, .0500095244, .0621889928",
    "1, 0, .00167722451289, -.0156453577, -.0237393992",
    "0, 0, .04, -.05, -.1"
  })
  void errorsAndGradients(double w, double b, double error, double dw, double db) {
    Landscape.Point point = WALL.at(w, b);
    Approx.relative(error, point.error(), 1e-11);
    Approx.relative(dw, point.dw(), 1e-8);
    Approx.relative(db, point.db(), 1e-8);
  }

  @ParameterizedTest
  @CsvSource({
    "4.5, -2.301066990, 1.057516705, 267.432001, 11.4804",
    "5, -2.612296656, 1.175018561, 18155.808180, 779.398",
    "5.5, -2.923526322, 1.292520417, 1275596.3167, 5.47592e4",
    "6, -3.234755987, 1.410022273, 70549052.408, 3.02855e6",
    "7, -3.857215318, 1.645025985, 9.9784002e10, 4.28356e9"
  })
  void theWallInClosedForm(double w, double b, double m, double sensitivity, double slope) {
    assertEquals(b, WALL.wall(w), 5e-10);
    assertEquals(m, WALL.wallMultiplier(w), 5e-10);
    digits(slope, WALL.wallSlope(w), 6);
    Approx.relative(sensitivity, WALL.wallSensitivity(w), 5e-9);
    // x_0 is the fixed point there.
    double s = 1 / (1 + StrictMath.exp(-0.5));
    assertEquals(0.5, w * s + WALL.wall(w), 1e-15);
  }

  @Test
  void gradientsOnTheWallAreThoseOfTheClosedForm() {
    // What rounding puts beside the wall grows with m^T as well: 1e-16 m^50 is below 1e-9 up to
    // w = 5.5 only, so that is how far sensitivities along the trajectory can be compared.
    for (double w : new double[] {4.5, 5, 5.2}) {
      Landscape.Point point = WALL.at(w, WALL.wall(w));
      Approx.relative(WALL.wallSlope(w), point.slope(), 1e-9);
    }
  }

  @Test
  void theWallSeparatesSmallErrorsFromLarge() {
    assertEquals(4.255251930, WALL.wallBegins(), 5e-10);
    assertEquals(.010047, WALL.at(5, WALL.wall(5) + 1e-3).error(), 5e-7);
    assertEquals(.341649, WALL.at(5, WALL.wall(5) - 1e-3).error(), 5e-7);
    assertThrows(IllegalArgumentException.class, () -> WALL.wall(4.2));
  }

  @Test
  void errorsVanishOnTheCurveOfZeroError() {
    assertEquals(0.8472978603872037 - 0.7 * 3, WALL.zeroError(3), 1e-15);
    // Close enough to the curve's end the fixed point is approached slowly; not so at w = 2.
    assertTrue(WALL.at(2, WALL.zeroError(2)).error() < 1e-20);
  }

  @Test
  void gradientsAreThoseOfTheErrors() {
    double h = 1e-6;
    for (Landscape landscape : new Landscape[] {WALL, AttractorLandscape.article(20)}) {
      Landscape.Point point = landscape.at(4.7, -2.2);
      double byW =
          (landscape.at(4.7 + h, -2.2).error() - landscape.at(4.7 - h, -2.2).error()) / (2 * h);
      double byB =
          (landscape.at(4.7, -2.2 + h).error() - landscape.at(4.7, -2.2 - h).error()) / (2 * h);
      assertEquals(byW, point.dw(), 1e-7);
      assertEquals(byB, point.db(), 1e-7);
    }
  }

  @Test
  void clippingKeepsTheDescentInPlace() {
    double wall = WALL.wall(5);
    Descent unclipped = Descent.run(WALL, 5, wall, 0.1, Double.POSITIVE_INFINITY, 400);
    assertEquals(77.9, unclipped.longestStep(), 0.05);
    assertEquals(46.19, unclipped.path().get(1).w(), 5e-3);
    assertEquals(63.56, unclipped.path().get(1).b(), 5e-3);
    assertEquals(0.0900, unclipped.last().point().error(), 1e-4);
    Descent clipped = Descent.run(WALL, 5, wall, 0.1, 1, 400);
    assertTrue(clipped.longestStep() <= 0.1 * (1 + 1e-12));
    assertEquals(.345, clipped.largestError(), 5e-4);
    // The path's end depends on roundings at the wall, where they grow ten-thousandfold; the valley
    // that it ends in does not.
    assertTrue(clipped.last().point().error() < 1e-3);
    assertEquals(4.374, clipped.last().w(), 0.02);
    assertEquals(-2.2105, clipped.last().b(), 0.02);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.02})
  void clippedDescentsBesideTheWallEndInTheValley(double beside) {
    // Where they cross the wall, and so where they end exactly, depends on the start's last bits.
    double b = WALL.wall(5) + beside;
    Descent kept = Descent.run(WALL, 5, b, 0.1, 1, 400);
    assertTrue(kept.last().point().error() < 1e-3);
    assertThrows(IllegalArgumentException.class, () -> Descent.run(WALL, 5, b, 0.1, 0, 1));
  }
}
