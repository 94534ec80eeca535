package dev.unroll.cell;

/**
 * The memory of a pass: blocks and states.
 *
 * <p>Serving, it holds the blocks of a chunk of steps and one state for each row. For training, it
 * holds the blocks of all steps that the way back needs, and h before each step: state t has the
 * rows of step t. A step leaves as many rows as it has; those that end there lie where the step
 * after next will write, and have been handed out by then.
 */
final class Tape {

  final boolean training;

  /** Blocks, row after row. */
  float[] z = {};

  /** h, as the product with R reads it. */
  float[] h = {};

  /** h times a mask, where variational dropout has one; else empty. */
  float[] read = {};

  /** The cells of serving; for training, those before the first step. */
  float[] c = {};

  Tape(boolean training) {
    this.training = training;
  }

  long bytes() {
    return 4L * ((long) z.length + h.length + read.length + c.length);
  }

  /** Room for so many rows of blocks, states and cells. */
  void reserve(long blocks, int blockWidth, long states, int stateWidth, long cells, int width) {
    z = reserve(z, blocks * blockWidth);
    h = reserve(h, states * stateWidth);
    c = reserve(c, cells * width);
  }

  static float[] reserve(float[] array, long floats) {
    if (array.length >= floats) {
      return array;
    }
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "steps * batch needs a workspace of "
              + floats
              + " floats, at most "
              + (Integer.MAX_VALUE - 8)
              + " fit into an array: use checkpoints or fewer rows");
    }
    return new float[(int) floats];
  }
}
