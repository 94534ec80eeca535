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
 * <p><b>Formula.</b> Forward that of the {@link CellSpec}, with the bits of {@link Cell}. Backward,
 * with dz the gradients of the sums of a step,
 *
 * <pre>
 *   dW = sum dz_t x_t^T    dR = sum dz_t h_{t-1}^T    db = sum dz_t    dx_t = W^T dz_t
 *   dh_{t-1} = dy_{t-1} + R^T dz_t (+ what passes a GRU's update gate)
 * </pre>
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
 * of the IEEE 78(10), 1990; checkpoints: A. Griewank and A. Walther, ACM TOMS 26(1), 2000.
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
  private float[] savedH = {};
  private float[] savedC = {};

  private boolean loaded;
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

  /** Lets a probe listen to each backward call from now on; null for none, the default. */
  public CellTrainer probe(@Nullable BackwardProbe listener) {
    probe = listener;
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
    long blocks = (long) kept * ofBatch * forward.block().width();
    return 4 * (blocks + ((long) kept + 1) * ofBatch * cell.paddedOutput() + saved);
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
    layout = null;
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
    if (!loaded) {
      throw new IllegalStateException("no weights are loaded: call load first");
    }
    layout = null;
    steps = newSteps;
    batch = newBatch;
    if (steps > 0 && batch > 0) {
      this.x.set(newLayout, steps, batch, spec().inputSize(), x, xOffset);
      this.y.set(newLayout, steps, batch, spec().outputSize(), y, yOffset);
      rows.uniform(steps, batch, false);
      run(h, hOffset, c == null ? NONE : c, cOffset);
    }
    layout = newLayout;
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

  private void run(float[] h, int hOffset, float[] c, int cOffset) {
    segment = segmentOf(steps);
    try {
      forward.begin(rows, segment, x, y, h, hOffset, c, cOffset);
      for (int t = 0; t < steps; t += segment) {
        if (t > 0) {
          forward.carry(t);
        }
        save(t);
        forward.run(t, Math.min(t + segment, steps));
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
   * @throws IllegalStateException when there was no forward call since the last backward call or
   *     load
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
    if (of == null) {
      throw new IllegalStateException("there is nothing to go back through: call forward first");
    }
    check(x, xOffset, dy, dyOffset, dh, dhOffset, dc, dcOffset, dx, dxOffset, gradients);
    layout = null;
    if (!accumulate) {
      WeightGradients.clear(gradients);
    }
    if (steps == 0 || batch == 0) {
      return;
    }
    this.x.set(of, steps, batch, spec().inputSize(), x, xOffset);
    this.dx.set(of, steps, batch, spec().inputSize(), dx, dxOffset);
    this.dy.set(of, steps, batch, spec().outputSize(), dy, dyOffset);
    try {
      backward.begin(
          rows, this.dy, dh, dhOffset, dc == null ? NONE : dc, dcOffset, truncation, probe);
      goBack(gradients);
      backward.end();
    } finally {
      forward.end();
      this.x.release();
      this.dx.release();
      this.dy.release();
    }
  }

  private void goBack(WeightSet gradients) {
    int lastSegment = (steps - 1) / segment * segment;
    for (int t = lastSegment; t >= 0; t -= segment) {
      int end = Math.min(t + segment, steps);
      if (t < lastSegment) {
        restore(t);
        forward.beginAgain(rows, x);
        forward.run(t, end);
      }
      backward.run(t, end, x, dx, gradients);
    }
  }

  private void check(
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
      WeightSet gradients) {
    requireNonNull(gradients, "gradients");
    if (!gradients.spec().equals(spec()) || gradients.format() != WeightFormat.PYTORCH) {
      throw new IllegalArgumentException(
          "gradients are " + gradients + ", must be of " + spec() + " in format PYTORCH");
    }
    long all = (long) steps * batch;
    long xs = all * spec().inputSize();
    long ys = all * spec().outputSize();
    long hs = (long) batch * spec().outputSize();
    long cs = (long) batch * spec().hiddenSize();
    Checks.range("x", x, xOffset, xs);
    CellChecks.pair(spec(), "dh", "dc", batch, dh, dhOffset, dc, dcOffset);
    Checks.apart("dh", dh, dhOffset, hs, "x", x, xOffset, xs);
    if (dy != null) {
      Checks.range("dy", dy, dyOffset, ys);
      Checks.apart("dh", dh, dhOffset, hs, "dy", dy, dyOffset, ys);
    }
    if (dx != null) {
      Checks.range("dx", dx, dxOffset, xs);
      Checks.apart("dx", dx, dxOffset, xs, "x", x, xOffset, xs);
      Checks.apart("dx", dx, dxOffset, xs, "dh", dh, dhOffset, hs);
      if (dy != null) {
        Checks.apart("dx", dx, dxOffset, xs, "dy", dy, dyOffset, ys);
      }
    }
    if (dc != null) {
      Checks.apart("dc", dc, dcOffset, cs, "x", x, xOffset, xs);
      if (dy != null) {
        Checks.apart("dc", dc, dcOffset, cs, "dy", dy, dyOffset, ys);
      }
      if (dx != null) {
        Checks.apart("dx", dx, dxOffset, xs, "dc", dc, dcOffset, cs);
      }
    }
    for (float[] array : gradients.arrays()) {
      Checks.apart("gradients", array, 0, array.length, "x", x, xOffset, xs);
      Checks.apart("gradients", array, 0, array.length, "dh", dh, dhOffset, hs);
      if (dy != null) {
        Checks.apart("gradients", array, 0, array.length, "dy", dy, dyOffset, ys);
      }
      if (dc != null) {
        Checks.apart("gradients", array, 0, array.length, "dc", dc, dcOffset, cs);
      }
      if (dx != null) {
        Checks.apart("gradients", array, 0, array.length, "dx", dx, dxOffset, xs);
      }
    }
  }
}
