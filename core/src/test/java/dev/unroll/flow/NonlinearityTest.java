package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("once")
class NonlinearityTest {

  @ParameterizedTest
  @EnumSource
  void derivativeIsThatOfTheValue(Nonlinearity s) {
    double h = 1e-6;
    for (double x = -9.03; x < 9; x += 0.17) {
      double numeric = (s.value(x + h) - s.value(x - h)) / (2 * h);
      assertEquals(numeric, s.derivative(x), 1e-8, s + " at " + x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gammaIsTheLeastUpperBound(Nonlinearity s) {
    double largest = 0;
    for (double x = -60; x <= 60; x += 1e-3) {
      largest = Math.max(largest, Math.abs(s.derivative(x)));
    }
    // The grid misses a maximum by half a step, which costs the square of it.
    assertEquals(s.gamma(), largest, 1e-6);
    assertTrue(largest <= s.gamma() * (1 + 1e-13), largest + " above gamma");
  }

  @Test
  void gammaOfTheSmoothGatesIsTheSlopeAtTheirStationaryPoints() {
    double largest = 0;
    for (double x = 2.3993; x < 2.3994; x += 1e-8) {
      largest = Math.max(largest, Nonlinearity.SILU.derivative(x));
    }
    Approx.relative(Nonlinearity.SILU.gamma(), largest, 1e-14);
    Approx.relative(Nonlinearity.GELU.gamma(), Nonlinearity.GELU.derivative(Math.sqrt(2)), 1e-13);
  }

  @Test
  void tailsKeepTheirRelativeAccuracy() {
    // tanh'(20) = 4 e^-40 (1 + e^-40)^-2; the normal distribution at -10, from tables.
    Approx.relative(4 * Math.exp(-40), Nonlinearity.TANH.derivative(20), 1e-14);
    Approx.relative(7.619853024160527e-24, Normal.distribution(-10), 1e-13);
    Approx.relative(0.001349898031630095, Normal.distribution(-3), 1e-13);
    Approx.relative(0.9772498680518208, Normal.distribution(2), 1e-14);
  }

  @ParameterizedTest
  @EnumSource
  void nanStaysNan(Nonlinearity s) {
    assertTrue(Double.isNaN(s.value(Double.NaN)));
  }
}
