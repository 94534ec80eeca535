package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import java.util.function.IntConsumer;

/**
 * An LSTM layer, forward: over whole sequences, or step by step.
 *
 * <p><b>Formula.</b> For each step and row, with the gates i, f, g, o of W, R and b:
 *
 * <pre>
 *   z   = b + W x_t + R h_{t-1}             one chain of fma for each element: b, then x, then h
 *   c_t = fma(sigmoid(z_f), c_{t-1}, sigmoid(z_i) * tanh(z_g))
 *   h_t = sigmoid(z_o) * tanh(c_t)
 * </pre>
 *
 * <p><b>Shapes.</b> T steps, N rows, I inputs, H units. x is [T][N][I] or [N][T][I], y is [T][N][H]
 * or [N][T][H] (see {@link SequenceLayout}); the states h and c are [N][H]. All without gaps, from
 * an offset on. T and N may be 0.
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
 *
 * <p>Source: S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9(8),
 * 1997; with the forget gate of F. Gers, J. Schmidhuber and F. Cummins, Neural Computation 12(10),
 * 2000.
 */
public final class Lstm {

  private final LstmWeights weights;
  private final Parallelism parallelism;
  private final LstmPass[] passes;
  private final LstmSequence call = new LstmSequence();
  private final IntConsumer rows = this::part;
  private int parts;

  /** The new states of a single step. */
  private float[] last = {};

  private Lstm(LstmWeights weights, Parallelism parallelism, KernelSet kernels) {
    this.weights = weights;
    this.parallelism = parallelism;
    passes = new LstmPass[parallelism.threads()];
    for (int i = 0; i < passes.length; i++) {
      passes[i] = new LstmPass(weights, kernels);
    }
  }

  /** A layer that runs in the calling thread. */
  public static Lstm of(LstmWeights weights) {
    return of(weights, Parallelism.none());
  }

  /** A layer whose rows are shared by threads. */
  public static Lstm of(LstmWeights weights, Parallelism threads) {
    return of(
        requireNonNull(weights, "weights"), requireNonNull(threads, "threads"), Kernels.get());
  }

  /** The same with any twin, on weights that were packed for it. */
  static Lstm of(LstmWeights weights, Parallelism threads, KernelSet kernels) {
    return new Lstm(weights, threads, kernels);
  }

  /** The weights that this plan runs. */
  public LstmWeights weights() {
    return weights;
  }

  /** What the plan's workspace takes at the moment. */
  public long workspaceBytes() {
    long bytes = 4L * last.length;
    for (LstmPass pass : passes) {
      bytes += pass.workspaceBytes();
    }
    return bytes;
  }

  /**
   * Runs T steps of N sequences.
   *
   * @param x the inputs
   * @param y receives h_t of every step, in the same layout
   * @param h the states before the first step; receives those after the last
   * @param c the cell states, likewise
   * @throws NullPointerException when an array or the layout is null
   * @throws IllegalArgumentException when {@code steps} or {@code batch} is negative, or an array
   *     that is written overlaps another one
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
      float[] c,
      int cOffset) {
    requireNonNull(layout, "layout");
    Checks.size("steps", steps);
    Checks.size("batch", batch);
    int in = weights.inputSize();
    int units = weights.hiddenSize();
    long rows = (long) steps * batch;
    Checks.range("x", x, xOffset, rows * in);
    Checks.range("y", y, yOffset, rows * units);
    states(batch, x, xOffset, rows * in, h, hOffset, c, cOffset);
    Checks.apart("y", y, yOffset, rows * units, "x", x, xOffset, rows * in);
    Checks.apart("y", y, yOffset, rows * units, "h", h, hOffset, (long) batch * units);
    Checks.apart("y", y, yOffset, rows * units, "c", c, cOffset, (long) batch * units);
    if (rows == 0) {
      return;
    }
    int yStep = layout.stepStride(batch, units);
    int yRow = layout.rowStride(steps, units);
    call.steps = steps;
    call.x = x;
    call.x0 = xOffset;
    call.xStep = layout.stepStride(batch, in);
    call.xRow = layout.rowStride(steps, in);
    call.y = y;
    call.y0 = yOffset;
    call.yStep = yStep;
    call.yRow = yRow;
    run(batch, h, hOffset, c, cOffset);
    for (int r = 0; r < batch; r++) {
      System.arraycopy(y, yOffset + (steps - 1) * yStep + r * yRow, h, hOffset + r * units, units);
    }
  }

  /**
   * Runs one step of N sequences, for inputs that arrive one by one.
   *
   * @param x the inputs, [N][I]
   * @param h the states, updated; h_t is the output of the step
   * @param c the cell states, updated
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code batch} is negative, or an array that is written
   *     overlaps another one
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void step(
      int batch, float[] x, int xOffset, float[] h, int hOffset, float[] c, int cOffset) {
    Checks.size("batch", batch);
    int in = weights.inputSize();
    int units = weights.hiddenSize();
    Checks.range("x", x, xOffset, (long) batch * in);
    states(batch, x, xOffset, (long) batch * in, h, hOffset, c, cOffset);
    if (batch == 0) {
      return;
    }
    // Every unit reads all of h, so the new states wait in a buffer until the last is done.
    if (last.length < batch * units) {
      last = new float[batch * units];
    }
    call.steps = 1;
    call.x = x;
    call.x0 = xOffset;
    call.xStep = 0;
    call.xRow = in;
    call.y = last;
    call.y0 = 0;
    call.yStep = 0;
    call.yRow = units;
    run(batch, h, hOffset, c, cOffset);
    System.arraycopy(last, 0, h, hOffset, batch * units);
  }

  private void run(int batch, float[] h, int hOffset, float[] c, int cOffset) {
    call.batch = batch;
    call.h = h;
    call.h0 = hOffset;
    call.c = c;
    call.c0 = cOffset;
    parts = Math.min(passes.length, batch);
    try {
      if (parts == 1) {
        passes[0].run(call, 0, batch);
      } else {
        parallelism.run(parts, rows);
      }
    } finally {
      call.release();
    }
  }

  private void part(int part) {
    int from = (int) ((long) call.batch * part / parts);
    int to = (int) ((long) call.batch * (part + 1) / parts);
    passes[part].run(call, from, to);
  }

  private void states(
      int batch,
      float[] x,
      int xOffset,
      long xLength,
      float[] h,
      int hOffset,
      float[] c,
      int cOffset) {
    long length = (long) batch * weights.hiddenSize();
    Checks.range("h", h, hOffset, length);
    Checks.range("c", c, cOffset, length);
    Checks.apart("h", h, hOffset, length, "x", x, xOffset, xLength);
    Checks.apart("c", c, cOffset, length, "x", x, xOffset, xLength);
    Checks.apart("h", h, hOffset, length, "c", c, cOffset, length);
  }
}
