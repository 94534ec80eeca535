package dev.unroll.cell;

import dev.unroll.internal.check.Checks;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch as a pass walks them: the longest first, so that those alive at a step are
 * always the first ones. All rows of all steps, step after step, are numbered without gaps; padding
 * has no number. Where a {@link Sequence} is packed, the numbers are the places.
 *
 * <pre>
 *   lengths 2 4 3      step 0   step 1   step 2   step 3
 *   row 0 (was 1)         0        3        6        8
 *   row 1 (was 2)         1        4        7
 *   row 2 (was 0)         2        5
 * </pre>
 *
 * <p>Reversed, a row begins at its own last step; the numbers stay the same.
 *
 * <p>Mutable, so that a plan may keep one; it belongs to one thread at a time.
 */
public final class Rows {

  /** What a plan refers to between calls. */
  static final Rows NONE = new Rows();

  private int batch;
  private int steps;
  private boolean plain;
  private boolean reversed;
  private int[] order = {};
  private int[] lengths = {};
  private int[] counts = {};
  private int[] starts = {0};

  /** No rows. */
  public Rows() {}

  /**
   * Takes the rows of a batch, forward.
   *
   * @param lengths the steps of each row; null when all have all of them
   * @throws IllegalArgumentException when {@code newSteps} or {@code newBatch} is negative, there
   *     is not one length for each row, or a length is negative or above {@code newSteps}
   * @throws ArithmeticException when all rows of all steps are more than an int counts
   */
  public void set(int newSteps, int newBatch, int @Nullable [] lengths) {
    check(newSteps, newBatch, lengths);
    ragged(newSteps, newBatch, lengths, false);
  }

  /** All rows have the same length. */
  void uniform(int newSteps, int newBatch, boolean newReversed) {
    prepare(newSteps, newBatch, newReversed);
    plain = true;
    for (int r = 0; r < batch; r++) {
      order[r] = r;
      lengths[r] = steps;
    }
    number();
  }

  /** Row n has {@code rowLengths[n]} steps, none to {@code newSteps}. */
  void ragged(int newSteps, int newBatch, int @Nullable [] rowLengths, boolean newReversed) {
    if (rowLengths == null) {
      uniform(newSteps, newBatch, newReversed);
      return;
    }
    int longest = 0;
    for (int n = 0; n < newBatch; n++) {
      longest = Math.max(longest, rowLengths[n]);
    }
    prepare(longest, newBatch, newReversed);
    plain = true;
    // A counting sort, stable: rows of one length keep their order.
    for (int n = 0; n < batch; n++) {
      counts[rowLengths[n]]++;
      plain &= rowLengths[n] == newSteps;
    }
    int first = 0;
    for (int length = steps; length >= 0; length--) {
      int number = counts[length];
      counts[length] = first;
      first += number;
    }
    for (int n = 0; n < batch; n++) {
      int r = counts[rowLengths[n]]++;
      order[r] = n;
      lengths[r] = rowLengths[n];
    }
    number();
  }

  /**
   * That there is a length for each row, of 0 to {@code steps}.
   *
   * @param lengths null where all rows have all steps
   * @throws IllegalArgumentException when {@code steps} or {@code batch} is negative, there is not
   *     one length for each row, or a length is negative or above {@code steps}
   */
  public static void check(int steps, int batch, int @Nullable [] lengths) {
    Checks.size("steps", steps);
    Checks.size("batch", batch);
    if (lengths == null) {
      return;
    }
    if (lengths.length != batch) {
      throw new IllegalArgumentException(
          "lengths has " + lengths.length + " elements, must have one for each row: " + batch);
    }
    for (int n = 0; n < batch; n++) {
      if (lengths[n] < 0 || lengths[n] > steps) {
        throw new IllegalArgumentException(
            "lengths[" + n + "] is " + lengths[n] + ", must be from 0 to steps, " + steps);
      }
    }
  }

  private void prepare(int newSteps, int newBatch, boolean newReversed) {
    // No rows have no steps, however many there may be.
    steps = newBatch == 0 ? 0 : newSteps;
    batch = newBatch;
    reversed = newReversed;
    if (order.length < batch) {
      order = new int[batch];
      lengths = new int[batch];
    }
    if (counts.length < steps + 1) {
      counts = new int[steps + 1];
      starts = new int[steps + 2];
    }
    java.util.Arrays.fill(counts, 0, steps + 1, 0);
  }

  private void number() {
    int alive = batch;
    for (int t = 0; t < steps; t++) {
      while (alive > 0 && lengths[alive - 1] <= t) {
        alive--;
      }
      counts[t] = alive;
    }
    counts[steps] = 0;
    starts[0] = 0;
    for (int t = 0; t < steps; t++) {
      starts[t + 1] = Math.addExact(starts[t], counts[t]);
    }
  }

  /** N. */
  public int batch() {
    return batch;
  }

  /** The steps that any row has. */
  public int steps() {
    return steps;
  }

  /** The rows alive at step {@code t}: the first ones. */
  public int count(int t) {
    return counts[t];
  }

  /** The number of the first row of step {@code t}. */
  public int start(int t) {
    return starts[t];
  }

  /** All rows of all steps. */
  public int total() {
    return starts[steps];
  }

  /** Which row of the caller's this is. */
  public int order(int row) {
    return order[row];
  }

  /** The steps of a row. */
  public int length(int row) {
    return lengths[row];
  }

  /** The caller's step of a row's step {@code t}. */
  int time(int t, int row) {
    return reversed ? lengths[row] - 1 - t : t;
  }

  boolean reversed() {
    return reversed;
  }

  /** Whether the numbers are the places in a time-major array of the caller's. */
  boolean plain() {
    return plain && !reversed;
  }
}
