package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** More of everything than files usually have. */
final class SafetensorsSizesTest {

  @Test
  void aTensorOfManyDimensions() throws IOException {
    long[] shape = new long[40];
    Arrays.fill(shape, 1);
    shape[39] = 2;
    Safetensors file =
        Safetensors.of(Safetensors.writer().add("deep", new float[] {3, 4}, shape).toBytes());
    assertArrayEquals(new float[] {3, 4}, file.floats("deep"));
    assertEquals(40, file.info("deep").rank());
    String text = file.info("deep").toString();
    assertTrue(text.endsWith(", ... (40 dimensions)]"), text);
    assertEquals("safetensors array: 1 tensors", file.toString());
  }

  @Test
  void aMissingNameAmongMany() throws IOException {
    SafetensorsWriter writer = Safetensors.writer();
    for (int i = 0; i < 12; i++) {
      writer.add("w" + i, new float[1], 1);
    }
    Safetensors file = Safetensors.of(writer.toBytes());
    SafetensorsTest.assertMessage(() -> file.info("w12"), "\"w12\"", "has 12", "\"w5\", ...");
  }

  @Test
  void aStackWhoseWeightsAreNoMatrices() throws IOException {
    Safetensors file =
        Safetensors.of(
            Safetensors.writer()
                .add("weight_ih_l0", new float[12], 12)
                .add("weight_hh_l0", new float[12], 12)
                .toBytes());
    SafetensorsTest.assertMessage(() -> PyTorch.stack(file, ""), "\"weight_", "_l0\" F32 [12]");
  }
}
