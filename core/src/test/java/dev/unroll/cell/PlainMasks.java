package dev.unroll.cell;

import dev.unroll.internal.random.Masks;

/**
 * The masks that a case has in training, unit by unit: what they are functions of, once more.
 *
 * @param seed as {@link CellTrainer#masks} is told, and so the others
 */
record PlainMasks(CellSpec spec, long seed, long firstRow, long firstStep) {

  private static final int HIDDEN = 1;
  private static final int CELL = 2;
  private static final int INPUT = 3;
  private static final int RECURRENT = 4;

  static PlainMasks of(CellSpec spec) {
    return new PlainMasks(spec, 0, 0, 0);
  }

  private boolean drops(int site, float rate, long row, long step, int unit) {
    long stream = Masks.stream(Masks.key(seed, site, 0, 0), firstRow + row, step);
    return rate > 0 && Masks.drops(stream, unit, Masks.threshold(rate));
  }

  /** Whether a value of h stays what it was. */
  boolean keepsHidden(int row, int step, int unit) {
    return drops(HIDDEN, spec.hiddenZoneout(), row, firstStep + step, unit);
  }

  /** Whether a cell stays what it was. */
  boolean keepsCell(int row, int step, int unit) {
    return drops(CELL, spec.cellZoneout(), row, firstStep + step, unit);
  }

  /** What a value of x is multiplied by. */
  float input(int row, int i) {
    return factor(INPUT, spec.inputDropout(), row, i);
  }

  /** What a value of h is multiplied by before R. */
  float recurrent(int row, int unit) {
    return factor(RECURRENT, spec.recurrentDropout(), row, unit);
  }

  private float factor(int site, float rate, int row, int unit) {
    return rate == 0 ? 1 : drops(site, rate, row, 0, unit) ? 0 : 1 / (1 - rate);
  }
}
