package dev.unroll.cell;

import static java.util.Objects.requireNonNullElse;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellMasks;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.LstmOptions;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The reference of a cell, and the arguments of a cell as those of its reference.
 *
 * @param steps T
 * @param batch N
 */
public record JudgedCell(CellSpec spec, int steps, int batch) {

  static JudgedCell of(CellCase q) {
    return new JudgedCell(q.spec(), q.steps(), q.batch());
  }

  /** The textbook's cell of the same dialect. */
  public ReferenceCell reference() {
    int inputs = spec.inputSize();
    int units = spec.hiddenSize();
    return switch (spec.kind()) {
      case ELMAN ->
          new ReferenceElman(
              inputs,
              units,
              ReferenceActivation.valueOf(spec.activation().name()),
              ReferenceElman.Convention.valueOf(spec.form().name()));
      case GRU -> new ReferenceGru(inputs, units, ReferenceGru.Reset.valueOf(spec.reset().name()));
      case LSTM ->
          new ReferenceLstm(
              inputs,
              units,
              new LstmOptions(
                  spec.projectionSize(), spec.peepholes(), spec.coupledGates(), spec.cellClip()));
    };
  }

  /** The expectation that serving has in place of masks. */
  CellMasks served() {
    float hidden = spec.hiddenZoneout();
    float cell = spec.cellZoneout();
    return new CellMasks(
        each(hidden > 0, spec.outputSize(), (t, n, unit) -> hidden),
        each(cell > 0, spec.hiddenSize(), (t, n, unit) -> cell),
        Tensor.none(),
        Tensor.none());
  }

  /** The masks of training. */
  CellMasks trained() {
    PlainMasks masks = PlainMasks.of(spec);
    return new CellMasks(
        each(
            spec.hiddenZoneout() > 0,
            spec.outputSize(),
            (t, n, unit) -> masks.keepsHidden(n, t, unit) ? 1 : 0),
        each(
            spec.cellZoneout() > 0,
            spec.hiddenSize(),
            (t, n, unit) -> masks.keepsCell(n, t, unit) ? 1 : 0),
        rows(spec.inputDropout() > 0, spec.inputSize(), masks::input),
        rows(spec.recurrentDropout() > 0, spec.outputSize(), masks::recurrent));
  }

  private interface PerStep {
    float of(int step, int row, int unit);
  }

  private interface PerRow {
    float of(int row, int unit);
  }

  private Tensor<Plain> each(boolean wanted, int width, PerStep value) {
    Tensor<Plain> all = Tensor.zeros(Plain.ARITHMETIC, steps, batch, width);
    for (int i = 0; i < all.length(); i++) {
      int row = i / width;
      all.set(new Plain(value.of(row / batch, row % batch, i % width)), i);
    }
    return wanted ? all : Tensor.none();
  }

  private Tensor<Plain> rows(boolean wanted, int width, PerRow value) {
    Tensor<Plain> all = Tensor.zeros(Plain.ARITHMETIC, batch, width);
    for (int i = 0; i < all.length(); i++) {
      all.set(new Plain(value.of(i / width, i % width)), i);
    }
    return wanted ? all : Tensor.none();
  }

  /** Weights in PyTorch's format; the reference has both biases always, so missing ones are 0. */
  public <V extends Real<V>> CellWeights<V> weights(Arithmetic<V> by, WeightSet set) {
    int units = spec.hiddenSize();
    int rows = spec.gates() * units;
    float[] none = new float[rows];
    return new CellWeights<>(
        Tensor.of(by, set.inputWeights(), rows, spec.inputSize()),
        Tensor.of(by, set.recurrentWeights(), rows, spec.outputSize()),
        Tensor.of(by, requireNonNullElse(set.inputBias(), none), rows),
        Tensor.of(by, requireNonNullElse(set.recurrentBias(), none), rows),
        optional(by, set.projection(), spec.outputSize(), units),
        optional(by, set.peepholes(), spec.coupledGates() ? 2 : 3, units));
  }

  <V extends Real<V>> CellInputs<V> inputs(Arithmetic<V> by, float[] x, float[] h, float[] c) {
    return new CellInputs<>(
        Tensor.of(by, x, steps, batch, spec.inputSize()),
        Tensor.of(by, h, batch, spec.outputSize()),
        optional(by, spec.hasCell() ? c : null, batch, spec.hiddenSize()));
  }

  <V extends Real<V>> CellOutputs<V> outputs(Arithmetic<V> by, float[] y, float[] h, float[] c) {
    return new CellOutputs<>(
        Tensor.of(by, y, steps, batch, spec.outputSize()),
        Tensor.of(by, h, batch, spec.outputSize()),
        optional(by, spec.hasCell() ? c : null, batch, spec.hiddenSize()));
  }

  private static <V extends Real<V>> Tensor<V> optional(
      Arithmetic<V> by, float @Nullable [] values, int rows, int columns) {
    return values == null ? Tensor.none() : Tensor.of(by, values, rows, columns);
  }
}
