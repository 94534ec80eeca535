package dev.unroll.testing.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.gradient.Derivative.Kind;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class DerivativeTest {

  private static void assertSmooth(double expected, DoubleUnaryOperator f) {
    Derivative got = Derivative.of(f);
    assertEquals(Kind.SMOOTH, got.kind(), got.toString());
    assertTrue(Math.abs(got.value() - expected) <= 8 * got.error() + Math.ulp(expected), got + "");
    assertTrue(got.error() <= 1e-9 * Math.max(1, Math.abs(expected)), got.toString());
  }

  private static double relu(double x) {
    return Math.max(0, x);
  }

  @Test
  void smoothFunctions() {
    assertSmooth(1, Math::sin);
    assertSmooth(1, Math::exp);
    assertSmooth(Math.E, h -> Math.exp(1 + h));
    assertSmooth(1 / Math.pow(Math.cosh(2), 2), h -> Math.tanh(2 + h));
    assertSmooth(-3, h -> 7 - 3 * h);
    assertSmooth(0, h -> 5);
    assertSmooth(0, h -> h * h);
    assertSmooth(0, h -> 1 + Math.cos(h));
    assertSmooth(12, h -> Math.pow(2 + h, 3));
    assertSmooth(10, h -> Math.sin(10 * h) + 2);
  }

  @Test
  void aKinkAtThePointIsNoDerivative() {
    // A central difference gives 0 and 1/2 here, at every step size.
    assertEquals(Kind.KINK, Derivative.of(Math::abs).kind());
    assertEquals(Kind.KINK, Derivative.of(DerivativeTest::relu).kind());
    assertEquals(Kind.KINK, Derivative.of(h -> Math.exp(h) + 0.01 * relu(h)).kind());
    assertEquals(Kind.KINK, Derivative.of(h -> Math.sin(h) + 1e-4 * Math.abs(h)).kind());
    assertEquals(Kind.KINK, Derivative.of(h -> relu(h - 1e-9)).kind());
  }

  /** The error says so even where the kind is not asked for: the true slopes lie within it. */
  @Test
  void theErrorCoversBothSlopesOfAKink() {
    Derivative got = Derivative.of(h -> h < 0 ? -h : 3 * h);
    assertEquals(1, got.value(), 1e-9);
    assertEquals(2, got.error(), 1e-6);
  }

  @Test
  void aKinkBesideThePointIsStayedClearOf() {
    for (double at : new double[] {0.05, 0.01, 1e-3, 1e-4}) {
      for (double sign : new double[] {-1, 1}) {
        Derivative got = Derivative.of(h -> Math.exp(h) + relu(sign * h - at));
        assertEquals(Kind.REAIMED, got.kind(), at + ": " + got);
        assertEquals(1, got.value(), 8 * got.error(), at + ": " + got);
        assertTrue(got.error() < 1e-8, at + ": " + got);
      }
    }
  }

  @Test
  void aKinkOutOfReachDoesNotMatter() {
    assertSmooth(1, h -> Math.exp(h) + relu(h - 0.07));
  }
}
