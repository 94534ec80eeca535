package dev.unroll.cell;

import org.jspecify.annotations.Nullable;

/** A caller's array of values for each row and step, as {@link Rows} finds them. */
final class Sequence {

  private static final float[] NONE = {};

  private float[] data = NONE;
  private int offset;
  private int width;
  private int stepStride;
  private int rowStride;
  private boolean given;

  void set(
      SequenceLayout layout,
      int steps,
      int batch,
      int newWidth,
      float @Nullable [] newData,
      int newOffset) {
    set(
        newData,
        newOffset,
        newWidth,
        layout.stepStride(batch, newWidth),
        layout.rowStride(steps, newWidth));
  }

  /** Rows with other values between them, as one direction of two has. */
  void set(float @Nullable [] newData, int newOffset, int newWidth, int newStep, int newRow) {
    given = newData != null;
    data = newData == null ? NONE : newData;
    offset = newOffset;
    width = newWidth;
    stepStride = newStep;
    rowStride = newRow;
  }

  void release() {
    data = NONE;
    given = false;
  }

  /** Whether there is an array at all. */
  boolean given() {
    return given;
  }

  float[] data() {
    return data;
  }

  int width() {
    return width;
  }

  int at(Rows rows, int t, int row) {
    return offset + rows.time(t, row) * stepStride + rows.order(row) * rowStride;
  }

  /** Whether all values lie in the order of their numbers, without gaps. */
  boolean inOrder(Rows rows) {
    return rows.plain()
        && (rows.batch() == 1 || rowStride == width)
        && (rows.steps() == 1 || stepStride == rows.batch() * width);
  }

  /** Where number {@code number} lies when all are {@link #inOrder}. */
  int direct(int number) {
    return offset + number * width;
  }

  /** Copies the rows of the steps [t0, t1) to {@code to}, {@code ld} apart. */
  void gather(Rows rows, int t0, int t1, float[] to, int to0, int ld) {
    int at = to0;
    for (int t = t0; t < t1; t++) {
      for (int r = 0; r < rows.count(t); r++) {
        System.arraycopy(data, at(rows, t, r), to, at, width);
        at += ld;
      }
    }
  }

  /** Copies such rows back. */
  void scatter(Rows rows, int t0, int t1, float[] from, int from0, int ld) {
    int at = from0;
    for (int t = t0; t < t1; t++) {
      for (int r = 0; r < rows.count(t); r++) {
        System.arraycopy(from, at, data, at(rows, t, r), width);
        at += ld;
      }
    }
  }

  /** Sets 0 on padding: the steps that a row does not have. */
  void clearPadding(Rows rows, int steps) {
    for (int r = 0; r < rows.batch(); r++) {
      int row = offset + rows.order(r) * rowStride;
      for (int t = rows.length(r); t < steps; t++) {
        int at = row + t * stepStride;
        java.util.Arrays.fill(data, at, at + width, 0f);
      }
    }
  }
}
