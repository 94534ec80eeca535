package dev.unroll.testing.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DigitsTest {

  @Test
  void holdsTheWholeSet() throws IOException {
    Digits digits = Digits.load();
    assertEquals(1797, digits.size());
    int[] counts = new int[10];
    for (int image = 0; image < digits.size(); image++) {
      counts[digits.label(image)]++;
    }
    assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts);
  }

  @Test
  void scalesPixelsExactly() throws IOException {
    float[] zero = Digits.load().batchFirst(0, 1);
    assertArrayEquals(
        new float[] {0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0}, Arrays.copyOf(zero, 8));
    assertEquals(1, Digits.load().batchFirst(1, 1)[12]);
  }

  @Test
  void timeMajorHoldsTheSameRows() throws IOException {
    Digits digits = Digits.load();
    float[] rows = digits.batchFirst(7, 3);
    float[] steps = digits.timeMajor(7, 3);
    for (int n = 0; n < 3; n++) {
      for (int t = 0; t < 8; t++) {
        for (int i = 0; i < 8; i++) {
          assertEquals(rows[(n * 8 + t) * 8 + i], steps[(t * 3 + n) * 8 + i]);
        }
      }
    }
  }

  @Test
  void refusesWhatIsNotThere() throws IOException {
    Digits digits = Digits.load();
    assertThrows(IndexOutOfBoundsException.class, () -> digits.batchFirst(1797, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> digits.labels(-1, 1));
    assertThrows(FileNotFoundException.class, () -> GoldenData.open("missing"));
  }
}
