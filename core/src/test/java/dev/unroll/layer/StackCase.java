package dev.unroll.layer;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A stack and what it runs on. Data is a function of the seed, of row and step: a row alone has the
 * data that it has among others. Arrays are time-major; padding is NaN.
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
record StackCase(StackSpec spec, int steps, int[] lengths, long seed, int firstRow) {

  private static final int DX = 1;
  private static final int DY = 2;
  private static final int STATES = 3;

  StackCase(StackSpec spec, int steps, int[] lengths, long seed) {
    this(spec, steps, lengths, seed, 0);
  }

  int batch() {
    return lengths.length;
  }

  /** One row, with no step too many. */
  StackCase row(int n) {
    return new StackCase(spec, lengths[n], new int[] {lengths[n]}, seed, firstRow + n);
  }

  /** The same with more padding. */
  StackCase padded(int more) {
    return new StackCase(spec, steps + more, lengths, seed, firstRow);
  }

  boolean full() {
    return Arrays.stream(lengths).allMatch(length -> length == steps);
  }

  StackWeights weights() {
    List<WeightSet> parts = new ArrayList<>();
    for (int part = 0; part < spec.parts(); part++) {
      CellSpec cell = spec.cell(spec.layer(part));
      WeightSet set = WeightSet.zeros(cell);
      SplittableRandom random = new SplittableRandom(seed + 100 + part);
      double scale = 1 / Math.sqrt(cell.hiddenSize());
      for (float[] array : set.arrays()) {
        for (int i = 0; i < array.length; i++) {
          array[i] = (float) random.nextDouble(-scale, scale);
        }
      }
      parts.add(set);
    }
    return StackWeights.of(spec, parts);
  }

  float[] x() {
    return sequence(DX, spec.inputSize());
  }

  float[] dy() {
    return sequence(DY, spec.outputSize());
  }

  float[] h(int kind) {
    return states(kind, spec.stateSize());
  }

  float[] c(int kind) {
    return states(kind + 1, spec.hiddenSize());
  }

  private float[] sequence(int kind, int width) {
    float[] values = new float[steps * batch() * width];
    Arrays.fill(values, Float.NaN);
    for (int n = 0; n < batch(); n++) {
      for (int t = 0; t < lengths[n]; t++) {
        fill(values, (t * batch() + n) * width, width, kind, firstRow + n, t);
      }
    }
    return values;
  }

  private float[] states(int kind, int width) {
    float[] values = new float[spec.parts() * batch() * width];
    for (int part = 0; part < spec.parts(); part++) {
      for (int n = 0; n < batch(); n++) {
        fill(values, (part * batch() + n) * width, width, STATES + kind, firstRow + n, part);
      }
    }
    return values;
  }

  private void fill(float[] values, int from, int width, int kind, int row, int step) {
    SplittableRandom random =
        new SplittableRandom(seed + 1_000_003L * kind + 10_007L * row + 31L * step);
    for (int i = from; i < from + width; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
  }

  /** From time-major to a layout. */
  static float[] in(SequenceLayout layout, float[] values, int steps, int batch, int width) {
    return layout == SequenceLayout.TIME_MAJOR ? values.clone() : swap(values, steps, batch, width);
  }

  /** From a layout to time-major. */
  static float[] from(SequenceLayout layout, float[] values, int steps, int batch, int width) {
    return layout == SequenceLayout.TIME_MAJOR ? values.clone() : swap(values, batch, steps, width);
  }

  private static float[] swap(float[] values, int outer, int inner, int width) {
    float[] swapped = new float[values.length];
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        System.arraycopy(values, (i * inner + j) * width, swapped, (j * outer + i) * width, width);
      }
    }
    return swapped;
  }

  /** Row {@code n} of [outer][batch][width]. */
  static float[] rowOf(float[] values, int outer, int batch, int width, int n) {
    float[] row = new float[outer * width];
    for (int i = 0; i < outer; i++) {
      System.arraycopy(values, (i * batch + n) * width, row, i * width, width);
    }
    return row;
  }

  Reproducer where() {
    return Reproducer.of("Stack")
        .twin(Kernels.get().name())
        .width(Kernels.get().vectorBits())
        .seed(seed)
        .with("spec", spec)
        .with("T", steps)
        .with("lengths", Arrays.toString(lengths));
  }

  @Override
  public String toString() {
    return where().line();
  }
}
