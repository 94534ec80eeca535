package dev.unroll.testing.law;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The laws of a kernel that runs a recurrent cell, a filter or any other state over sequences: time
 * may be cut, rows of a batch know nothing of each other.
 *
 * <pre>{@code
 * SequenceLaws.of("lstm", 5, 7, new int[] {7, 7}, (t, n, x, state, y) -> ...).checkAll();
 * }</pre>
 *
 * <p>In bits unless {@link #within} says otherwise.
 */
public final class SequenceLaws {

  /**
   * A kernel over a batch of sequences, time-major.
   *
   * <p>x is [steps, batch, inputs] and y [steps, batch, outputs], both without padding. Each state
   * is [batch, size]: where the sequences start, and after the call where they ended.
   */
  @FunctionalInterface
  public interface Sequence {
    /** Runs all steps. */
    void run(int steps, int batch, float[] x, float[][] states, float[] y);
  }

  private final String name;
  private final int inputs;
  private final int outputs;
  private final int[] stateSizes;
  private final Sequence kernel;
  private Reproducer start;
  private double tolerance;
  private Fill fill = Fill.MODERATE;
  private int[][] shapes = {{1, 1}, {2, 1}, {1, 3}, {5, 2}, {9, 5}, {4, 17}, {33, 3}};
  private long seed;

  private SequenceLaws(String name, int inputs, int outputs, int[] stateSizes, Sequence kernel) {
    this.name = name;
    this.inputs = inputs;
    this.outputs = outputs;
    this.stateSizes = stateSizes.clone();
    this.kernel = kernel;
    start = Reproducer.of(name);
  }

  /**
   * The laws of a kernel.
   *
   * @param stateSizes the size of each state of one sequence
   */
  public static SequenceLaws of(
      String name, int inputs, int outputs, int[] stateSizes, Sequence kernel) {
    return new SequenceLaws(name, inputs, outputs, stateSizes, kernel);
  }

  /** Instead of the same bits, values that differ by no more than this. */
  public SequenceLaws within(double absolute) {
    tolerance = absolute;
    return this;
  }

  /** Steps and batch sizes to try. */
  public SequenceLaws shapes(int[]... stepsAndBatch) {
    shapes = stepsAndBatch.clone();
    return this;
  }

  /** The kind of data; moderate unless told otherwise. */
  public SequenceLaws data(Fill kind) {
    fill = kind;
    return this;
  }

  /** Other data; 0 unless told otherwise. */
  public SequenceLaws seed(long value) {
    seed = value;
    return this;
  }

  /** What failures say first. */
  public SequenceLaws reproducer(Reproducer from) {
    start = from;
    return this;
  }

  /** All of them, over the shapes. */
  public Laws laws() {
    return new Laws(
        name,
        List.of(
            law("the same bits from call to call", this::again),
            law("leaves its input alone", this::input),
            law("time may be cut anywhere", this::cut),
            law("steps one by one", this::steps),
            law("a row of a batch alone", this::rows),
            law("permuted rows of a batch", this::permuted),
            law("no steps, no rows", this::empty)));
  }

  /** Checks all of them; see {@link Laws#checkAll}. */
  public void checkAll() {
    laws().checkAll();
  }

  private interface OfShape {
    void check(int steps, int batch);
  }

  private Law law(String says, OfShape check) {
    return new Law(
        says,
        () -> {
          for (int[] shape : shapes) {
            check.check(shape[0], shape[1]);
          }
        });
  }

  /** Where a run ended. */
  @SuppressWarnings("ArrayRecordComponent") // a bundle, never compared
  private record Run(float[] y, float[][] states) {}

  private Run run(int steps, int batch, float[] x, float[][] from) {
    float[] y = new float[steps * batch * outputs];
    Arrays.fill(y, Float.NaN);
    float[][] states = new float[from.length][];
    for (int i = 0; i < from.length; i++) {
      states[i] = from[i].clone();
    }
    kernel.run(steps, batch, x, states, y);
    return new Run(y, states);
  }

  private float[] x(int steps, int batch) {
    return fill.array(steps * batch * inputs, seed);
  }

  private float[][] states(int batch) {
    float[][] states = new float[stateSizes.length][];
    for (int i = 0; i < states.length; i++) {
      states[i] = fill.array(batch * stateSizes[i], seed + 1 + i);
    }
    return states;
  }

  private Reproducer where(String law, int steps, int batch) {
    return start.with("law", law).shape("steps=" + steps + " batch=" + batch).seed(seed);
  }

  private void again(int steps, int batch) {
    Run first = run(steps, batch, x(steps, batch), states(batch));
    run(2, batch + 1, x(2, batch + 1), states(batch + 1));
    Run second = run(steps, batch, x(steps, batch), states(batch));
    Reproducer where = where("again", steps, batch);
    bits(second.y, first.y, where);
    for (int i = 0; i < stateSizes.length; i++) {
      bits(second.states[i], first.states[i], where.with("state", i));
    }
  }

  private static void bits(float[] got, float[] expected, Reproducer where) {
    FloatAssert.assertBitsEqual(got, 0, expected, 0, expected.length, where);
  }

  private void input(int steps, int batch) {
    float[] x = x(steps, batch);
    Snapshot before = Snapshot.of("x", x);
    run(steps, batch, x, states(batch));
    before.assertUnmodified(where("input", steps, batch));
  }

  private void cut(int steps, int batch) {
    Run whole = run(steps, batch, x(steps, batch), states(batch));
    for (int first : new int[] {0, 1, steps / 2, steps}) {
      int at = Math.min(first, steps);
      pieces(whole, steps, batch, where("cut", steps, batch).with("first", at), at, steps - at);
    }
  }

  private void steps(int steps, int batch) {
    Run whole = run(steps, batch, x(steps, batch), states(batch));
    int[] ones = new int[steps];
    Arrays.fill(ones, 1);
    pieces(whole, steps, batch, where("steps", steps, batch), ones);
  }

  private void pieces(Run whole, int steps, int batch, Reproducer where, int... lengths) {
    float[] x = x(steps, batch);
    float[] y = new float[whole.y.length];
    float[][] states = states(batch);
    int from = 0;
    for (int length : lengths) {
      int width = batch * inputs;
      Run piece =
          run(length, batch, Arrays.copyOfRange(x, from * width, (from + length) * width), states);
      System.arraycopy(piece.y, 0, y, from * batch * outputs, piece.y.length);
      states = piece.states;
      from += length;
    }
    same(new Run(y, states), whole, where);
  }

  private void rows(int steps, int batch) {
    Run whole = run(steps, batch, x(steps, batch), states(batch));
    for (int row = 0; row < batch; row++) {
      picked(whole, steps, batch, where("row", steps, batch).with("row", row), row);
    }
  }

  private void permuted(int steps, int batch) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[batch];
    for (int i = 0; i < batch; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    Run whole = run(steps, batch, x(steps, batch), states(batch));
    picked(whole, steps, batch, where("permuted", steps, batch), order);
  }

  /** Some rows of the batch, in some order, run by themselves. */
  private void picked(Run whole, int steps, int batch, Reproducer where, int... rows) {
    float[][] states = states(batch);
    float[][] expected = new float[states.length][];
    for (int i = 0; i < states.length; i++) {
      states[i] = pick(states[i], 1, batch, stateSizes[i], rows);
      expected[i] = pick(whole.states[i], 1, batch, stateSizes[i], rows);
    }
    Run got = run(steps, rows.length, pick(x(steps, batch), steps, batch, inputs, rows), states);
    same(got, new Run(pick(whole.y, steps, batch, outputs, rows), expected), where);
  }

  private static float[] pick(float[] x, int steps, int batch, int width, int... rows) {
    float[] picked = new float[steps * rows.length * width];
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows.length; r++) {
        System.arraycopy(
            x, (t * batch + rows[r]) * width, picked, (t * rows.length + r) * width, width);
      }
    }
    return picked;
  }

  private void empty(int steps, int batch) {
    Reproducer where = where("no steps", 0, batch);
    Run none = run(0, batch, new float[0], states(batch));
    float[][] before = states(batch);
    for (int i = 0; i < before.length; i++) {
      bits(none.states[i], before[i], where.with("state", i));
    }
    run(steps, 0, new float[0], states(0));
  }

  private void same(Run got, Run expected, Reproducer where) {
    same(got.y, expected.y, where.with("array", "y"));
    for (int i = 0; i < stateSizes.length; i++) {
      same(got.states[i], expected.states[i], where.with("state", i));
    }
  }

  private void same(float[] got, float[] expected, Reproducer where) {
    if (tolerance == 0) {
      bits(got, expected, where);
      return;
    }
    double[] wide = new double[expected.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = expected[i];
    }
    FloatAssert.assertClose(got, 0, wide, wide.length, tolerance, 0, where);
  }
}
