package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import org.jspecify.annotations.Nullable;

/**
 * A caller's array of values for each row and step: where it lies, how its rows follow each other.
 *
 * <pre>
 *   strided   [T][N][width] or [N][T][width], rows ld apart; what is not valid is padding
 *   packed    the valid rows of all steps, step after step, without padding:
 *
 *     lengths 2 4 3      step 0   step 1   step 2   step 3
 *     the longest (1)      0        3        6        8        places in the array
 *     the next    (2)      1        4        7
 *     the last    (0)      2        5
 * </pre>
 *
 * <p>Rows of one length keep their order. Both directions of a layer find the same row and step at
 * the same place. A distance between rows that is wider than they are leaves room for other values,
 * such as those of the other direction.
 *
 * <p>Mutable, so that a plan may keep one; holds the array, never a copy. It belongs to one thread
 * at a time.
 */
public final class Sequence {

  private static final float[] NONE = {};

  private float[] data = NONE;
  private int offset;
  private int width;
  private int ld;
  private int steps;
  private int batch;
  private int stepStride;
  private int rowStride;
  private boolean given;
  private boolean packed;
  private boolean adding;

  /** Without an array. */
  public Sequence() {}

  /**
   * An array in a layout.
   *
   * @param newLd elements from one row to the next
   * @return this
   * @throws NullPointerException when {@code layout} or {@code newData} is null
   * @throws IllegalArgumentException when a size is negative or {@code newLd} is below {@code
   *     newWidth}
   * @throws IndexOutOfBoundsException when the array ends before its last element
   */
  public Sequence strided(
      SequenceLayout layout,
      int newSteps,
      int newBatch,
      int newWidth,
      float[] newData,
      int newOffset,
      int newLd) {
    requireNonNull(layout, "layout");
    Checks.size("steps", newSteps);
    Checks.size("batch", newBatch);
    Checks.size("width", newWidth);
    long rows = (long) newSteps * newBatch;
    // Beyond this no array is long enough, and the product below would leave even a long.
    int last = (int) Math.min(Math.max(rows, 0), Integer.MAX_VALUE);
    Checks.matrix("data", newData, newOffset, newLd, last, newWidth);
    set(layout, newSteps, newBatch, newWidth, newLd, newData, newOffset);
    return this;
  }

  /**
   * The valid rows of a batch alone, in the order above.
   *
   * @param newLd elements from one row to the next
   * @return this
   * @throws NullPointerException when {@code newData} is null
   * @throws IllegalArgumentException when {@code newWidth} is negative or above {@code newLd}
   * @throws IndexOutOfBoundsException when {@code newOffset} is negative
   */
  public Sequence packed(int newWidth, float[] newData, int newOffset, int newLd) {
    Checks.size("width", newWidth);
    Checks.matrix("data", newData, newOffset, newLd, 0, newWidth);
    set(newData, newOffset, newWidth, 0, newLd);
    ld = newLd;
    packed = true;
    return this;
  }

  /**
   * Whether a plan adds to what is there, where it would overwrite it. What is set anew is
   * overwritten.
   *
   * @return this
   */
  public Sequence adding() {
    adding = true;
    return this;
  }

  /** Lets go of the array. */
  public void release() {
    data = NONE;
    given = false;
  }

  /** The values of a row. */
  public int width() {
    return width;
  }

  void set(
      SequenceLayout layout,
      int newSteps,
      int newBatch,
      int newWidth,
      float @Nullable [] newData,
      int newOffset) {
    set(layout, newSteps, newBatch, newWidth, newWidth, newData, newOffset);
  }

  private void set(
      SequenceLayout layout,
      int newSteps,
      int newBatch,
      int newWidth,
      int newLd,
      float @Nullable [] newData,
      int newOffset) {
    set(
        newData,
        newOffset,
        newWidth,
        layout.stepStride(newBatch, newLd),
        layout.rowStride(newSteps, newLd));
    ld = newLd;
    steps = newSteps;
    batch = newBatch;
  }

  private void set(
      float @Nullable [] newData, int newOffset, int newWidth, int newStep, int newRow) {
    given = newData != null;
    data = newData == null ? NONE : newData;
    offset = newOffset;
    width = newWidth;
    stepStride = newStep;
    rowStride = newRow;
    packed = false;
    adding = false;
  }

  /** That it has what a call needs. */
  void check(String name, Rows rows, int callSteps, int callWidth) {
    if (!given) {
      return;
    }
    if (width != callWidth) {
      throw new IllegalArgumentException(
          name + " has rows of " + width + " values, must have " + callWidth);
    }
    if (packed) {
      Checks.range(name, data, offset, extent(rows));
    } else if (steps != callSteps || batch != rows.batch()) {
      throw new IllegalArgumentException(
          name
              + " has "
              + steps
              + " steps of "
              + batch
              + " rows, must have "
              + callSteps
              + " steps of "
              + rows.batch());
    }
  }

  /** That it shares no element with another one. */
  void apart(String name, Rows rows, String otherName, Sequence other) {
    if (other.given) {
      apart(name, rows, true, otherName, other.data, other.offset, other.extent(rows));
    }
  }

  /** That it shares no element with an array; {@code written} says which of them is written. */
  void apart(
      String name,
      Rows rows,
      boolean written,
      String otherName,
      float[] o,
      int oOffset,
      long oLength) {
    if (written) {
      Checks.apart(name, data, offset, extent(rows), otherName, o, oOffset, oLength);
    } else {
      Checks.apart(otherName, o, oOffset, oLength, name, data, offset, extent(rows));
    }
  }

  /** From the first element to the last. */
  private long extent(Rows rows) {
    long number = packed ? rows.total() : (long) steps * batch;
    return !given || number == 0 ? 0 : (number - 1) * ld + width;
  }

  /** Whether there is an array at all. */
  public boolean given() {
    return given;
  }

  /** The array, not a copy; empty when there is none. */
  public float[] data() {
    return data;
  }

  /** Where the first value of a row lies, in a row's own step {@code t}. */
  public int at(Rows rows, int t, int row) {
    int time = rows.time(t, row);
    return packed
        ? offset + (rows.start(time) + row) * rowStride
        : offset + time * stepStride + rows.order(row) * rowStride;
  }

  /** Whether all values lie in the order of their numbers, without gaps. */
  boolean inOrder(Rows rows) {
    if (packed) {
      return !rows.reversed() && rowStride == width;
    }
    return rows.plain()
        && (rows.batch() == 1 || rowStride == width)
        && (rows.steps() == 1 || stepStride == rows.batch() * width);
  }

  /** Where number {@code number} lies when all are {@link #inOrder}. */
  int direct(int number) {
    return offset + number * width;
  }

  /** Copies the rows [row0, row1) of the steps [t0, t1) to {@code to}, {@code toLd} apart. */
  void gather(Rows rows, int t0, int t1, int row0, int row1, float[] to, int to0, int toLd) {
    int at = to0;
    for (int t = t0; t < t1; t++) {
      int end = Math.min(rows.count(t), row1);
      for (int r = row0; r < end; r++) {
        System.arraycopy(data, at(rows, t, r), to, at, width);
        at += toLd;
      }
    }
  }

  /** Puts such rows back. */
  void scatter(Rows rows, int t0, int t1, int row0, int row1, float[] from, int from0, int fromLd) {
    int at = from0;
    for (int t = t0; t < t1; t++) {
      int end = Math.min(rows.count(t), row1);
      for (int r = row0; r < end; r++) {
        put(rows, t, r, from, at);
        at += fromLd;
      }
    }
  }

  /** Overwrites a row, or adds to it. */
  public void put(Rows rows, int t, int row, float[] from, int from0) {
    int to = at(rows, t, row);
    if (adding) {
      for (int j = 0; j < width; j++) {
        data[to + j] += from[from0 + j];
      }
    } else {
      System.arraycopy(from, from0, data, to, width);
    }
  }

  /** Sets 0 on padding: the steps that a row does not have. */
  void clearPadding(Rows rows) {
    if (packed || adding) {
      return;
    }
    for (int r = 0; r < rows.batch(); r++) {
      int row = offset + rows.order(r) * rowStride;
      for (int t = rows.length(r); t < steps; t++) {
        int at = row + t * stepStride;
        java.util.Arrays.fill(data, at, at + width, 0f);
      }
    }
  }
}
