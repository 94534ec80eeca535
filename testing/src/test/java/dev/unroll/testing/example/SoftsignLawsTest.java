package dev.unroll.testing.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.unroll.testing.law.UnaryLaws;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SoftsignLawsTest {

  /** Somebody's kernel, in place, eight values at a time; the last eight may overlap. */
  static void softsign(float[] x, int n) {
    for (int i = 0; i + 8 <= n; i += 8) {
      block(x, i, i + 8);
    }
    if (n % 8 != 0) {
      block(x, Math.max(0, n - 8), n);
    }
  }

  static void block(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = x[i] / (1 + Math.abs(x[i]));
    }
  }

  /** What it promises: rounding 1 + |x| costs up to 1 ULP, rounding the quotient one half. */
  static final UnaryLaws LAWS =
      UnaryLaws.ofInPlace("softsign", SoftsignLawsTest::softsign)
          .reference(x -> x / (1 + Math.abs(x)))
          .maxUlp(1.5)
          .odd();

  @Test
  void theLawsFindThatTheLastValuesAreComputedTwice() {
    assertEquals(
        List.of("the same bits at every position and length", "within 1.5 ULP"),
        LAWS.laws().broken());
  }

  /** The same without the bug. */
  static void repaired(float[] x, int n) {
    for (int i = 0; i + 8 <= n; i += 8) {
      block(x, i, i + 8);
    }
    block(x, n / 8 * 8, n);
  }

  @TestFactory
  Stream<DynamicTest> laws() {
    return UnaryLaws.ofInPlace("softsign", SoftsignLawsTest::repaired)
        .reference(x -> x / (1 + Math.abs(x)))
        .maxUlp(1.5)
        .odd()
        .laws()
        .stream()
        .map(law -> dynamicTest(law.name(), law::mustHold));
  }
}
