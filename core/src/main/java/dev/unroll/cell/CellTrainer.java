package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent cell for training: forward over whole sequences, keeping what the way back needs, and
 * backward through time.
 *
 * <p><b>Formula.</b> Forward that of the {@link CellSpec}, with the bits of {@link Cell} but for
 * zoneout and variational dropout. Backward, with dz the gradients of the sums of a step,
 *
 * <pre>
 *   dW = sum dz_t x_t^T    dR = sum dz_t h_{t-1}^T    db = sum dz_t    dx_t = W^T dz_t
 *   dh_{t-1} = dy_{t-1} + R^T dz_t (+ what passes a GRU's update gate)
 * </pre>
 *
 * <p><b>Masks.</b> Zoneout and variational dropout draw masks. A bit of them is a function of the
 * seed, the row, the step and the unit, nothing else: see {@link #masks}. So the way back has those
 * of the way there, whatever was computed again in between, and a batch in two halves or a sequence
 * in two pieces has the masks of the whole. In reverse a step has the mask of its place in time.
 *
 * <p><b>Shapes.</b> As for {@link Cell}; dx is shaped like x, dy like y, dh and dc like h and c. A
 * gradient is a {@link WeightSet} of the same spec in PyTorch's format.
 *
 * <p><b>Accumulates.</b> {@link #backward} adds to the gradients or overwrites them, as it is told;
 * dx, dh and dc are overwritten.
 *
 * <p><b>Bits.</b> An element of a weight's gradient is one chain over all rows of all steps, the
 * last row of the last step first. So neither threads nor checkpoints change a bit; dx, dh and dc
 * of a row do not depend on the others either.
 *
 * <p><b>Accuracy.</b> Gradients within a relative 1e-6 sqrt(T H) of the exact ones, norm by norm.
 *
 * <p><b>Allocation.</b> None once T, N have been seen. A trainer belongs to one thread at a time.
 *
 * <p>Source: P. Werbos, "Backpropagation through time: what it does and how to do it", Proceedings
 * of the IEEE 78(10), 1990; checkpoints: A. Griewank and A. Walther, ACM TOMS 26(1), 2000; zoneout
 * and variational dropout: as for {@link CellSpec}.
 */
public final class CellTrainer {

  private static final float[] NONE = {};

  private final PackedCell cell;
  private final Tape tape = new Tape(true);
  private final ForwardPass forward;
  private final BackwardPass backward;
  private final Rows rows = new Rows();
  private final Sequence x = new Sequence();
  private final Sequence y = new Sequence();
  private final Sequence dy = new Sequence();
  private final Sequence dx = new Sequence();

  /** Steps between checkpoints; 0 for none, -1 for the square root of the steps. */
  private int interval;

  private int truncation;
  private @Nullable BackwardProbe probe;
  private @Nullable BackwardSignals signals;
  private float[] savedH = {};
  private float[] savedC = {};

  private boolean loaded;

  /** Whether there is a forward call to go back through. */
  private boolean ready;

  /** The layout of that call, when it had one. */
  private @Nullable SequenceLayout layout;

  private int steps;
  private int batch;
  private int segment;

  private CellTrainer(CellSpec spec, Parallelism threads, KernelSet kernels) {
    cell = new PackedCell(spec, WeightStorage.FLOAT32, kernels.matmul().shape(), true);
    forward = new ForwardPass(cell, tape, threads, kernels);
    backward = new BackwardPass(cell, tape, forward, threads, kernels);
  }

  /** A trainer that runs in the calling thread. */
  public static CellTrainer of(CellSpec spec) {
    return of(spec, Parallelism.none());
  }

  /** A trainer whose rows and products are shared by threads. */
  public static CellTrainer of(CellSpec spec, Parallelism threads) {
    return of(requireNonNull(spec, "spec"), requireNonNull(threads, "threads"), Kernels.get());
  }

  /** The same with any twin. */
  static CellTrainer of(CellSpec spec, Parallelism threads, KernelSet kernels) {
    return new CellTrainer(spec, threads, kernels);
  }

  /**
   * Keeps only the states of every so many steps, and computes the rest again on the way back:
   * memory for T / interval states and interval steps, for one more forward pass. 0 keeps all, the
   * default.
   *
   * @throws IllegalArgumentException when {@code steps} is negative
   */
  public CellTrainer checkpointEvery(int steps) {
    Checks.size("steps", steps);
    interval = steps;
    return this;
  }

  /** Checkpoints every sqrt(T) steps, so that the memory grows with sqrt(T). */
  public CellTrainer checkpointBySquareRoot() {
    interval = -1;
    return this;
  }

  /**
   * Truncated backpropagation: no gradient of a state passes from step t to the one before where t
   * is a multiple of {@code steps}. 0 hands all gradients through, the default.
   *
   * @throws IllegalArgumentException when {@code steps} is negative
   */
  public CellTrainer truncateEvery(int steps) {
    Checks.size("steps", steps);
    truncation = steps;
    return this;
  }

  /**
   * The masks of the forward calls that follow, for zoneout and variational dropout. A new seed for
   * each update gives new masks; the same one gives the same again. At first all three are 0.
   *
   * @param seed any number
   * @param firstRow the number that row 0 has among all rows: not 0 when a batch comes in parts
   * @param firstStep the number that step 0 has: not 0 when a sequence comes in pieces
   */
  public CellTrainer masks(long seed, long firstRow, long firstStep) {
    forward.masks().set(seed, firstRow, firstStep);
    ready = false;
    return this;
  }

  /** Lets a probe listen to each backward call from now on; null for none, the default. */
  public CellTrainer probe(@Nullable BackwardProbe listener) {
    probe = listener;
    return this;
  }

  /** Lets the signals of each backward call from now on be kept; null for none, the default. */
  public CellTrainer keep(@Nullable BackwardSignals keeper) {
    signals = keeper;
    return this;
  }

  /** What is trained. */
  public CellSpec spec() {
    return cell.spec();
  }

  /** What the packed weights take. */
  public long weightBytes() {
    return cell.bytes();
  }

  /** What the workspace takes at the moment. */
  public long workspaceBytes() {
    return tape.bytes()
        + forward.workspaceBytes()
        + backward.workspaceBytes()
        + 4L * ((long) savedH.length + savedC.length);
  }

  /**
   * What the way back will need to keep of so many steps: the largest part of the workspace.
   *
   * @throws IllegalArgumentException when a size is negative
   */
  public long tapeBytes(int ofSteps, int ofBatch) {
    Checks.size("ofSteps", ofSteps);
    Checks.size("ofBatch", ofBatch);
    int kept = segmentOf(ofSteps);
    long state = cell.paddedOutput() + (spec().hasCell() ? (long) cell.padded() : 0);
    long saved = kept < ofSteps ? Math.ceilDiv(ofSteps, kept) * state * ofBatch : 0;
    CellMasks masks = forward.masks();
    long width = forward.block().width() + (masks.dropsRecurrent() ? cell.paddedOutput() : 0L);
    long blocks = (long) kept * ofBatch * width;
    return 4 * (blocks + ((long) kept + 1) * ofBatch * cell.paddedOutput() + saved)
        + masks.bytes(ofBatch);
  }

  private int segmentOf(int ofSteps) {
    int root = (int) Math.ceil(Math.sqrt(ofSteps));
    int wanted = interval < 0 ? root : interval == 0 ? ofSteps : interval;
    return Math.max(1, Math.min(wanted, ofSteps));
  }

  /**
   * Packs the weights; again after each update.
   *
   * @throws NullPointerException when {@code weights} is null
   * @throws IllegalArgumentException when they are of another spec
   */
  public void load(WeightSet weights) {
    requireNonNull(weights, "weights");
    if (!weights.spec().equals(spec())) {
      throw new IllegalArgumentException(
          "weights are of " + weights.spec() + ", must be of " + spec());
    }
    cell.load(weights);
    loaded = true;
    ready = false;
  }

  /**
   * Runs T steps of N sequences and keeps what {@link #backward} needs. Arguments and results as in
   * {@link Cell#forward}.
   *
   * @throws IllegalStateException when no weights are loaded
   */
  public void forward(
      SequenceLayout newLayout,
      int newSteps,
      int newBatch,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    requireNonNull(newLayout, "layout");
    Checks.size("steps", newSteps);
    Checks.size("batch", newBatch);
    CellChecks.forward(spec(), newSteps, newBatch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    begin(newSteps, newBatch);
    rows.uniform(steps, batch, false);
    if (steps > 0 && batch > 0) {
      this.x.set(newLayout, steps, batch, spec().inputSize(), x, xOffset);
      this.y.set(newLayout, steps, batch, spec().outputSize(), y, yOffset);
      run(this.x, this.y, h, hOffset, c == null ? NONE : c, cOffset);
    }
    layout = newLayout;
    ready = true;
  }

  /** The same for arrays that begin with their first element. */
  public void forward(
      SequenceLayout newLayout,
      int newSteps,
      int newBatch,
      float[] x,
      float[] y,
      float[] h,
      float @Nullable [] c) {
    forward(newLayout, newSteps, newBatch, x, 0, y, 0, h, 0, c, 0);
  }

  /**
   * Runs N sequences of different lengths, in either direction, wherever they lie, and keeps what
   * {@link #backward(Sequence, Sequence, float[], int, float[], int, Sequence, WeightSet, boolean)}
   * needs. Arguments and results as in {@link Cell#forward(int, int, int[], Direction, Sequence,
   * Sequence, float[], int, float[], int)}.
   *
   * @throws IllegalStateException when no weights are loaded
   */
  public void forward(
      int newSteps,
      int newBatch,
      int @Nullable [] lengths,
      Direction direction,
      Sequence x,
      Sequence y,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    Rows.check(newSteps, newBatch, lengths);
    boolean reversed = requireNonNull(direction, "direction") == Direction.REVERSE;
    CellChecks.states(spec(), newBatch, h, hOffset, c, cOffset);
    ready = false;
    rows.ragged(newSteps, newBatch, lengths, reversed);
    CellChecks.forward(spec(), newSteps, rows, x, y, h, hOffset, c, cOffset);
    begin(newSteps, newBatch);
    if (steps > 0 && batch > 0) {
      y.clearPadding(rows);
      run(x, y, h, hOffset, c == null ? NONE : c, cOffset);
    }
    layout = null;
    ready = true;
  }

  private void begin(int newSteps, int newBatch) {
    if (!loaded) {
      throw new IllegalStateException("no weights are loaded: call load first");
    }
    ready = false;
    steps = newSteps;
    batch = newBatch;
    segment = segmentOf(newSteps);
  }

  private void run(Sequence from, Sequence to, float[] h, int hOffset, float[] c, int cOffset) {
    try {
      forward.begin(rows, segment, from, to, h, hOffset, c, cOffset);
      int longest = rows.steps();
      for (int t = 0; t < longest; t += segment) {
        if (t > 0) {
          forward.carry(t);
        }
        save(t);
        forward.run(t, Math.min(t + segment, longest));
      }
    } finally {
      forward.end();
      x.release();
      y.release();
    }
  }

  private void save(int t) {
    if (segment >= steps) {
      return;
    }
    int index = t / segment;
    int number = Math.ceilDiv(steps, segment);
    int h = batch * cell.paddedOutput();
    savedH = Tape.reserve(savedH, (long) number * h);
    System.arraycopy(tape.h, 0, savedH, index * h, rows.count(t) * cell.paddedOutput());
    if (spec().hasCell()) {
      int c = batch * cell.padded();
      savedC = Tape.reserve(savedC, (long) number * c);
      System.arraycopy(tape.c, 0, savedC, index * c, rows.count(t) * cell.padded());
    }
  }

  private void restore(int t) {
    int index = t / segment;
    int h = batch * cell.paddedOutput();
    System.arraycopy(savedH, index * h, tape.h, 0, rows.count(t) * cell.paddedOutput());
    if (spec().hasCell()) {
      int c = batch * cell.padded();
      System.arraycopy(savedC, index * c, tape.c, 0, rows.count(t) * cell.padded());
    }
  }

  /**
   * Goes back through the steps of the last {@link #forward}, once.
   *
   * @param x the inputs of that call, unchanged
   * @param dy the gradients of y, in the layout of that call; null for none
   * @param dh the gradients of the states after the last step; receives those of the states before
   *     the first
   * @param dc the gradients of the cell states, likewise; null for a kind without cells
   * @param dx receives the gradients of x, in the same layout; null when nobody wants them
   * @param gradients receives those of the weights
   * @param accumulate whether to add to what the gradients hold, or to overwrite it
   * @throws NullPointerException when another array, or {@code gradients}, is null
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
      WeightSet gradients,
      boolean accumulate) {
    SequenceLayout of = layout;
    if (!ready || of == null) {
      throw new IllegalStateException(
          ready
              ? "the last forward call was made with sequences: so must this be"
              : "there is nothing to go back through: call forward first");
    }
    long all = (long) steps * batch;
    Checks.range("x", x, xOffset, all * spec().inputSize());
    if (dy != null) {
      Checks.range("dy", dy, dyOffset, all * spec().outputSize());
    }
    if (dx != null) {
      Checks.range("dx", dx, dxOffset, all * spec().inputSize());
    }
    this.x.set(of, steps, batch, spec().inputSize(), x, xOffset);
    this.dx.set(of, steps, batch, spec().inputSize(), dx, dxOffset);
    this.dy.set(of, steps, batch, spec().outputSize(), dy, dyOffset);
    goBack(this.x, this.dy, dh, dhOffset, dc, dcOffset, this.dx, gradients, accumulate);
  }

  /**
   * Goes back through the steps of the last call with sequences, once.
   *
   * @param x the inputs of that call, unchanged
   * @param dy the gradients of y, padding never read; null for none
   * @param dh the gradients of the states that the call gave; receives those of the states that it
   *     began with
   * @param dc the gradients of the cell states, likewise; null for a kind without cells
   * @param dx receives the gradients of x, or is added to; 0 on padding, unless it is added to;
   *     null when nobody wants them
   * @param gradients receives those of the weights
   * @param accumulate whether to add to what the gradients hold, or to overwrite it
   * @throws NullPointerException when another argument is null
   * @throws IllegalArgumentException when {@code gradients} are of another spec or not in PyTorch's
   *     format, a sequence has other sizes, {@code dc} is given for a kind without cells, or an
   *     array that is written overlaps another one
   * @throws IllegalStateException when there was no such forward call since the last backward call,
   *     load or change of masks
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void backward(
      Sequence x,
      @Nullable Sequence dy,
      float[] dh,
      int dhOffset,
      float @Nullable [] dc,
      int dcOffset,
      @Nullable Sequence dx,
      WeightSet gradients,
      boolean accumulate) {
    if (!ready || layout != null) {
      throw new IllegalStateException(
          ready
              ? "the last forward call was made without sequences: so must this be"
              : "there is nothing to go back through: call forward first");
    }
    this.x.release();
    this.dx.release();
    this.dy.release();
    Sequence fromDy = dy == null ? this.dy : dy;
    Sequence toDx = dx == null ? this.dx : dx;
    goBack(x, fromDy, dh, dhOffset, dc, dcOffset, toDx, gradients, accumulate);
  }

  private void goBack(
      Sequence fromX,
      Sequence fromDy,
      float[] dh,
      int dhOffset,
      float @Nullable [] dc,
      int dcOffset,
      Sequence toDx,
      WeightSet gradients,
      boolean accumulate) {
    try {
      CellChecks.backward(
          spec(), steps, rows, fromX, fromDy, dh, dhOffset, dc, dcOffset, toDx, gradients);
      ready = false;
      if (!accumulate) {
        WeightGradients.clear(gradients);
      }
      if (toDx.given()) {
        toDx.clearPadding(rows);
      }
      float[] cells = dc == null ? NONE : dc;
      backward.begin(rows, fromDy, dh, dhOffset, cells, dcOffset, truncation, probe, signals);
      int longest = rows.steps();
      // Negative when there is no step at all.
      int lastSegment = Math.ceilDiv(longest, segment) * segment - segment;
      for (int t = lastSegment; t >= 0; t -= segment) {
        int end = Math.min(t + segment, longest);
        if (t < lastSegment) {
          restore(t);
          forward.beginAgain(rows, fromX);
          forward.run(t, end);
        }
        backward.run(t, end, fromX, toDx, gradients);
      }
      backward.end();
    } finally {
      forward.end();
      x.release();
      dx.release();
      dy.release();
    }
  }
}
