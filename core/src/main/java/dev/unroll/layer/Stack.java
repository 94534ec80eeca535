package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.Cell;
import dev.unroll.cell.Rows;
import dev.unroll.cell.Sequence;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.internal.check.Checks;
import dev.unroll.kernel.Parallelism;
import org.jspecify.annotations.Nullable;

/**
 * A stack of recurrent cells for serving: over whole sequences, of one length or of many, or step
 * by step.
 *
 * <p><b>Formula.</b> That of the {@link StackSpec}, without dropout; each cell is a {@link Cell}.
 *
 * <p><b>Shapes.</b> T steps, N rows, I inputs, L layers, D directions, H units, P values of a state
 * (H without a projection). x is [T][N][I] or [N][T][I], y is [T][N][P] or [N][T][P], with two
 * directions side by side [T][N][2P] or [N][T][2P]; h is [LD][N][P], c is [LD][N][H], layer after
 * layer, forward before reverse, as PyTorch has them. All without gaps, from an offset on. T and N
 * may be 0.
 *
 * <p><b>Lengths.</b> A row may have fewer than T steps, none included, in any order. What lies
 * behind its end is padding: never read in x, 0 in y, and without cost. The states of a row are
 * those after its own last step; in reverse it begins there. A row without steps keeps its states.
 *
 * <p><b>Aliasing.</b> x, y, h and c share no element.
 *
 * <p><b>Bits.</b> Those of each row alone, for any number of threads, any padding, on every
 * machine; those of {@link #step} called T times.
 *
 * <p><b>Accuracy, special values.</b> As for {@link Cell}; sums of directions and residuals are
 * rounded once each.
 *
 * <p><b>Allocation.</b> None once T, N have been seen. A plan owns its workspace, so it belongs to
 * one thread at a time; plans share weights.
 */
public final class Stack {

  private final PackedStack weights;
  private final StackSpec spec;
  private final Cell[] cells;
  private final Serving walk;

  /** Outputs of odd and of even layers. */
  private final float[][] between = {{}, {}};

  /** What a layer gives in a step, residual included. */
  private float[] stepValues = {};

  private Stack(PackedStack weights, Parallelism threads) {
    this.weights = weights;
    spec = weights.spec();
    cells = new Cell[spec.parts()];
    for (int part = 0; part < cells.length; part++) {
      cells[part] = Cell.of(weights.part(part), threads);
    }
    walk = new Serving(spec);
  }

  /** A stack that runs in the calling thread. */
  public static Stack of(PackedStack weights) {
    return of(weights, Parallelism.none());
  }

  /** A stack whose rows, or units where the rows are too few, are shared by threads. */
  public static Stack of(PackedStack weights, Parallelism threads) {
    return new Stack(requireNonNull(weights, "weights"), requireNonNull(threads, "threads"));
  }

  /** The weights that this plan runs. */
  public PackedStack weights() {
    return weights;
  }

  /** What the plan runs. */
  public StackSpec spec() {
    return spec;
  }

  /** What the plan's workspace takes at the moment. */
  public long workspaceBytes() {
    long bytes = 4L * ((long) between[0].length + between[1].length + stepValues.length);
    for (Cell cell : cells) {
      bytes += cell.workspaceBytes();
    }
    return bytes;
  }

  /**
   * Runs N sequences of at most T steps.
   *
   * @param lengths the steps of each row, from 0 to T; null when all have T
   * @param x the inputs
   * @param y receives the outputs of the last layer, in the same layout; 0 on padding
   * @param h the states that each part begins with; receives those that it ends with
   * @param c the cell states of an LSTM, likewise; null for another kind
   * @throws NullPointerException when another argument is null
   * @throws IllegalArgumentException when {@code steps} or {@code batch} is negative, there is not
   *     one length for each row, a length is negative or above {@code steps}, {@code c} is given
   *     for a kind without cells, or an array that is written overlaps another one
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void forward(
      SequenceLayout layout,
      int steps,
      int batch,
      int @Nullable [] lengths,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    requireNonNull(layout, "layout");
    Rows.check(steps, batch, lengths);
    StackChecks.forward(spec, steps, batch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    if (steps == 0 || batch == 0) {
      return;
    }
    walk.rows.set(steps, batch, lengths);
    walk.reserve();
    walk.up(layout, steps, batch, lengths, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
  }

  /** The same for arrays that begin with their first element. */
  public void forward(
      SequenceLayout layout,
      int steps,
      int batch,
      int @Nullable [] lengths,
      float[] x,
      float[] y,
      float[] h,
      float @Nullable [] c) {
    forward(layout, steps, batch, lengths, x, 0, y, 0, h, 0, c, 0);
  }

  /**
   * Runs one step of N sequences, for inputs that arrive one by one.
   *
   * @param x the inputs, [N][I]
   * @param y receives the outputs of the last layer, [N][P]
   * @param h the states, updated
   * @param c the cell states of an LSTM, updated; null for another kind
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code batch} is negative, {@code c} is given for a kind
   *     without cells, or an array that is written overlaps another one
   * @throws IllegalStateException when the stack has two directions: the one in reverse begins with
   *     the last step
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void step(
      int batch,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    if (spec.directions() > 1) {
      throw new IllegalStateException("a stack in both directions has no steps: call forward");
    }
    Checks.size("batch", batch);
    StackChecks.forward(spec, 1, batch, x, xOffset, y, yOffset, h, hOffset, c, cOffset);
    int width = spec.outputSize();
    int values = batch * width;
    float[] from = x;
    int from0 = xOffset;
    for (int layer = 0; layer < spec.layers(); layer++) {
      int h0 = hOffset + layer * values;
      int c0 = c == null ? 0 : cOffset + layer * batch * spec.hiddenSize();
      cells[layer].step(batch, from, from0, h, h0, c, c0);
      if (spec.residual(layer)) {
        if (stepValues.length < values) {
          stepValues = new float[values];
        }
        for (int i = 0; i < values; i++) {
          stepValues[i] = h[h0 + i] + from[from0 + i];
        }
        from = stepValues;
        from0 = 0;
      } else {
        from = h;
        from0 = h0;
      }
    }
    System.arraycopy(from, from0, y, yOffset, values);
  }

  private final class Serving extends Walk {

    Serving(StackSpec spec) {
      super(spec);
    }

    void reserve() {
      for (int layer = 1; layer < spec.layers(); layer++) {
        between[layer & 1] = reserve(between[layer & 1]);
      }
    }

    @Override
    float[] buffer(int layer) {
      return between[layer & 1];
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
    void between(int layer, float[] values) {}
  }
}
