package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A cell with data for it: everything that can vary, in a few numbers.
 *
 * @param steps T
 * @param batch N
 * @param weightFill what the weights and biases are made of; null: evenly spread within 1/sqrt(H),
 *     as frameworks start them
 * @param dataFill what inputs, states and gradients are made of; null: evenly spread within 1
 */
record CellCase(
    CellSpec spec,
    int steps,
    int batch,
    Offsets at,
    @Nullable Fill weightFill,
    @Nullable Fill dataFill,
    long seed) {

  /** Where the arrays of a call start; those of gradients start where their values do. */
  record Offsets(int x, int y, int h, int c) {

    static final Offsets NONE = new Offsets(0, 0, 0, 0);
  }

  static CellCase of(CellSpec spec, int steps, int batch) {
    return new CellCase(spec, steps, batch, Offsets.NONE, null, null, 1);
  }

  /**
   * Sequences for threads: some rows and many, so few that threads share the product of the inputs
   * in training and so many that they do not, more than one chunk, fewer rows than threads.
   */
  static List<CellCase> forThreads() {
    int[][] sizes = {{40, 7}, {40, 24}, {3, 401}, {100, 3}, {1, 5}};
    List<CellCase> cases = new ArrayList<>();
    for (CellSpec spec : CellSpecs.few(2, 9, 5)) {
      for (int[] size : sizes) {
        cases.add(of(spec, size[0], size[1]));
      }
    }
    return cases;
  }

  CellCase with(Fill newWeights, Fill newData) {
    return new CellCase(spec, steps, batch, at, newWeights, newData, seed);
  }

  CellCase sized(int newSteps, int newBatch) {
    return new CellCase(spec, newSteps, newBatch, at, weightFill, dataFill, seed);
  }

  /** The same with zoneout, with variational dropout or with both. */
  CellCase stochastic() {
    float rate = 0.0625f * (1 + seed % 15);
    CellSpec masked = CellSpecs.stochastic(spec, 1 + (int) (seed / 16 % 3), rate);
    return new CellCase(masked, steps, batch, at, weightFill, dataFill, seed);
  }

  /** As many steps as fit into a number of multiplications. */
  CellCase within(int multiplications) {
    long step = (long) spec.gates() * batch * units() * (inputs() + outputs());
    int most = (int) Math.max(1, multiplications / Math.max(1, step));
    return sized(Math.min(steps, most), batch);
  }

  int inputs() {
    return spec.inputSize();
  }

  int units() {
    return spec.hiddenSize();
  }

  int outputs() {
    return spec.outputSize();
  }

  int rows() {
    return steps * batch;
  }

  /** In PyTorch's format. */
  WeightSet weights() {
    int stacked = spec.gates() * units();
    int seeing = spec.coupledGates() ? 2 : 3;
    return WeightSet.of(
        spec,
        WeightFormat.PYTORCH,
        weights(stacked * inputs(), 1),
        weights(stacked * outputs(), 2),
        spec.bias() == Bias.NONE ? null : weights(stacked, 3),
        spec.bias() == Bias.DOUBLE ? weights(stacked, 4) : null,
        spec.peepholes() ? weights(seeing * units(), 5) : null,
        spec.projectionSize() > 0 ? weights(outputs() * units(), 6) : null);
  }

  /** Weight gradients that are there already. */
  WeightSet gradients(int which) {
    WeightSet zeros = WeightSet.zeros(spec);
    int index = 0;
    for (float[] array : zeros.arrays()) {
      float[] values = data(array.length, 100 * which + index++);
      System.arraycopy(values, 0, array, 0, array.length);
    }
    return zeros;
  }

  /** [T][N][I]. */
  float[] x() {
    return data(rows() * inputs(), 11);
  }

  float[] h0() {
    return data(batch * outputs(), 12);
  }

  /** Empty for a kind without cells. */
  float[] c0() {
    return data(spec.hasCell() ? batch * units() : 0, 13);
  }

  /** [T][N][P]. */
  float[] dy() {
    return data(rows() * outputs(), 14);
  }

  float[] dh() {
    return data(batch * outputs(), 15);
  }

  /** Empty for a kind without cells. */
  float[] dc() {
    return data(spec.hasCell() ? batch * units() : 0, 16);
  }

  private float[] weights(int length, int which) {
    return values(weightFill, length, (float) (1 / Math.sqrt(units())), which);
  }

  private float[] data(int length, int which) {
    return values(dataFill, length, 1, which);
  }

  private float[] values(@Nullable Fill fill, int length, float most, int which) {
    long mixed = seed * 1031 + which;
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

  PackedCell pack() {
    return pack(Kernels.get());
  }

  PackedCell pack(KernelSet twin) {
    return PackedCell.pack(weights(), twin.matmul().shape());
  }

  Reproducer where() {
    return where(Kernels.get());
  }

  Reproducer where(KernelSet twin) {
    return Reproducer.of("Cell").shape(this).twin(twin.name()).width(twin.vectorBits());
  }
}
