package dev.unroll.cell;

import static java.util.Objects.requireNonNullElseGet;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A layer with data for it: everything that can vary, in a few numbers.
 *
 * @param inputs I
 * @param units H
 * @param steps T
 * @param batch N
 * @param weights what the weights and biases are made of; null: evenly spread within 1/sqrt(H), as
 *     frameworks start them
 * @param data what inputs and states are made of; null: evenly spread within 1
 */
record LstmSpec(
    int inputs,
    int units,
    int steps,
    int batch,
    LstmGateOrder order,
    boolean inputBias,
    boolean recurrentBias,
    Offsets offsets,
    @Nullable Fill weights,
    @Nullable Fill data,
    long seed) {

  /** Where the arrays of a call start. */
  record Offsets(int x, int y, int h, int c) {

    static final Offsets NONE = new Offsets(0, 0, 0, 0);
  }

  static LstmSpec of(int inputs, int units, int steps, int batch) {
    return new LstmSpec(
        inputs, units, steps, batch, LstmGateOrder.IFGO, true, true, Offsets.NONE, null, null, 1);
  }

  LstmSpec with(Fill newWeights, Fill newData) {
    return new LstmSpec(
        inputs,
        units,
        steps,
        batch,
        order,
        inputBias,
        recurrentBias,
        offsets,
        newWeights,
        newData,
        seed);
  }

  LstmSpec sized(int newSteps, int newBatch) {
    return new LstmSpec(
        inputs,
        units,
        newSteps,
        newBatch,
        order,
        inputBias,
        recurrentBias,
        offsets,
        weights,
        data,
        seed);
  }

  /** As many steps as fit into a number of multiplications. */
  LstmSpec within(int multiplications) {
    long step = 4L * batch * units * (inputs + units);
    int most = (int) Math.max(1, multiplications / Math.max(1, step));
    return sized(Math.min(steps, most), batch);
  }

  float[] w() {
    return weights(4 * units * inputs, 1);
  }

  float[] r() {
    return weights(4 * units * units, 2);
  }

  float @Nullable [] inputBiasOrNull() {
    return inputBias ? weights(4 * units, 3) : null;
  }

  float @Nullable [] recurrentBiasOrNull() {
    return recurrentBias ? weights(4 * units, 4) : null;
  }

  /** [T][N][I]. */
  float[] x() {
    return values(data, steps * batch * inputs, 1, 5);
  }

  float[] h0() {
    return values(data, batch * units, 1, 6);
  }

  float[] c0() {
    return values(data, batch * units, 1, 7);
  }

  private float[] weights(int length, int which) {
    return values(weights, length, (float) (1 / Math.sqrt(units)), which);
  }

  private float[] values(@Nullable Fill fill, int length, float most, int which) {
    long mixed = seed * 31 + which;
    if (fill != null) {
      return fill.array(length, mixed);
    }
    SplittableRandom random = new SplittableRandom(mixed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = most * (2 * (float) random.nextDouble() - 1);
    }
    return values;
  }

  LstmWeights pack() {
    return pack(Kernels.get());
  }

  LstmWeights pack(KernelSet twin) {
    return pack(twin.matmul().shape());
  }

  private LstmWeights pack(TileShape shape) {
    return LstmWeights.pack(
        shape, order, inputs, units, w(), r(), inputBiasOrNull(), recurrentBiasOrNull());
  }

  /** The cell that judges. */
  ReferenceLstm reference() {
    return new ReferenceLstm(inputs, units);
  }

  /** The weights for the reference, whose gates are in the order i, f, g, o. */
  CellWeights<Plain> referenceWeights() {
    int rows = 4 * units;
    return new CellWeights<>(
        Tensor.of(Plain.ARITHMETIC, ifgo(w(), inputs), rows, inputs),
        Tensor.of(Plain.ARITHMETIC, ifgo(r(), units), rows, units),
        Tensor.of(
            Plain.ARITHMETIC,
            ifgo(requireNonNullElseGet(inputBiasOrNull(), () -> new float[rows]), 1),
            rows),
        Tensor.of(
            Plain.ARITHMETIC,
            ifgo(requireNonNullElseGet(recurrentBiasOrNull(), () -> new float[rows]), 1),
            rows));
  }

  /** What the reference is run on. */
  CellInputs<Plain> referenceInputs() {
    return referenceInputs(x(), h0(), c0());
  }

  /** Any sequences of this batch, as the reference is run on them. */
  CellInputs<Plain> referenceInputs(float[] x, float[] h, float[] c) {
    return new CellInputs<>(
        Tensor.of(Plain.ARITHMETIC, x, steps, batch, inputs),
        Tensor.of(Plain.ARITHMETIC, h, batch, units),
        Tensor.of(Plain.ARITHMETIC, c, batch, units));
  }

  /** From this order of gates to i, f, g, o. */
  float[] ifgo(float[] stacked, int columns) {
    int block = units * columns;
    float[] sorted = new float[stacked.length];
    // ONNX stacks i, o, f, g.
    int[] from = order == LstmGateOrder.IFGO ? new int[] {0, 1, 2, 3} : new int[] {0, 2, 3, 1};
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(stacked, from[gate] * block, sorted, gate * block, block);
    }
    return sorted;
  }

  Reproducer reproducer(KernelSet twin) {
    return Reproducer.of("Lstm").shape(this).twin(twin.name()).width(twin.vectorBits());
  }
}
