package dev.unroll.io;

import static dev.unroll.io.SafetensorsTest.assertMessage;
import static dev.unroll.io.SafetensorsTest.golden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.unroll.cell.Cell;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.testing.golden.Digits;
import dev.unroll.testing.golden.GoldenData;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class PyTorchTest {
  /** What the stored logits allow; a gate in the wrong place is off by 0.1 and more. */
  private static final double TOLERANCE = 2e-5;

  /** Runs a layer over the golden inputs and compares every output with PyTorch's. */
  @Test
  void reproducesALayerOfPyTorch() throws IOException {
    Safetensors file = Safetensors.of(golden(GoldenData.LSTM));
    assertReproduces(file, PyTorch.lstm(file, ""));
  }

  private static void assertReproduces(Safetensors file, WeightSet weights) throws IOException {
    assertEquals(6, weights.spec().inputSize());
    assertEquals(5, weights.spec().hiddenSize());
    float[] x = file.floats("x");
    float[] h = file.floats("h0");
    float[] c = file.floats("c0");
    float[] y = new float[9 * 4 * 5];
    Cell.of(PackedCell.pack(weights))
        .forward(SequenceLayout.TIME_MAJOR, 9, 4, x, 0, y, 0, h, 0, c, 0);
    assertClose(file.doubles("y"), y);
    assertClose(file.doubles("hn"), h);
    assertClose(file.doubles("cn"), c);
  }

  /** The digits that the model was tested on in PyTorch: the same logits, the same accuracy. */
  @Test
  void servesTheDigitsModel() throws IOException {
    Safetensors file = Safetensors.of(golden(GoldenData.DIGITS_LSTM));
    WeightSet weights = PyTorch.lstm(file, "lstm.");
    assertEquals(32, weights.spec().hiddenSize());
    float[] head = file.floats("head.weight");
    float[] bias = file.floats("head.bias");
    double[] expected = file.doubles("expected.logits");
    Digits digits = Digits.load();
    int images = Digits.TEST_IMAGES;
    int first = digits.size() - images;
    float[] h = new float[images * 32];
    Cell.of(PackedCell.pack(weights))
        .forward(
            SequenceLayout.BATCH_MAJOR,
            8,
            images,
            digits.batchFirst(first, images),
            0,
            new float[images * 8 * 32],
            0,
            h,
            0,
            new float[images * 32],
            0);
    int right = 0;
    for (int n = 0; n < images; n++) {
      int best = 0;
      double[] logits = new double[10];
      for (int k = 0; k < 10; k++) {
        logits[k] = bias[k];
        for (int j = 0; j < 32; j++) {
          logits[k] += (double) head[k * 32 + j] * h[n * 32 + j];
        }
        assertEquals(expected[n * 10 + k], logits[k], TOLERANCE, "image " + n + ", digit " + k);
        best = logits[k] > logits[best] ? k : best;
      }
      right += best == digits.label(first + n) ? 1 : 0;
    }
    assertEquals(328, right);
  }

  /** Any layer, under any prefix, in half the precision or with none of the biases. */
  @Test
  void findsLayersByPrefixAndNumber() throws IOException {
    Safetensors file = Safetensors.of(golden(GoldenData.LSTM));
    SafetensorsWriter writer = Safetensors.writer();
    for (String name : new String[] {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
      writer.addBytes(
          "net.rnn." + name + "_l12",
          DType.F32,
          file.bytes(name + "_l0"),
          file.info(name + "_l0").shape());
    }
    Safetensors renamed = Safetensors.of(writer.toBytes());
    assertReproduces(file, PyTorch.lstm(renamed, "net.rnn.", 12));
    assertMessage(() -> PyTorch.lstm(renamed, "net.rnn."), "\"net.rnn.weight_ih_l0\"", "has 4");
  }

  @Test
  void biasesMayBeMissingTogether() throws IOException {
    float[] w = {0.5f, -0.25f, 1, 2};
    Safetensors none =
        Safetensors.of(
            Safetensors.writer()
                .add("weight_ih_l0", w, 4, 1)
                .add("weight_hh_l0", w, 4, 1)
                .toBytes());
    Safetensors zero =
        Safetensors.of(
            Safetensors.writer()
                .add("weight_ih_l0", w, 4, 1)
                .add("weight_hh_l0", w, 4, 1)
                .add("bias_ih_l0", new float[4], 4)
                .add("bias_hh_l0", new float[4], 4)
                .toBytes());
    assertArrayEquals(oneStep(PyTorch.lstm(zero, "")), oneStep(PyTorch.lstm(none, "")));
  }

  private static float[] oneStep(WeightSet weights) {
    float[] h = {0.75f};
    Cell.of(PackedCell.pack(weights)).step(1, new float[] {1}, 0, h, 0, new float[] {0.5f}, 0);
    return h;
  }

  @Test
  void shapesThatDoNotFitAreNamed() throws IOException {
    assertWrong(layer(7, 1, 7, 2, 8, 8), "\"weight_ih_l0\" F32 [7, 1]", "[4H, I]");
    assertWrong(layer(0, 1, 0, 0, 0, 0), "\"weight_ih_l0\" F32 [0, 1]", "at least 1");
    assertWrong(layer(8, 0, 8, 2, 8, 8), "\"weight_ih_l0\" F32 [8, 0]", "at least 1");
    assertWrong(layer(8, 1, 8, 1, 8, 8), "\"weight_hh_l0\" F32 [8, 1]", "[8, 2]");
    assertWrong(layer(8, 1, 12, 3, 8, 8), "\"weight_hh_l0\" F32 [12, 3]", "[8, 2]");
    assertWrong(layer(8, 1, 8, 2, 4, 8), "\"bias_ih_l0\" F32 [4]", "[8]");
    assertWrong(layer(8, 1, 8, 2, 8, 2), "\"bias_hh_l0\" F32 [2]", "[8]");
    assertWrong(layer(8, 1, 8, 2, 8, -1), "\"bias_ih_l0\"", "\"bias_hh_l0\"", "both or none");
    assertWrong(layer(8, 1, 8, 2, -1, 8), "\"bias_hh_l0\"", "\"bias_ih_l0\"", "both or none");
    assertWrong(
        layer(8, 1, 8, 2, 8, 8).add("weight_hr_l0", new float[2], 1, 2),
        "\"weight_hr_l0\" F32 [1, 2]",
        "proj_size");
    assertWrong(
        Safetensors.writer()
            .add("weight_ih_l0", new int[4], 4, 1)
            .add("weight_hh_l0", new float[4], 4, 1),
        "\"weight_ih_l0\" I32 [4, 1]",
        "F32");
    assertWrong(Safetensors.writer().add("weight_ih_l0", new float[4], 4, 1), "\"weight_hh_l0\"");
    assertWrong(Safetensors.writer().add("weight_ih_l0", new float[4], 4), "[4H, I]");
    Safetensors good = Safetensors.of(layer(8, 1, 8, 2, 8, 8).toBytes());
    assertEquals(2, PyTorch.lstm(good, "").spec().hiddenSize());
    assertThrows(IllegalArgumentException.class, () -> PyTorch.lstm(good, "", -1));
  }

  /** One layer of zeros; a bias of length -1 is left out. */
  private static SafetensorsWriter layer(int wm, int wn, int rm, int rn, int bi, int bh) {
    SafetensorsWriter writer = Safetensors.writer();
    writer.add("weight_ih_l0", new float[wm * wn], wm, wn);
    writer.add("weight_hh_l0", new float[rm * rn], rm, rn);
    if (bi >= 0) {
      writer.add("bias_ih_l0", new float[bi], bi);
    }
    if (bh >= 0) {
      writer.add("bias_hh_l0", new float[bh], bh);
    }
    return writer;
  }

  private static void assertWrong(SafetensorsWriter writer, String... parts) throws IOException {
    Safetensors file = Safetensors.of(writer.toBytes());
    assertMessage(() -> PyTorch.lstm(file, ""), parts);
  }

  private static void assertClose(double[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE, "element " + i);
    }
  }
}
