package dev.unroll.cell;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch as a pass walks them: the longest first, so that those alive at a step are
 * always the first ones. All rows of all steps, step after step, are numbered without gaps; padding
 * has no number.
 *
 * <pre>
 *   lengths 2 4 3      step 0   step 1   step 2   step 3
 *   row 0 (was 1)         0        3        6        8
 *   row 1 (was 2)         1        4        7
 *   row 2 (was 0)         2        5
 * </pre>
 *
 * <p>Reversed, a row begins at its own last step.
 */
final class Rows {

  private int batch;
  private int steps;
  private boolean plain;
  private boolean reversed;
  private int[] order = {};
  private int[] lengths = {};
  private int[] counts = {};
  private int[] starts = {0};

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
    prepare(newSteps, newBatch, newReversed);
    plain = true;
    // A counting sort, stable: rows of one length keep their order.
    for (int n = 0; n < batch; n++) {
      counts[rowLengths[n]]++;
      plain &= rowLengths[n] == steps;
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

  private void prepare(int newSteps, int newBatch, boolean newReversed) {
    steps = newSteps;
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

  int batch() {
    return batch;
  }

  /** The steps that any row has. */
  int steps() {
    int longest = batch == 0 ? 0 : lengths[0];
    return Math.min(steps, longest);
  }

  /** The rows alive at step {@code t}: the first ones. */
  int count(int t) {
    return counts[t];
  }

  /** The number of the first row of step {@code t}. */
  int start(int t) {
    return starts[t];
  }

  /** All rows of all steps. */
  int total() {
    return starts[steps];
  }

  /** Which row of the caller's this is. */
  int order(int row) {
    return order[row];
  }

  int length(int row) {
    return lengths[row];
  }

  /** The caller's step of a row's step {@code t}. */
  int time(int t, int row) {
    return reversed ? lengths[row] - 1 - t : t;
  }

  /** Whether the numbers are the places in a time-major array of the caller's. */
  boolean plain() {
    return plain && !reversed;
  }
}
