package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Kind;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a cell, packed for its kernels.
 *
 * <p>Holds copies. Immutable for users: any number of plans and threads share it without locks. The
 * packed form depends on the registers of the machine, so it is neither stored nor sent.
 *
 * <p>Two biases are added once, here, and the sum is rounded; only the candidate of a GRU that
 * resets after the product keeps both.
 */
public final class PackedCell {

  private final CellSpec spec;
  private final WeightStorage storage;
  private final int padded;
  private final int paddedOutput;

  /** W: all gates, from an input row to their sums. */
  private final PackedPart input;

  /** R: the gates that a step's first product reaches. */
  private final PackedPart recurrent;

  /** R_n of a GRU that resets before the product. */
  private final @Nullable PackedPart candidate;

  private final @Nullable PackedPart projection;

  /** The start of the chains of {@link #input}, padded like its columns. */
  private final float[] bias;

  /** bR_n of a GRU that resets after the product; else empty. */
  private final float[] candidateBias;

  /** A padded row for each gate that has peepholes. */
  private final float[] peepholes;

  private final @Nullable Backward backward;

  /** The same matrices for the way back, from gates to inputs and states. */
  static final class Backward {
    final PackedPart input;
    final PackedPart recurrent;
    final @Nullable PackedPart candidate;
    final @Nullable PackedPart projection;

    Backward(CellSpec spec, TileShape shape) {
      int h = spec.hiddenSize();
      int rows = spec.gates() * h;
      input = new PackedPart(shape, WeightStorage.FLOAT32, rows, 1, spec.inputSize());
      boolean before = spec.resetBefore();
      recurrent =
          new PackedPart(shape, WeightStorage.FLOAT32, before ? 2 * h : rows, 1, spec.outputSize());
      candidate = before ? new PackedPart(shape, WeightStorage.FLOAT32, h, 1, h) : null;
      int p = spec.projectionSize();
      projection = p > 0 ? new PackedPart(shape, WeightStorage.FLOAT32, p, 1, h) : null;
    }
  }

  PackedCell(CellSpec spec, WeightStorage storage, TileShape shape, boolean training) {
    this.spec = spec;
    this.storage = storage;
    int h = spec.hiddenSize();
    int gates = spec.gates();
    padded = PackedPart.padded(shape, h);
    paddedOutput = PackedPart.padded(shape, spec.outputSize());
    input = new PackedPart(shape, storage, spec.inputSize(), gates, h);
    boolean before = spec.resetBefore();
    recurrent = new PackedPart(shape, storage, spec.outputSize(), before ? 2 : gates, h);
    candidate = before ? new PackedPart(shape, storage, h, 1, h) : null;
    projection =
        spec.projectionSize() > 0 ? new PackedPart(shape, storage, h, 1, spec.outputSize()) : null;
    bias = new float[gates * padded];
    candidateBias = new float[spec.kind() == Kind.GRU && !before ? padded : 0];
    peepholes = new float[WeightFormat.PYTORCH.peepholes(spec).length() * padded];
    backward = training ? new Backward(spec, shape) : null;
  }

  /**
   * Packs a weight set.
   *
   * @throws NullPointerException when {@code weights} is null
   */
  public static PackedCell pack(WeightSet weights) {
    return pack(weights, WeightStorage.FLOAT32);
  }

  /**
   * Packs a weight set, stored in this way.
   *
   * @throws NullPointerException when an argument is null
   */
  public static PackedCell pack(WeightSet weights, WeightStorage storage) {
    requireNonNull(weights, "weights");
    requireNonNull(storage, "storage");
    return pack(weights, storage, Kernels.get().matmul().shape());
  }

  /** The same for the tiles of any twin. */
  static PackedCell pack(WeightSet weights, TileShape shape) {
    return pack(weights, WeightStorage.FLOAT32, shape);
  }

  static PackedCell pack(WeightSet weights, WeightStorage storage, TileShape shape) {
    PackedCell cell = new PackedCell(weights.spec(), storage, shape, false);
    cell.load(weights);
    return cell;
  }

  /** Packs these weights in place of those that were there; for an owner that shares nothing. */
  void load(WeightSet weights) {
    WeightSet set =
        weights.format() == WeightFormat.PYTORCH ? weights : weights.to(WeightFormat.PYTORCH);
    int h = spec.hiddenSize();
    int in = spec.inputSize();
    int out = spec.outputSize();
    float[] w = set.inputWeights();
    float[] r = set.recurrentWeights();
    int gates = spec.gates();
    for (int gate = 0; gate < gates; gate++) {
      input.gate(gate, w, gate * h * in, in);
      int from = gate * h * out;
      if (spec.kind() != Kind.GRU) {
        recurrent.gate(gate, r, from, out);
      } else if (candidate == null) {
        // The candidate first: blocks are nh r z n, see CellBlock.
        recurrent.gate((gate + 1) % gates, r, from, out);
      } else if (gate == gates - 1) {
        candidate.gate(0, r, from, out);
      } else {
        recurrent.gate(gate, r, from, out);
      }
    }
    float[] project = set.projection();
    if (projection != null && project != null) {
      projection.gate(0, project, 0, h);
    }
    loadBiases(set.inputBias(), set.recurrentBias());
    rows(set.peepholes(), peepholes);
    if (backward != null) {
      loadBackward(backward, w, r, project);
    }
  }

  private void loadBackward(Backward b, float[] w, float[] r, float @Nullable [] project) {
    int h = spec.hiddenSize();
    int out = spec.outputSize();
    b.input.rows(0, spec.gates() * h, w, 0);
    if (b.candidate != null) {
      b.recurrent.rows(0, 2 * h, r, 0);
      b.candidate.rows(0, h, r, 2 * h * out);
    } else if (spec.kind() == Kind.GRU) {
      b.recurrent.rows(0, h, r, 2 * h * out);
      b.recurrent.rows(h, 2 * h, r, 0);
    } else {
      b.recurrent.rows(0, spec.gates() * h, r, 0);
    }
    if (b.projection != null && project != null) {
      b.projection.rows(0, spec.projectionSize(), project, 0);
    }
  }

  private void loadBiases(float @Nullable [] first, float @Nullable [] second) {
    int h = spec.hiddenSize();
    int gates = spec.gates();
    java.util.Arrays.fill(bias, 0f);
    java.util.Arrays.fill(candidateBias, 0f);
    boolean apart = candidateBias.length > 0 && spec.bias() == Bias.DOUBLE;
    for (int gate = 0; gate < gates; gate++) {
      boolean keep = apart && gate == 2;
      for (int j = 0; j < h; j++) {
        int at = gate * h + j;
        float x = first == null ? 0 : first[at];
        float y = second == null || keep ? x : first == null ? second[at] : x + second[at];
        bias[gate * padded + j] = y;
      }
      if (keep && second != null) {
        System.arraycopy(second, gate * h, candidateBias, 0, h);
      }
    }
  }

  private void rows(float @Nullable [] from, float[] to) {
    int h = spec.hiddenSize();
    for (int row = 0; from != null && row < from.length / h; row++) {
      System.arraycopy(from, row * h, to, row * padded, h);
    }
  }

  /** What the weights belong to. */
  public CellSpec spec() {
    return spec;
  }

  /** How the weights are stored. */
  public WeightStorage storage() {
    return storage;
  }

  /** What the packed form takes, padding included. */
  public long bytes() {
    long bytes = input.bytes() + recurrent.bytes() + bytes(candidate) + bytes(projection);
    if (backward != null) {
      bytes += backward.input.bytes() + backward.recurrent.bytes();
      bytes += bytes(backward.candidate) + bytes(backward.projection);
    }
    return bytes + 4L * ((long) bias.length + candidateBias.length + peepholes.length);
  }

  private static long bytes(@Nullable PackedPart part) {
    return part == null ? 0 : part.bytes();
  }

  /** H, padded to whole vectors. */
  int padded() {
    return padded;
  }

  /** The output size, padded to whole vectors. */
  int paddedOutput() {
    return paddedOutput;
  }

  PackedPart input() {
    return input;
  }

  PackedPart recurrent() {
    return recurrent;
  }

  PackedPart candidate() {
    return requireNonNull(candidate);
  }

  PackedPart projection() {
    return requireNonNull(projection);
  }

  float[] bias() {
    return bias;
  }

  float[] candidateBias() {
    return candidateBias;
  }

  float[] peepholes() {
    return peepholes;
  }

  Backward backward() {
    return requireNonNull(backward);
  }

  @Override
  public String toString() {
    return "PackedCell[" + spec + ", " + bytes() + " bytes]";
  }
}
