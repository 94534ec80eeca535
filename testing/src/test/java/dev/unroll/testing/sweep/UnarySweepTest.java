package dev.unroll.testing.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import dev.unroll.testing.law.UnaryLaws.Ranges;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class UnarySweepTest {

  /** A prime; half a million floats. */
  private static final int STEP = 8191;

  private interface Function {
    float of(float x);
  }

  private static Ranges over(Function f) {
    return (x, xOffset, y, yOffset, n) -> {
      for (int i = 0; i < n; i++) {
        y[yOffset + i] = f.of(x[xOffset + i]);
      }
    };
  }

  private static double clip(double x) {
    return Double.isNaN(x) ? x : Math.clamp(x, -1, 1);
  }

  /** A NaN stays as it is: by way of double, some compilers make it quiet and some do not. */
  private static float clip(float x) {
    return Float.isNaN(x) ? x : Math.clamp(x, -1f, 1f);
  }

  private static UnarySweep sweep(Function f) {
    return UnarySweep.of("clip", over(f), x -> clip(x))
        .odd()
        .monotone()
        .range(-1, 1)
        .sameBitsAs("the twin", over(x -> clip(x)))
        .step(STEP);
  }

  private static String fault(Function f) {
    return Failures.messageOf(sweep(f).run()::mustHold);
  }

  @Test
  void aRightFunctionGetsItsCertificate() {
    Certificate c = sweep(x -> clip(x)).run();
    c.mustHold();
    assertEquals(List.of(), c.faults());
    assertEquals(Math.ceilDiv(1L << 32, STEP), c.inputs());
    assertEquals(0, c.maxUlp());
    assertEquals(1, c.share());
    assertEquals(0, c.infinities());
    // One in 256 patterns, but for the two infinities.
    assertEquals(c.inputs() / 256.0, (double) c.nans(), 2);
    assertEquals(1, c.saturatesAbove(), 0.001);
    assertEquals(-1, c.saturatesBelow(), 0.001);
    assertEquals(1, Objects.requireNonNull(c.specials().get(Float.POSITIVE_INFINITY)));
  }

  @Test
  void textAndJsonTellTheSame() {
    Certificate c = sweep(x -> clip(x)).run();
    assertTrue(c.text().contains("sha-256 " + c.hash()), c.text());
    assertTrue(c.text().contains("nearest float: 100.0000 %"), c.text());
    assertTrue(c.json().contains("\"sha256\": \"" + c.hash() + "\""), c.json());
    assertTrue(c.json().endsWith("\"faults\": []\n}\n"), c.json());
    c.specials()
        .forEach(
            (x, y) -> {
              assertTrue(c.text().contains("    f(%s) = %s\n".formatted(x, y)), c.text());
              assertTrue(jsonOfSpecials(c).contains("\"%s\": ".formatted(x)), c.json());
            });
    assertTrue(jsonOfSpecials(c).contains("\"-0.0\": -0.0, "), c.json());
    assertTrue(jsonOfSpecials(c).contains("\"Infinity\": 1.0, \"-Infinity\": -1.0, "), c.json());
    assertTrue(jsonOfSpecials(c).endsWith("\"NaN\": \"NaN\""), c.json());
  }

  private static String jsonOfSpecials(Certificate c) {
    String from = "\"specials\": {";
    int at = c.json().indexOf(from) + from.length();
    return c.json().substring(at, c.json().indexOf("},\n", at));
  }

  /** Whatever numbers a certificate has: what JSON does not know is a string. */
  @Test
  void jsonIsWhatJsonKnows() {
    Map<Float, Float> specials = new LinkedHashMap<>();
    specials.put(-0f, Float.NEGATIVE_INFINITY);
    specials.put(Float.MIN_VALUE, Float.MIN_VALUE);
    Certificate c =
        new Certificate(
            "f \"of\" x",
            7,
            Double.POSITIVE_INFINITY,
            0.5,
            Float.NaN,
            -1,
            1e300,
            0,
            6,
            1,
            0,
            true,
            "odd",
            Float.POSITIVE_INFINITY,
            -1,
            specials,
            "ab",
            List.of("one", "a \\ b\n"));
    assertEquals(
        """
        {
          "function": "f \\"of\\" x",
          "inputs": 7,
          "maxUlp": "Infinity",
          "limit": 0.5,
          "at": "NaN",
          "atBits": "0x7fc00000",
          "got": -1.0,
          "exact": 1.0E300,
          "subnormalUlp": 0.0,
          "nearest": 6,
          "nans": 1,
          "infinities": 0,
          "monotone": true,
          "symmetry": "odd",
          "saturatesAbove": "Infinity",
          "saturatesBelow": -1.0,
          "specials": {"-0.0": "-Infinity", "1.4E-45": 1.4E-45},
          "sha256": "ab",
          "faults": ["one", "a \\\\ b\\u000a"]
        }
        """,
        c.json());
  }

  @Test
  void theHashKnowsNothingOfThreads() throws Exception {
    Certificate many = sweep(x -> clip(x)).run();
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      Certificate alone = one.submit(() -> sweep(x -> clip(x)).run()).get();
      assertEquals(many, alone);
    }
    Certificate other = sweep(x -> x == 0 ? 0 : clip(x)).step(STEP - 4).run();
    assertTrue(!other.hash().equals(many.hash()));
  }

  @Test
  void theLargestErrorIsNamed() {
    Certificate c =
        UnarySweep.of("clip", over(x -> x > 0.5f ? 0.9f : clip(x)), x -> clip(x)).step(STEP).run();
    assertEquals(0.9f, c.got());
    assertTrue(c.at() > 0.5f && c.at() < 0.501f, () -> "at " + c.at());
    String message = Failures.messageOf(c::mustHold);
    assertTrue(message.startsWith("clip of " + c.at() + " is off by "), message);
    assertTrue(c.text().contains("BROKEN"), c.text());
    assertTrue(c.share() < 0.8, () -> "share " + c.share());
  }

  @Test
  void whatIsBrokenIsNamed() {
    assertTrue(fault(x -> x > 2 ? 0.999f : clip(x)).contains("the twin says 1.0"));
    UnarySweep falls =
        UnarySweep.of("f", over(x -> x > 2 ? 0.5f : clip(x)), x -> clip(x))
            .maxUlp(Double.POSITIVE_INFINITY)
            .monotone()
            .step(STEP);
    assertTrue(Failures.messageOf(falls.run()::mustHold).startsWith("f falls between "));
    UnarySweep lopsided =
        UnarySweep.of("f", over(x -> x < 0 ? x / 2 : x), x -> x)
            .maxUlp(Double.POSITIVE_INFINITY)
            .odd()
            .step(STEP);
    assertTrue(Failures.messageOf(lopsided.run()::mustHold).contains(", of -"));
    UnarySweep wide = UnarySweep.of("f", over(x -> x), x -> x).range(0, 1, 0, 0.5f).step(STEP);
    assertTrue(Failures.messageOf(wide.run()::mustHold).contains("not from 0.0 to 0.5"));
  }

  @Test
  void evenFunctionsAndProgress() {
    List<Integer> percents = Collections.synchronizedList(new ArrayList<>());
    Certificate c =
        UnarySweep.of("abs", over(Math::abs), Math::abs)
            .even()
            .step(STEP)
            .progress(percents::add)
            .run();
    c.mustHold();
    assertEquals("even", c.symmetry());
    assertTrue(percents.contains(100), percents.toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> UnarySweep.of("abs", over(Math::abs), Math::abs).step(0));
  }
}
