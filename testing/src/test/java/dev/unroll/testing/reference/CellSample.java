package dev.unroll.testing.reference;

import dev.unroll.testing.reference.ReferenceElman.Convention;
import dev.unroll.testing.reference.ReferenceGru.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A layer and sequences for it, all of them floats, evenly spread: weights as frameworks start
 * them, within 1/sqrt(H), times {@code scale}; inputs, states and gradients within 1.
 *
 * @param positive whether no value is negative
 * @param lengths of the sequences
 * @param masked whether there are zoneout, of masks and of expectations, and variational dropout
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CellSample(
    ReferenceCell cell,
    int steps,
    int[] lengths,
    double scale,
    boolean positive,
    boolean masked,
    long seed) {

  /** Without masks. */
  public CellSample(
      ReferenceCell cell, int steps, int[] lengths, double scale, boolean positive, long seed) {
    this(cell, steps, lengths, scale, positive, false, seed);
  }

  /** The same with masks. */
  public CellSample withMasks() {
    return new CellSample(cell, steps, lengths, scale, positive, true, seed);
  }

  /** Every cell with every option, and some options together. */
  public static List<ReferenceCell> cells(int inputs, int units) {
    List<ReferenceCell> cells = new ArrayList<>();
    for (ReferenceActivation activation : ReferenceActivation.values()) {
      for (Convention convention : Convention.values()) {
        cells.add(new ReferenceElman(inputs, units, activation, convention));
      }
    }
    for (Reset reset : Reset.values()) {
      cells.add(new ReferenceGru(inputs, units, reset));
    }
    LstmOptions plain = LstmOptions.PLAIN;
    for (LstmOptions options :
        List.of(
            plain,
            plain.withPeepholes(),
            plain.withCoupledGates(),
            plain.withProjection(Math.max(1, units - 1)),
            plain.withClip(0.5),
            plain.withPeepholes().withCoupledGates(),
            plain.withPeepholes().withProjection(units + 1).withClip(0.75),
            plain.withPeepholes().withCoupledGates().withProjection(2).withClip(0.5))) {
      cells.add(new ReferenceLstm(inputs, units, options));
    }
    return cells;
  }

  /** Of every cell, sequences of all lengths up to that of the longest. */
  public static List<CellSample> ragged(int inputs, int units, long seed) {
    return cells(inputs, units).stream()
        .map(cell -> new CellSample(cell, 4, new int[] {4, 0, 1, 3}, 1, false, seed))
        .toList();
  }

  private int rows() {
    return cell.gates() * cell.hiddenSize();
  }

  public CellWeights<Plain> weights() {
    SplittableRandom random = new SplittableRandom(seed);
    double most = scale / Math.sqrt(cell.hiddenSize());
    return new CellWeights<>(
        values(random, most, rows(), cell.inputSize()),
        values(random, most, rows(), cell.outputSize()),
        values(random, most, rows()),
        values(random, most, rows()),
        cell.isProjected()
            ? values(random, most, cell.outputSize(), cell.hiddenSize())
            : Tensor.none(),
        cell.peepholes() > 0
            ? values(random, most, cell.peepholes(), cell.hiddenSize())
            : Tensor.none());
  }

  public CellInputs<Plain> inputs() {
    SplittableRandom random = new SplittableRandom(seed + 1);
    return new CellInputs<>(
        values(random, 1, steps, lengths.length, cell.inputSize()),
        values(random, 1, lengths.length, cell.outputSize()),
        cells(random),
        lengths,
        masked ? masks() : CellMasks.NONE);
  }

  private CellMasks masks() {
    SplittableRandom random = new SplittableRandom(seed + 3);
    int batch = lengths.length;
    int units = cell.hiddenSize();
    double[] stay = {0, 0.375, 1};
    double[] scale = {0, 1.5};
    return new CellMasks(
        picked(random, stay, steps, batch, cell.outputSize()),
        cell.hasCellState() ? picked(random, stay, steps, batch, units) : Tensor.none(),
        picked(random, scale, batch, cell.inputSize()),
        picked(random, scale, batch, cell.outputSize()));
  }

  private static Tensor<Plain> picked(SplittableRandom random, double[] from, int... shape) {
    Tensor<Plain> values = Tensor.zeros(Plain.ARITHMETIC, shape);
    for (int i = 0; i < values.length(); i++) {
      values.set(new Plain(from[random.nextInt(from.length)]), i);
    }
    return values;
  }

  public CellOutputs<Plain> outputGradient() {
    SplittableRandom random = new SplittableRandom(seed + 2);
    return new CellOutputs<>(
        values(random, 1, steps, lengths.length, cell.outputSize()),
        values(random, 1, lengths.length, cell.outputSize()),
        cells(random));
  }

  private Tensor<Plain> cells(SplittableRandom random) {
    return cell.hasCellState()
        ? values(random, 1, lengths.length, cell.hiddenSize())
        : Tensor.none();
  }

  private Tensor<Plain> values(SplittableRandom random, double most, int... shape) {
    Tensor<Plain> values = Tensor.zeros(Plain.ARITHMETIC, shape);
    for (int i = 0; i < values.length(); i++) {
      values.set(new Plain((float) random.nextDouble(positive ? 0 : -most, most)), i);
    }
    return values;
  }

  @Override
  public String toString() {
    return cell + (masked ? " masked" : "") + " seed=" + seed;
  }
}
