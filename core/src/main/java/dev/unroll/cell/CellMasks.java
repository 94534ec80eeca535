package dev.unroll.cell;

import dev.unroll.internal.random.Masks;

/**
 * The masks of a cell in training. A bit is a function of the seed, the row, the step and the unit,
 * see {@link Masks}.
 *
 * <p>Those of zoneout differ from step to step and are made again where they are needed, forward
 * and backward. Those of variational dropout are a row for each sequence and live as long as a
 * call.
 */
final class CellMasks {

  private static final int HIDDEN = 1;
  private static final int CELL = 2;
  private static final int INPUT = 3;
  private static final int RECURRENT = 4;

  private final CellSpec spec;
  private final int padded;
  private final int paddedOutput;
  private final int hiddenThreshold;
  private final int cellThreshold;
  private long seed;
  private long firstRow;
  private long firstStep;
  private long hiddenKey;
  private long cellKey;

  /** What x is multiplied by, [N][I]; rows as a pass walks them. */
  private float[] inputs = {};

  /** What h is multiplied by before R, [N][P], padded. */
  private float[] recurrent = {};

  CellMasks(PackedCell cell) {
    spec = cell.spec();
    padded = cell.padded();
    paddedOutput = cell.paddedOutput();
    hiddenThreshold = Masks.threshold(spec.hiddenZoneout());
    cellThreshold = Masks.threshold(spec.cellZoneout());
    set(0, 0, 0);
  }

  /** The masks of the calls that follow. */
  void set(long newSeed, long newFirstRow, long newFirstStep) {
    seed = newSeed;
    firstRow = newFirstRow;
    firstStep = newFirstStep;
    hiddenKey = Masks.key(seed, HIDDEN, 0, 0);
    cellKey = Masks.key(seed, CELL, 0, 0);
  }

  long bytes() {
    return 4L * ((long) inputs.length + recurrent.length);
  }

  /** What {@link #begin} will need for so many rows. */
  long bytes(int batch) {
    long row = dropsInputs() ? spec.inputSize() : 0;
    return 4L * batch * (row + (dropsRecurrent() ? paddedOutput : 0));
  }

  boolean dropsInputs() {
    return spec.inputDropout() > 0;
  }

  boolean dropsRecurrent() {
    return spec.recurrentDropout() > 0;
  }

  /** Whether there is zoneout. */
  boolean zones() {
    return spec.hiddenZoneout() > 0 || spec.cellZoneout() > 0;
  }

  /** Draws what stays the same at all steps of these rows. */
  void begin(Rows rows) {
    if (dropsInputs()) {
      int width = spec.inputSize();
      inputs = Tape.reserve(inputs, (long) rows.batch() * width);
      draw(rows, INPUT, spec.inputDropout(), inputs, width, width);
    }
    if (dropsRecurrent()) {
      recurrent = Tape.reserve(recurrent, (long) rows.batch() * paddedOutput);
      int out = spec.outputSize();
      draw(rows, RECURRENT, spec.recurrentDropout(), recurrent, out, paddedOutput);
    }
  }

  private void draw(Rows rows, int site, float rate, float[] to, int width, int ld) {
    long key = Masks.key(seed, site, 0, 0);
    int threshold = Masks.threshold(rate);
    float scale = 1 / (1 - rate);
    for (int r = 0; r < rows.batch(); r++) {
      java.util.Arrays.fill(to, r * ld, (r + 1) * ld, 1f);
      long stream = Masks.stream(key, firstRow + rows.order(r), 0);
      Masks.apply(stream, threshold, scale, to, r * ld, width);
    }
  }

  /** The mask of h, a row for each row of a pass. */
  float[] recurrent() {
    return recurrent;
  }

  /** {@code x = x m} for a value of each input of a row. */
  void dropInputs(int row, float[] x, int x0) {
    int width = spec.inputSize();
    int mask = row * width;
    for (int i = 0; i < width; i++) {
      x[x0 + i] *= inputs[mask + i];
    }
  }

  /** The same for the rows [row0, row1) of the steps [t0, t1), one after the other. */
  void dropInputs(Rows rows, int t0, int t1, int row0, int row1, float[] x, int ld) {
    int at = 0;
    for (int t = t0; t < t1; t++) {
      int end = Math.min(rows.count(t), row1);
      for (int r = row0; r < end; r++) {
        dropInputs(r, x, at);
        at += ld;
      }
    }
  }

  private long stream(long key, Frame f, int r) {
    int row = f.row0 + r;
    return Masks.stream(key, firstRow + f.of.order(row), firstStep + f.of.time(f.t, row));
  }

  /** h after the step: h before it where a unit is zoned out. */
  void zoneHidden(Frame f) {
    int out = spec.outputSize();
    for (int r = 0; r < f.rows; r++) {
      int at = r * f.ldh;
      long stream = stream(hiddenKey, f, r);
      Masks.select(stream, hiddenThreshold, f.h, f.h0 + at, f.next, f.next0 + at, out);
    }
  }

  /** c after the step: c before it where a cell is zoned out, else the one of the formulas. */
  void zoneCells(Frame f) {
    int units = spec.hiddenSize();
    for (int r = 0; r < f.rows; r++) {
      int to = f.stateC0 + r * f.ldStateC;
      System.arraycopy(f.nextC, f.nextC0 + r * f.ldNextC, f.stateC, to, padded);
      long stream = stream(cellKey, f, r);
      Masks.select(stream, cellThreshold, f.c, f.c0 + r * f.ldc, f.stateC, to, units);
    }
  }

  /**
   * The gradients after the step of what is zoned out pass it: that of h goes to h before the step,
   * that of c waits in {@link Frame#passed}; here they become 0.
   */
  void split(Frame f) {
    int out = spec.outputSize();
    int units = spec.hiddenSize();
    for (int r = 0; r < f.rows; r++) {
      if (spec.hiddenZoneout() > 0) {
        int at = r * f.ldh;
        long stream = stream(hiddenKey, f, r);
        Masks.move(stream, hiddenThreshold, f.dh, f.dh0 + at, f.dPrevious, f.dPrevious0 + at, out);
      }
      if (spec.cellZoneout() > 0) {
        int at = f.dc0 + r * padded;
        java.util.Arrays.fill(f.passed, at, at + padded, 0f);
        Masks.move(stream(cellKey, f, r), cellThreshold, f.dc, at, f.passed, at, units);
      }
    }
  }

  /** The gradient of c before the step gets what has passed it. */
  void join(Frame f) {
    int end = f.dc0 + f.rows * padded;
    for (int i = f.dc0; i < end; i++) {
      f.dc[i] += f.passed[i];
    }
  }
}
