package dev.unroll.bench.digits;

import dev.unroll.cell.Cell;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightStorage;
import dev.unroll.io.PyTorch;
import dev.unroll.io.Safetensors;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.testing.golden.Digits;
import java.io.IOException;
import java.util.Arrays;

/**
 * An LSTM that reads an image row by row, and a linear head that turns its last state into one
 * logit for each digit; trained in PyTorch.
 *
 * <p>Owns its workspace: one thread at a time.
 */
public final class DigitsModel {

  /** Digits, and so logits of an image. */
  public static final int CLASSES = 10;

  private final Cell lstm;
  private final int units;
  private final PackedMatrix headWeights;
  private final Matmul head;
  private float[] h = {};
  private float[] c = {};
  private float[] y = {};

  /** Loads the model from PyTorch's tensors; the weights of the LSTM are stored in this way. */
  public DigitsModel(Safetensors file, WeightStorage storage) throws IOException {
    lstm = Cell.of(PackedCell.pack(PyTorch.lstm(file, "lstm."), storage));
    units = lstm.spec().hiddenSize();
    file.require("head.weight", CLASSES, units);
    file.require("head.bias", CLASSES);
    headWeights = PackedMatrix.pack(units, CLASSES, true, file.floats("head.weight"), 0, units);
    head = Matmul.builder().bias(file.floats("head.bias"), 0).build();
  }

  /**
   * Classifies images together.
   *
   * @param count how many
   * @param x the images, [8][count][8]
   * @param logits receives [count][10]
   */
  public void forward(int count, float[] x, float[] logits) {
    reserve(count);
    lstm.forward(SequenceLayout.TIME_MAJOR, Digits.ROWS, count, x, 0, y, 0, h, 0, c, 0);
    head.multiply(count, h, 0, units, headWeights, logits, 0, CLASSES);
  }

  /**
   * Classifies one image, a row at a time, as if its rows arrived one by one.
   *
   * @param images the images, [count][8][8]
   * @param image which one
   * @param logits receives [10]
   */
  public void step(float[] images, int image, float[] logits) {
    reserve(1);
    int from = image * Digits.ROWS * Digits.COLUMNS;
    for (int t = 0; t < Digits.ROWS; t++) {
      lstm.step(1, images, from + t * Digits.COLUMNS, h, 0, c, 0);
    }
    head.multiply(1, h, 0, units, headWeights, logits, 0, CLASSES);
  }

  private void reserve(int count) {
    if (h.length < count * units) {
      h = new float[count * units];
      c = new float[count * units];
      y = new float[Digits.ROWS * count * units];
    }
    Arrays.fill(h, 0, count * units, 0f);
    Arrays.fill(c, 0, count * units, 0f);
  }

  /** The digit with the largest logit. */
  static int best(float[] logits, int image) {
    int best = 0;
    for (int d = 1; d < CLASSES; d++) {
      if (logits[image * CLASSES + d] > logits[image * CLASSES + best]) {
        best = d;
      }
    }
    return best;
  }
}
