package dev.unroll.cell;

/**
 * One call: T steps of N rows, as the passes read it. Offsets are those of row 0 and step 0,
 * strides in elements; everything has been checked.
 */
final class LstmSequence {

  private static final float[] NONE = {};

  int steps;
  int batch;

  /** The inputs. */
  float[] x = NONE;

  int x0;
  int xStep;
  int xRow;

  /** The states before the first step, without gaps; only read. */
  float[] h = NONE;

  int h0;

  /** Receives the states of every step. */
  float[] y = NONE;

  int y0;
  int yStep;
  int yRow;

  /** The cell states, without gaps; updated. */
  float[] c = NONE;

  int c0;

  /** Lets go of the caller's arrays. */
  void release() {
    x = NONE;
    h = NONE;
    y = NONE;
    c = NONE;
  }
}
