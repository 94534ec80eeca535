package dev.unroll.testing.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GoldenTensorsTest {

  @Test
  void doublesAreExactAndFloatsAreFloats() throws IOException {
    GoldenTensors file = GoldenTensors.load(GoldenData.LSTM);
    assertArrayEquals(new int[] {9, 4, 5}, file.shape("y"));
    boolean beyondFloat = false;
    for (double value : file.values("y")) {
      beyondFloat |= value != (float) value;
    }
    assertTrue(beyondFloat, "y has the precision of double");
    for (double value : file.values("x")) {
      assertEquals((float) value, value);
    }
    assertEquals("LSTM", file.metadata("kind"));
    assertEquals("torch 2.13.0+cpu, float64", file.metadata("source"));
    assertEquals(20, file.names().size());
  }

  @Test
  void integersAndLongFiles() throws IOException {
    GoldenTensors stack = GoldenTensors.load(GoldenData.LSTM_STACK);
    assertArrayEquals(new double[] {3, 11, 1, 8, 5}, stack.values("lengths"));
    GoldenTensors digits = GoldenTensors.load(GoldenData.DIGITS_LSTM);
    assertEquals(360, digits.values("expected.labels").length);
    assertEquals(3600, digits.values("expected.logits").length);
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    GoldenTensors file = GoldenTensors.load(GoldenData.GRU);
    assertFalse(file.has("c0"));
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> file.values("c0")).getMessage());
    assertEquals("gru.safetensors has no c0", message);
    assertThrows(FileNotFoundException.class, () -> GoldenTensors.load("none"));
  }

  @Test
  void whatIsHandedOutIsACopy() throws IOException {
    GoldenTensors file = GoldenTensors.load(GoldenData.GRU);
    double first = file.values("y")[0];
    file.values("y")[0] = 7;
    file.shape("y")[0] = 7;
    assertEquals(first, file.values("y")[0]);
    assertEquals(9, file.shape("y")[0]);
  }
}
