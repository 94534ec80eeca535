package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Kind;

/**
 * What lies where in the block of a row and step: slots of H units, padded, side by side.
 *
 * <pre>
 *   Elman                       | h |
 *   LSTM, serving               | i f g o |                 tanh(c) takes the place of g
 *   LSTM, training              | i f g o | tanh(c) | c | m |     m: what a projection projects
 *   LSTM, coupled               | i g o | ...                     the same without f
 *   LSTM, zoneout of cells      ... | c~ |                        the cells before it, last of all
 *   GRU, reset after            | nh r z n |                nh: R_n h + bR_n
 *   GRU, reset before           | rh r z n |                rh: r h
 * </pre>
 *
 * <p>A block begins as the sums before the functions, and on the way back its gates become the
 * gradients of these sums. W reaches the slots from {@link #inputSlot} on, R those from {@link
 * #recurrentSlot} on; both ranges have no gap, so that each is one product.
 */
final class CellBlock {

  private final int padded;
  private final boolean lstm;
  private final boolean gru;
  private final boolean before;
  private final boolean coupled;
  private final boolean training;
  private final boolean zoned;
  private final int gates;
  private final int slots;

  CellBlock(CellSpec spec, int padded, boolean training) {
    this.padded = padded;
    this.training = training;
    lstm = spec.kind() == Kind.LSTM;
    gru = spec.kind() == Kind.GRU;
    before = spec.resetBefore();
    coupled = spec.coupledGates();
    gates = spec.gates();
    int kept = training && lstm ? spec.projectionSize() > 0 ? 3 : 2 : 0;
    zoned = spec.cellZoneout() > 0;
    slots = (gru ? 4 : gates) + kept + (zoned ? 1 : 0);
  }

  /** Floats of a block. */
  int width() {
    return slots * padded;
  }

  int inputSlot() {
    return gru ? padded : 0;
  }

  int recurrentSlot() {
    return before ? padded : 0;
  }

  /** The gates that are gradients on the way back, all slots that R or W reaches. */
  int gradSlots() {
    return gru ? 4 : gates;
  }

  // LSTM

  int i() {
    return 0;
  }

  int f() {
    return padded;
  }

  int g() {
    return coupled ? padded : 2 * padded;
  }

  int o() {
    return coupled ? 2 * padded : 3 * padded;
  }

  int tanhC() {
    return training ? gates * padded : g();
  }

  int c() {
    return (gates + 1) * padded;
  }

  /** Whether the cells of the formulas stand apart from those that the next step sees. */
  boolean zoned() {
    return zoned;
  }

  /** The cells that the formulas give: the last slot with zoneout, else those of the next step. */
  int newC() {
    return zoned ? (slots - 1) * padded : c();
  }

  /** o tanh(c) before a projection; serving, it takes the place of i. */
  int m() {
    return training ? (gates + 2) * padded : 0;
  }

  // GRU

  int nh() {
    return 0;
  }

  int rh() {
    return 0;
  }

  int r() {
    return padded;
  }

  int z() {
    return 2 * padded;
  }

  int n() {
    return 3 * padded;
  }
}
