package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.BackwardProbe;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.Rows;
import dev.unroll.cell.Sequence;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.kernel.Parallelism;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stack of recurrent cells for training: forward over whole sequences, keeping what the way back
 * needs, and backward through time and layers.
 *
 * <p><b>Formula.</b> Forward that of the {@link StackSpec}, with the bits of {@link Stack} but for
 * dropout and zoneout. Backward, the gradient of u_l is the sum of those of the two directions of
 * layer l, then of the residual connection; dropout multiplies with the same mask both ways.
 *
 * <p><b>Masks.</b> A bit is a function of the seed, the part, the row, the step and the unit,
 * nothing else: see {@link #masks}. So the way back makes it again, and a batch in two halves or a
 * sequence in two pieces has the masks of the whole.
 *
 * <p><b>Shapes.</b> As for {@link Stack}; dx is shaped like x, dy like y, dh and dc like h and c.
 * Gradients are {@link StackWeights} of the same spec, in PyTorch's format.
 *
 * <p><b>Accumulates.</b> {@link #backward} adds to the gradients or overwrites them, as it is told;
 * dx, dh and dc are overwritten. dx is 0 on padding, whatever dy is there.
 *
 * <p><b>Bits.</b> As for {@link CellTrainer}: an element of a weight's gradient is one chain over
 * the valid rows of all steps, the last step of the longest row first, where in reverse a row's
 * first step is its last. Rows of one step stand in the order of their lengths, the longest first,
 * those of one length in their own. So neither threads, padding nor checkpoints change a bit.
 *
 * <p><b>Allocation.</b> None once T, N have been seen. A trainer belongs to one thread at a time.
 */
public final class StackTrainer {

  private final StackSpec spec;
  private final CellTrainer[] cells;
  private final Training walk;

  /** What each layer above the first takes. */
  private final float[][] inputs;

  /** Gradients of what odd and even layers take. */
  private final float[][] dInputs = {{}, {}};

  private final Sequence from = new Sequence();
  private final Sequence dOut = new Sequence();
  private final Sequence dIn = new Sequence();
  private long seed;
  private long firstRow;
  private long firstStep;
  private boolean loaded;

  /** That of the forward call to go back through; null when there is none. */
  private @Nullable SequenceLayout layout;

  private int steps;
  private int batch;

  private StackTrainer(StackSpec spec, Parallelism threads) {
    this.spec = spec;
    cells = new CellTrainer[spec.parts()];
    for (int part = 0; part < cells.length; part++) {
      cells[part] = CellTrainer.of(spec.cell(spec.layer(part)), threads);
    }
    inputs = new float[spec.layers()][0];
    walk = new Training(spec);
    seedParts();
  }

  /** A trainer that runs in the calling thread. */
  public static StackTrainer of(StackSpec spec) {
    return of(spec, Parallelism.none());
  }

  /** A trainer whose rows and products are shared by threads. */
  public static StackTrainer of(StackSpec spec, Parallelism threads) {
    return new StackTrainer(requireNonNull(spec, "spec"), requireNonNull(threads, "threads"));
  }

  /**
   * Checkpoints in each part, see {@link CellTrainer#checkpointEvery}.
   *
   * @throws IllegalArgumentException when {@code everySteps} is negative
   */
  public StackTrainer checkpointEvery(int everySteps) {
    for (CellTrainer cell : cells) {
      cell.checkpointEvery(everySteps);
    }
    return this;
  }

  /** Checkpoints in each part every sqrt(T) steps. */
  public StackTrainer checkpointBySquareRoot() {
    for (CellTrainer cell : cells) {
      cell.checkpointBySquareRoot();
    }
    return this;
  }

  /**
   * Truncated backpropagation in each part, see {@link CellTrainer#truncateEvery}.
   *
   * @throws IllegalArgumentException when {@code everySteps} is negative
   */
  public StackTrainer truncateEvery(int everySteps) {
    for (CellTrainer cell : cells) {
      cell.truncateEvery(everySteps);
    }
    return this;
  }

  /**
   * Lets a probe listen to one part in each backward call from now on, see {@link
   * CellTrainer#probe}; null for none, the default. The parts are heard one after the other, the
   * last layer first.
   *
   * @throws IndexOutOfBoundsException when there is no such part
   */
  public StackTrainer probe(int part, @Nullable BackwardProbe listener) {
    cells[Objects.checkIndex(part, cells.length)].probe(listener);
    return this;
  }

  /**
   * The masks of the calls that follow. A new seed for each update gives new masks; the same one
   * gives the same again.
   *
   * @param newSeed any number
   * @param newFirstRow the number that row 0 has among all rows: not 0 when a batch comes in parts
   * @param newFirstStep the number that step 0 has: not 0 when a sequence comes in pieces
   */
  public StackTrainer masks(long newSeed, long newFirstRow, long newFirstStep) {
    seed = newSeed;
    firstRow = newFirstRow;
    firstStep = newFirstStep;
    layout = null;
    seedParts();
    return this;
  }

  /** Each part draws masks of its own. */
  private void seedParts() {
    for (int part = 0; part < cells.length; part++) {
      long own = Walk.seed(seed, spec.layer(part), spec.direction(part));
      cells[part].masks(own, firstRow, firstStep);
    }
  }

  /** What is trained. */
  public StackSpec spec() {
    return spec;
  }

  /** What the packed weights take. */
  public long weightBytes() {
    long bytes = 0;
    for (CellTrainer cell : cells) {
      bytes += cell.weightBytes();
    }
    return bytes;
  }

  /** What the workspace takes at the moment. */
  public long workspaceBytes() {
    long floats = (long) dInputs[0].length + dInputs[1].length;
    for (float[] input : inputs) {
      floats += input.length;
    }
    long bytes = 4 * floats;
    for (CellTrainer cell : cells) {
      bytes += cell.workspaceBytes();
    }
    return bytes;
  }

  /**
   * Packs the weights; again after each update.
   *
   * @throws NullPointerException when {@code weights} is null
   * @throws IllegalArgumentException when they are of another spec
   */
  public void load(StackWeights weights) {
    if (!requireNonNull(weights, "weights").spec().equals(spec)) {
      throw new IllegalArgumentException(
          "weights are of " + weights.spec() + ", must be of " + spec);
    }
    for (int part = 0; part < cells.length; part++) {
      cells[part].load(weights.part(part));
    }
    loaded = true;
    layout = null;
  }

  /**
   * Runs N sequences of at most T steps and keeps what {@link #backward} needs. Arguments and
   * results as in {@link Stack#forward(SequenceLayout, int, int, int[], float[], int, float[], int,
   * float[], int, float[], int)}.
   *
   * @throws IllegalStateException when no weights are loaded
   */
  public void forward(
      SequenceLayout newLayout,
      int newSteps,
      int newBatch,
      int @Nullable [] lengths,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    requireNonNull(newLayout, "layout");
    Rows.check(newSteps, newBatch, lengths);
    StackChecks.forward(spec, newSteps, newBatch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    layout = null;
    steps = newSteps;
    batch = newBatch;
    if (!loaded) {
      throw new IllegalStateException("no weights are loaded: call load first");
    }
    if (newSteps > 0 && newBatch > 0) {
      walk.rows.set(newSteps, newBatch, lengths);
      walk.reserve();
      walk.up(
          newLayout, newSteps, newBatch, lengths, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    }
    layout = newLayout;
  }

  /** The same for arrays that begin with their first element. */
  public void forward(
      SequenceLayout newLayout,
      int newSteps,
      int newBatch,
      int @Nullable [] lengths,
      float[] x,
      float[] y,
      float[] h,
      float @Nullable [] c) {
    forward(newLayout, newSteps, newBatch, lengths, x, 0, y, 0, h, 0, c, 0);
  }

  /**
   * Goes back through the steps and layers of the last {@link #forward}, once.
   *
   * @param x the inputs of that call, unchanged
   * @param dy the gradients of y, in the layout of that call, padding never read; null for none
   * @param dh the gradients of the states that the parts ended with; receives those of the states
   *     that they began with
   * @param dc the gradients of the cell states, likewise; null for a kind without cells
   * @param dx receives the gradients of x, in the same layout, 0 on padding; null when nobody wants
   *     them
   * @param gradients receives those of the weights
   * @param accumulate whether to add to what the gradients hold, or to overwrite it
   * @throws NullPointerException when another argument is null
   * @throws IllegalArgumentException when {@code gradients} are of another spec or not in PyTorch's
   *     format, {@code dc} is given for a kind without cells, or an array that is written overlaps
   *     another one
   * @throws IllegalStateException when there was no forward call since the last backward call, load
   *     or change of masks
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void backward(
      float[] x,
      int xOffset,
      float @Nullable [] dy,
      int dyOffset,
      float[] dh,
      int dhOffset,
      float @Nullable [] dc,
      int dcOffset,
      float @Nullable [] dx,
      int dxOffset,
      StackWeights gradients,
      boolean accumulate) {
    SequenceLayout of = layout;
    if (of == null) {
      throw new IllegalStateException("there is nothing to go back through: call forward first");
    }
    StackChecks.backward(
        spec, steps, batch, x, xOffset, dy, dyOffset, dh, dhOffset, dc, dcOffset, dx, dxOffset,
        gradients);
    layout = null;
    if (steps == 0 || batch == 0) {
      for (int i = 0; i < gradients.arrays().size() && !accumulate; i++) {
        Arrays.fill(gradients.arrays().get(i), 0f);
      }
      return;
    }
    walk.reserveGradients();
    for (int layer = spec.layers() - 1; layer >= 0; layer--) {
      int width = spec.inputSize(layer);
      if (layer == 0) {
        from.strided(of, steps, batch, width, x, xOffset, width);
      } else {
        from.packed(width, inputs[layer], 0, width);
      }
      boolean last = layer == spec.layers() - 1;
      boolean wanted = layer > 0 || dx != null;
      for (int direction = 0; direction < spec.directions(); direction++) {
        int part = layer * spec.directions() + direction;
        if (wanted) {
          toInput(of, layer, dx, dxOffset);
        }
        if (direction > 0) {
          dIn.adding();
        }
        if (last && dy != null) {
          walk.strided(dOut, of, steps, batch, dy, dyOffset, part);
        } else if (!last) {
          walk.packed(dOut, dInputs[(layer + 1) & 1], part);
        }
        cells[part].backward(
            from,
            last && dy == null ? null : dOut,
            dh,
            dhOffset + part * batch * spec.stateSize(),
            dc,
            dc == null ? 0 : dcOffset + part * batch * spec.hiddenSize(),
            wanted ? dIn : null,
            gradients.part(part),
            accumulate);
      }
      if (wanted && spec.residual(layer) && !(last && dy == null)) {
        if (last) {
          walk.whole(dOut, of, steps, batch, Objects.requireNonNull(dy), dyOffset);
        } else {
          dOut.packed(spec.outputSize(), dInputs[(layer + 1) & 1], 0, spec.outputSize());
        }
        walk.add(dOut, dIn);
      }
      if (layer > 0) {
        walk.between(layer - 1, dInputs[layer & 1]);
      }
    }
    from.release();
    dOut.release();
    dIn.release();
  }

  private void toInput(SequenceLayout of, int layer, float @Nullable [] dx, int dxOffset) {
    int width = spec.inputSize(layer);
    if (layer > 0) {
      dIn.packed(width, dInputs[layer & 1], 0, width);
    } else if (dx != null) {
      dIn.strided(of, steps, batch, width, dx, dxOffset, width);
    }
  }

  private final class Training extends Walk {

    Training(StackSpec spec) {
      super(spec);
    }

    void reserve() {
      for (int layer = 1; layer < spec.layers(); layer++) {
        inputs[layer] = reserve(inputs[layer]);
      }
    }

    void reserveGradients() {
      for (int layer = 1; layer < spec.layers(); layer++) {
        dInputs[layer & 1] = reserve(dInputs[layer & 1]);
      }
    }

    @Override
    float[] buffer(int layer) {
      return inputs[layer];
    }

    @Override
    void run(
        int part,
        int steps,
        int batch,
        int @Nullable [] lengths,
        Sequence from,
        Sequence to,
        float[] h,
        int hOffset,
        float @Nullable [] c,
        int cOffset) {
      cells[part].forward(
          steps, batch, lengths, spec.direction(part), from, to, h, hOffset, c, cOffset);
    }

    @Override
    void between(int layer, float[] values) {
      drop(layer, values, seed, firstRow, firstStep);
    }
  }
}
