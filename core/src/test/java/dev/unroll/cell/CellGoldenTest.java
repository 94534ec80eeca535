package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.internal.spi.Kernels;
import dev.unroll.io.PyTorch;
import dev.unroll.io.Safetensors;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.testing.golden.Digits;
import dev.unroll.testing.golden.GoldenData;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What PyTorch computed, from the same weights and inputs. */
final class CellGoldenTest {

  private static final int IMAGES = Digits.TEST_IMAGES;
  private static final int UNITS = 32;
  private static final int CLASSES = 10;

  /** PyTorch computed the stored logits in float, in another order. */
  private static final double LOGITS = 2e-5;

  private static final int RIGHT = 328;

  private static Safetensors read(String name) throws IOException {
    try (InputStream in = GoldenData.open(name)) {
      return Safetensors.read(in);
    }
  }

  private static Reproducer where(String what) {
    return Reproducer.of(what).twin(Kernels.get().name()).width(Kernels.get().vectorBits());
  }

  @Test
  void theDigitsModelGivesTheStoredLogitsInEitherLayout() throws IOException {
    Safetensors file = read(GoldenData.DIGITS_LSTM);
    Digits digits = Digits.load();
    int first = digits.size() - IMAGES;
    Cell plan = Cell.of(PackedCell.pack(PyTorch.lstm(file, "lstm.")));
    for (SequenceLayout layout : SequenceLayout.values()) {
      float[] x =
          layout == BATCH_MAJOR
              ? digits.batchFirst(first, IMAGES)
              : digits.timeMajor(first, IMAGES);
      float[] y = new float[IMAGES * Digits.ROWS * UNITS];
      float[] h = new float[IMAGES * UNITS];
      float[] c = new float[IMAGES * UNITS];
      plan.forward(layout, Digits.ROWS, IMAGES, x, 0, y, 0, h, 0, c, 0);
      assertServed(file, digits, h, where("digits").with("layout", layout));
    }
  }

  /** One image and one row of pixels at a time, as a stream would bring them. */
  @Test
  void theDigitsModelGivesTheStoredLogitsStepByStep() throws IOException {
    Safetensors file = read(GoldenData.DIGITS_LSTM);
    Digits digits = Digits.load();
    int first = digits.size() - IMAGES;
    Cell plan = Cell.of(PackedCell.pack(PyTorch.lstm(file, "lstm.")));
    float[] x = digits.batchFirst(first, IMAGES);
    float[] h = new float[IMAGES * UNITS];
    float[] c = new float[UNITS];
    for (int image = 0; image < IMAGES; image++) {
      Arrays.fill(c, 0);
      for (int row = 0; row < Digits.ROWS; row++) {
        int at = (image * Digits.ROWS + row) * Digits.COLUMNS;
        plan.step(1, x, at, h, image * UNITS, c, 0);
      }
    }
    assertServed(file, digits, h, where("digits").with("by", "step"));
    float[] batch = new float[IMAGES * UNITS];
    float[] y = new float[IMAGES * Digits.ROWS * UNITS];
    float[] cells = new float[IMAGES * UNITS];
    float[] steps = digits.timeMajor(first, IMAGES);
    plan.forward(TIME_MAJOR, Digits.ROWS, IMAGES, steps, 0, y, 0, batch, 0, cells, 0);
    FloatAssert.assertBitsEqual(h, 0, batch, 0, h.length, where("digits").with("by", "step"));
  }

  /** The head on the last states: logits, labels and accuracy as stored. */
  private static void assertServed(Safetensors file, Digits digits, float[] h, Reproducer where)
      throws IOException {
    PackedMatrix head =
        PackedMatrix.pack(UNITS, CLASSES, true, file.floats("head.weight"), 0, UNITS);
    float[] logits = new float[IMAGES * CLASSES];
    Matmul.builder().bias(file.floats("head.bias"), 0).build().multiply(IMAGES, h, head, logits);
    FloatAssert.assertClose(
        logits, 0, file.doubles("expected.logits"), logits.length, LOGITS, 0, where);
    int[] labels = digits.labels(digits.size() - IMAGES, IMAGES);
    assertEquals(
        Arrays.stream(file.ints("expected.labels")).boxed().toList(),
        Arrays.stream(labels).boxed().toList());
    int right = 0;
    for (int image = 0; image < IMAGES; image++) {
      int best = 0;
      for (int k = 1; k < CLASSES; k++) {
        best = logits[image * CLASSES + k] > logits[image * CLASSES + best] ? k : best;
      }
      right += best == labels[image] ? 1 : 0;
    }
    assertEquals(RIGHT, right, where.line());
    assertEquals("0.9111", file.metadata().get("accuracy"));
    assertEquals(0.9111, right / (double) IMAGES, 5e-5);
  }
}
