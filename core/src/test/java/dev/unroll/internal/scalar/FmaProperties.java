package dev.unroll.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The software path against the JDK's, on raw bits, and against exact arithmetic. */
@Tag("once")
class FmaProperties {

  @Property(tries = 20_000)
  void bitsOfMathFmaForAnyBitPatterns(@ForAll int a, @ForAll int b, @ForAll int c) {
    check(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
  }

  /** Random patterns almost never cancel or tie; here the addend is near the product. */
  @Property(tries = 50)
  void bitsOfMathFmaWhereTheSumCancels(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      float a = Float.intBitsToFloat(random.nextInt());
      float b = Float.intBitsToFloat(random.nextInt());
      float near = Float.intBitsToFloat(Float.floatToRawIntBits(a * b) + random.nextInt(9) - 4);
      check(a, b, -near);
      check(a, b, near);
    }
  }

  /** A product on a tie between two floats, and an addend far below that decides it. */
  @Property(tries = 50)
  void bitsOfMathFmaAtTies(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      // 25 significant bits with the last one set: half-way between two floats.
      float a = (1 << 12) + 2 * random.nextInt(1 << 11) + 1;
      float b = (1 << 12) + 2 * random.nextInt(1 << 11) + 1;
      float scale = Math.scalb(1f, random.nextInt(250) - 174);
      float tiny = Math.scalb(random.nextBoolean() ? 1f : -1f, random.nextInt(200) - 149);
      check(a * scale, b, tiny);
      check(a * scale, b, 0f);
      check(a * scale, -b, tiny);
    }
  }

  @Property(tries = 50)
  void bitsOfMathFmaAmongSubnormals(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      float a = Math.scalb(random.nextFloat() - 0.5f, -random.nextInt(150));
      float b = Math.scalb(random.nextFloat() - 0.5f, -random.nextInt(30));
      float c = Float.intBitsToFloat(random.nextInt(1 << 24) | (random.nextInt() & 1 << 31));
      check(a, b, c);
    }
  }

  @Property(tries = 20_000)
  void theExactValueRoundedOnce(@ForAll int a, @ForAll int b, @ForAll int c) {
    // Exponents drawn together, so that the exact sum has few enough digits to be quick.
    float x = Math.scalb((float) (a >> 8), -20);
    float y = Math.scalb((float) (b >> 8), -30);
    float z = Math.scalb((float) (c >> 8), -40 + (a & 31));
    BigDecimal exact = new BigDecimal(x).multiply(new BigDecimal(y)).add(new BigDecimal(z));
    float expected = exact.signum() == 0 ? x * y + z : exact.floatValue();
    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(Fma.software(x, y, z)));
  }

  static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float got = Fma.software(a, b, c);
    // Which NaN comes out is left open by IEEE 754; that it is one is not.
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(got)) {
      assertEquals(
          Float.toHexString(expected),
          Float.toHexString(got),
          () -> "fma(%a, %a, %a)".formatted(a, b, c));
    }
  }
}
