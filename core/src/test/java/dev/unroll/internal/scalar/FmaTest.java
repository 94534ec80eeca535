package dev.unroll.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FmaTest {

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    Math.nextUp(1f),
    Math.nextDown(1f),
    3f,
    16777215f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    3 * Float.MIN_VALUE,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Math.nextDown(Float.MAX_VALUE),
    0x1p127f,
    0x1p-127f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  @Test
  @Tag("once")
  void softwareGivesTheBitsOfMathFmaForAllSpecialValues() {
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        for (float c : SPECIAL) {
          FmaProperties.check(a, b, c);
        }
      }
    }
  }

  @Test
  @Tag("once")
  void aDoubleRoundingTrapIsAvoided() {
    // The product is a tie between two floats; the addend, below the last bit of a double, decides.
    float a = 0x1.000002p0f;
    float b = 0x1.000002p-1f + 0x1p-1f;
    float tiny = 0x1p-80f;
    float tie = 0x1.000001p0f;
    assertEquals(Math.fma(tie, 1f, tiny), Fma.software(tie, 1f, tiny));
    assertEquals(Math.fma(a, b, tiny), Fma.software(a, b, tiny));
    // 4097^2 = 2^24 + 2^13 + 1 has 25 bits: a tie. Rounded twice, the hint of 2^-80 would be lost.
    assertEquals(0x1.002002p24f, Fma.software(4097f, 4097f, tiny));
    assertEquals(0x1.002p24f, Fma.software(4097f, 4097f, 0f));
    assertEquals(0x1.002p24f, Fma.software(4097f, 4097f, -tiny));
    assertEquals(0x1.002p24f, (float) ((double) 4097f * 4097f + tiny), "the trap itself");
  }

  @Test
  void thePublicPathGivesTheBitsOfMathFma() {
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        assertEquals(
            Float.floatToIntBits(Math.fma(a, b, 0.75f)),
            Float.floatToIntBits(Fma.fma(a, b, 0.75f)));
      }
    }
  }
}
