package dev.unroll.cell;

import static dev.unroll.cell.LstmGateOrder.GATES;
import static java.util.Objects.requireNonNull;

import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an LSTM layer, packed once.
 *
 * <p><b>Shapes.</b> I inputs, H units. W is 4H x I, R is 4H x H, both row-major without gaps, the
 * rows of a gate together, the gates in a {@link LstmGateOrder}; a bias has 4H elements in the same
 * order. Frameworks with two biases give both: they are added once, here, and the sum is rounded.
 *
 * <p>Immutable: it holds copies, and threads share it without locks.
 */
public final class LstmWeights {

  private final int inputSize;
  private final int hiddenSize;
  private final Panels panels;
  private final Panels gatePanels;
  private final float[] w;
  private final float[] r;
  private final float[] bias;

  private LstmWeights(
      int inputSize,
      int hiddenSize,
      Panels panels,
      TileShape shape,
      float[] w,
      float[] r,
      float[] bias) {
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.panels = panels;
    gatePanels = new Panels(panels.paddedColumns(), shape);
    this.w = w;
    this.r = r;
    this.bias = bias;
  }

  /**
   * Packs the weights of a layer.
   *
   * @param order in which the gates are stacked in all four arrays
   * @param inputWeights W, 4H x I
   * @param recurrentWeights R, 4H x H
   * @param inputBias the bias, or the first of two; null for none
   * @param recurrentBias the second of two biases; null for none
   * @throws NullPointerException when {@code order} or a weight array is null
   * @throws IllegalArgumentException when a size is below 1 or an array's length is not what the
   *     sizes say
   */
  public static LstmWeights pack(
      LstmGateOrder order,
      int inputSize,
      int hiddenSize,
      float[] inputWeights,
      float[] recurrentWeights,
      float @Nullable [] inputBias,
      float @Nullable [] recurrentBias) {
    return pack(
        Kernels.get().matmul().shape(),
        order,
        inputSize,
        hiddenSize,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias);
  }

  /** The same for the panels of any twin, so that a test can run both. */
  static LstmWeights pack(
      TileShape shape,
      LstmGateOrder order,
      int inputSize,
      int hiddenSize,
      float[] inputWeights,
      float[] recurrentWeights,
      float @Nullable [] inputBias,
      float @Nullable [] recurrentBias) {
    requireNonNull(order, "order");
    requireNonNull(inputWeights, "inputWeights");
    requireNonNull(recurrentWeights, "recurrentWeights");
    positive("inputSize", inputSize);
    positive("hiddenSize", hiddenSize);
    long rows = (long) GATES * hiddenSize;
    length("inputWeights", inputWeights, rows, inputSize);
    length("recurrentWeights", recurrentWeights, rows, hiddenSize);
    if (inputBias != null) {
      length("inputBias", inputBias, rows, 1);
    }
    if (recurrentBias != null) {
      length("recurrentBias", recurrentBias, rows, 1);
    }
    Panels panels = new Panels(hiddenSize, shape);
    return new LstmWeights(
        inputSize,
        hiddenSize,
        panels,
        shape,
        gates(panels, order, hiddenSize, inputSize, inputWeights),
        gates(panels, order, hiddenSize, hiddenSize, recurrentWeights),
        sum(panels, order, hiddenSize, inputBias, recurrentBias));
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }

  private static void length(String name, float[] data, long rows, int columns) {
    if (data.length != rows * columns) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + rows + " x " + columns);
    }
  }

  /** The four gates one after the other, each packed like a matrix of its own. */
  private static float[] gates(
      Panels panels, LstmGateOrder order, int hiddenSize, int columns, float[] from) {
    int floats = Math.multiplyExact(panels.paddedColumns(), columns);
    float[] packed = new float[Math.multiplyExact(GATES, floats)];
    for (int gate = 0; gate < GATES; gate++) {
      int first = order.block(gate) * hiddenSize * columns;
      Packing.all(panels, columns, from, first, columns, true, packed, gate * floats);
    }
    return packed;
  }

  private static float[] sum(
      Panels panels,
      LstmGateOrder order,
      int hiddenSize,
      float @Nullable [] first,
      float @Nullable [] second) {
    int padded = panels.paddedColumns();
    float[] sum = new float[GATES * padded];
    for (int gate = 0; gate < GATES; gate++) {
      int from = order.block(gate) * hiddenSize;
      for (int j = 0; j < hiddenSize; j++) {
        float x = first == null ? 0 : first[from + j];
        // A lone bias keeps the sign of its zeros.
        sum[gate * padded + j] =
            second == null ? x : first == null ? second[from + j] : x + second[from + j];
      }
    }
    return sum;
  }

  /** I, the values of one input row. */
  public int inputSize() {
    return inputSize;
  }

  /** H, the units. */
  public int hiddenSize() {
    return hiddenSize;
  }

  /** What the packed form takes, padding included. */
  public long bytes() {
    return 4L * ((long) w.length + r.length + bias.length);
  }

  /** The cut of one gate's units. */
  Panels panels() {
    return panels;
  }

  /** The same cut, for products that write the padding too. */
  Panels gatePanels() {
    return gatePanels;
  }

  /** W, gate after gate. */
  float[] w() {
    return w;
  }

  /** R, gate after gate. */
  float[] r() {
    return r;
  }

  /** The bias, gate after gate, each padded like its weights. */
  float[] bias() {
    return bias;
  }

  @Override
  public String toString() {
    return "LstmWeights[I = " + inputSize + ", H = " + hiddenSize + ", " + bytes() + " bytes]";
  }
}
