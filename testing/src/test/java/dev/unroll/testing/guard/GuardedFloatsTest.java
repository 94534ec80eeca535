package dev.unroll.testing.guard;

import static dev.unroll.testing.Failures.messageOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.Reproducer;
import org.junit.jupiter.api.Test;

class GuardedFloatsTest {

  private static final Reproducer HERE = Reproducer.of("Some.kernel").seed(42);

  private static String failure(GuardedFloats floats) {
    return messageOf(() -> floats.assertGuardsIntact(HERE));
  }

  private static GuardedFloats matrix() {
    // 2 canaries, 3 rows of 4 in 6, 5 canaries: 2 + 6 + 6 + 4 + 5 = 23.
    return GuardedFloats.matrix(3, 4, 2, 6, 5).fill(Fill.MODERATE, 1);
  }

  @Test
  void untouchedCanariesPass() {
    matrix().assertGuardsIntact(HERE);
    GuardedFloats.vector(0, 3).assertGuardsIntact(HERE);
    GuardedFloats.matrix(0, 4, 2, 4).assertGuardsIntact(HERE);
    GuardedFloats.matrix(4, 0, 2, 4).assertGuardsIntact(HERE);
  }

  @Test
  void sizesByHand() {
    assertEquals(23, matrix().array().length);
    assertEquals(3 + 0 + GuardedFloats.TRAILING_GUARD, GuardedFloats.vector(0, 3).array().length);
    assertEquals(7, GuardedFloats.matrix(1, 7, 0, 7, 0).array().length);
    assertThrows(IllegalArgumentException.class, () -> GuardedFloats.matrix(2, 4, 0, 3));
  }

  @Test
  void everyWriteAroundTheDataIsSeenAndNoneInside() {
    for (int i = 0; i < 23; i++) {
      GuardedFloats floats = matrix();
      floats.array()[i] = 0;
      int column = (i - 2) % 6;
      boolean inside = i >= 2 && i < 18 && column < 4;
      if (inside) {
        floats.assertGuardsIntact(HERE);
      } else {
        String place =
            i < 2
                ? "before the data"
                : i >= 18
                    ? "after the data"
                    : "between rows " + (i - 2) / 6 + " and " + (i + 4) / 6;
        String message = failure(floats);
        assertTrue(
            message.startsWith(
                "canary " + place + " overwritten at array index " + i + ": got 0.0"),
            message);
        assertTrue(message.contains("reproduce: Some.kernel seed=[42] jvm="), message);
      }
    }
  }

  @Test
  void aSingleFlippedBitIsSeen() {
    GuardedFloats floats = matrix();
    float canary = floats.array()[1];
    assertTrue(Float.isNaN(canary));
    floats.array()[1] = Float.intBitsToFloat(Float.floatToRawIntBits(canary) ^ 1);
    assertTrue(failure(floats).contains("index 1: got NaN (0x7fa00000) expected 0x7fa00001"));
  }

  @Test
  void aCanaryMovedByOneIsSeen() {
    GuardedFloats floats = matrix();
    System.arraycopy(floats.array(), 0, floats.array(), 1, 1);
    assertTrue(failure(floats).contains("index 1"));
  }

  @Test
  void arithmeticOnACanaryIsSeen() {
    GuardedFloats floats = matrix();
    floats.array()[22] = floats.array()[22] * 1.0f;
    assertTrue(failure(floats).contains("index 22"));
  }

  @Test
  void forgottenElementsAreSeen() {
    GuardedFloats floats = GuardedFloats.matrix(2, 3, 1, 4);
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3 - row; column++) {
        floats.array()[1 + 4 * row + column] = Float.NaN;
      }
    }
    String message = messageOf(() -> floats.assertAllWritten(HERE));
    assertTrue(message.startsWith("row 1 column 2 (array index 7) was never written"), message);
    assertTrue(message.contains("reproduce: Some.kernel"), message);
    floats.array()[7] = Float.NaN;
    floats.assertAllWritten(HERE);
  }

  @Test
  void setAndToDenseGoRoundPadding() {
    GuardedFloats floats = GuardedFloats.matrix(2, 2, 1, 5).set(1, 2, 3, 4);
    assertArrayEquals(new float[] {1, 2, 3, 4}, floats.toDense());
    assertEquals(3, floats.array()[6]);
    assertEquals(4, floats.view().get(1, 1));
    floats.assertGuardsIntact(HERE);
    assertThrows(IllegalArgumentException.class, () -> floats.set(1));
  }

  @Test
  void aChangedInputIsSeen() {
    float[] array = {1, Float.intBitsToFloat(0x7f800001), -0.0f};
    Snapshot snapshot = Snapshot.of("A", array);
    snapshot.assertUnmodified(HERE);
    array[2] = 0.0f;
    String message = messageOf(() -> snapshot.assertUnmodified(HERE));
    assertTrue(
        message.startsWith(
            "A modified at index 2: got 0.0 (0x00000000) expected -0.0 (0x80000000), bound 0"),
        message);
    assertTrue(message.contains("reproduce: Some.kernel"), message);
    array[2] = -0.0f;
    array[1] = Float.NaN;
    assertThrows(AssertionError.class, () -> snapshot.assertUnmodified(HERE));
  }
}
