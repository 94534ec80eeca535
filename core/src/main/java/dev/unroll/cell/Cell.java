package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent cell for serving: over whole sequences, or step by step.
 *
 * <p><b>Formula.</b> That of the {@link CellSpec}. Each sum is one chain of fma: it starts from the
 * bias, takes x, then h, both in ascending order.
 *
 * <p><b>Shapes.</b> T steps, N rows, I inputs, H units, P outputs (H without a projection). x is
 * [T][N][I] or [N][T][I], y is [T][N][P] or [N][T][P] (see {@link SequenceLayout}); h is [N][P], c
 * is [N][H]. All without gaps, from an offset on. T and N may be 0.
 *
 * <p><b>Aliasing.</b> x, y, h and c share no element.
 *
 * <p><b>Bits.</b> Those of {@link #step} called T times, of each row alone, for any number of
 * threads, on every machine.
 *
 * <p><b>Accuracy.</b> Products and activations as in {@code dev.unroll.kernel}; a step is within
 * the bound that follows from theirs.
 *
 * <p><b>Special values.</b> NaN and infinities go through as the formula says; the padding of a
 * layout never enters a result.
 *
 * <p><b>Allocation.</b> None once T, N have been seen. A plan owns its workspace, so it belongs to
 * one thread at a time; plans share weights.
 */
public final class Cell {

  private static final float[] NONE = {};

  private final PackedCell weights;
  private final Tape tape = new Tape(false);
  private final ForwardPass pass;
  private final Rows rows = new Rows();
  private final Sequence x = new Sequence();
  private final Sequence y = new Sequence();

  private Cell(PackedCell weights, Parallelism threads, KernelSet kernels) {
    this.weights = weights;
    pass = new ForwardPass(weights, tape, threads, kernels);
  }

  /** A cell that runs in the calling thread. */
  public static Cell of(PackedCell weights) {
    return of(weights, Parallelism.none());
  }

  /** A cell whose rows, or units where the rows are too few, are shared by threads. */
  public static Cell of(PackedCell weights, Parallelism threads) {
    return of(
        requireNonNull(weights, "weights"), requireNonNull(threads, "threads"), Kernels.get());
  }

  /** The same with any twin, on weights that were packed for it. */
  static Cell of(PackedCell weights, Parallelism threads, KernelSet kernels) {
    return new Cell(weights, threads, kernels);
  }

  /** The weights that this plan runs. */
  public PackedCell weights() {
    return weights;
  }

  /** What the plan runs. */
  public CellSpec spec() {
    return weights.spec();
  }

  /** What the plan's workspace takes at the moment. */
  public long workspaceBytes() {
    return tape.bytes() + pass.workspaceBytes();
  }

  /**
   * Runs T steps of N sequences.
   *
   * @param x the inputs
   * @param y receives h_t of every step, in the same layout
   * @param h the states before the first step; receives those after the last
   * @param c the cell states of an LSTM, likewise; null for another kind
   * @throws NullPointerException when an array or the layout is null
   * @throws IllegalArgumentException when {@code steps} or {@code batch} is negative, {@code c} is
   *     given for a kind without cells, or an array that is written overlaps another one
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void forward(
      SequenceLayout layout,
      int steps,
      int batch,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    requireNonNull(layout, "layout");
    Checks.size("steps", steps);
    Checks.size("batch", batch);
    CellChecks.forward(spec(), steps, batch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    if (steps == 0 || batch == 0) {
      return;
    }
    this.x.set(layout, steps, batch, spec().inputSize(), x, xOffset);
    this.y.set(layout, steps, batch, spec().outputSize(), y, yOffset);
    rows.uniform(steps, batch, false);
    run(this.x, this.y, h, hOffset, c, cOffset);
  }

  /** The same for arrays that begin with their first element. */
  public void forward(
      SequenceLayout layout,
      int steps,
      int batch,
      float[] x,
      float[] y,
      float[] h,
      float @Nullable [] c) {
    forward(layout, steps, batch, x, 0, y, 0, h, 0, c, 0);
  }

  /**
   * Runs N sequences of different lengths, in either direction, wherever they lie. A row has the
   * bits that it would have alone; steps that it does not have cost nothing, and leave its state
   * alone. Reversed, a row begins at its own last step: h and c are its states after that, and
   * receive those before its first step.
   *
   * @param steps T, the most that a row may have
   * @param lengths the steps of each row, from 0 to T; null when all have T
   * @param x the inputs
   * @param y receives h_t of every step, or is added to; 0 on padding, unless it is added to
   * @param h the states before the first step; receives those after the last
   * @param c the cell states of an LSTM, likewise; null for another kind
   * @throws NullPointerException when another argument is null
   * @throws IllegalArgumentException when {@code steps} or {@code batch} is negative, there is not
   *     one length for each row, a length is negative or above {@code steps}, a sequence has other
   *     sizes, {@code c} is given for a kind without cells, or an array that is written overlaps
   *     another one
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void forward(
      int steps,
      int batch,
      int @Nullable [] lengths,
      Direction direction,
      Sequence x,
      Sequence y,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    Rows.check(steps, batch, lengths);
    boolean reversed = requireNonNull(direction, "direction") == Direction.REVERSE;
    CellChecks.states(spec(), batch, h, hOffset, c, cOffset);
    rows.ragged(steps, batch, lengths, reversed);
    CellChecks.forward(spec(), steps, rows, x, y, h, hOffset, c, cOffset);
    if (steps == 0 || batch == 0) {
      return;
    }
    y.clearPadding(rows);
    run(x, y, h, hOffset, c, cOffset);
  }

  /**
   * Runs one step of N sequences, for inputs that arrive one by one.
   *
   * @param x the inputs, [N][I]
   * @param h the states, updated; h_t is the output of the step
   * @param c the cell states of an LSTM, updated; null for another kind
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code batch} is negative, {@code c} is given for a kind
   *     without cells, or an array that is written overlaps another one
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void step(
      int batch,
      float[] x,
      int xOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    Checks.size("batch", batch);
    CellChecks.states(spec(), 1, batch, x, xOffset, h, hOffset, c, cOffset);
    if (batch == 0) {
      return;
    }
    this.x.set(SequenceLayout.TIME_MAJOR, 1, batch, spec().inputSize(), x, xOffset);
    rows.uniform(1, batch, false);
    run(this.x, y, h, hOffset, c, cOffset);
  }

  private void run(
      Sequence from, Sequence to, float[] h, int hOffset, float @Nullable [] c, int cOffset) {
    int steps = rows.steps();
    try {
      pass.begin(rows, steps, from, to, h, hOffset, c == null ? NONE : c, cOffset);
      pass.run(0, steps);
    } finally {
      pass.end();
      x.release();
      y.release();
    }
  }
}
