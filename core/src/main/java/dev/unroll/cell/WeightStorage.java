package dev.unroll.cell;

/** How packed weights are stored; the arithmetic is that of f32 in any case. */
public enum WeightStorage {
  /** As they are. */
  FLOAT32,
  /**
   * Rounded once to bfloat16, half the bytes: for a single row, which is bound by the bytes of the
   * weights. Results have the bits of f32 arithmetic on the rounded weights. Biases and peepholes
   * are not rounded.
   */
  BFLOAT16
}
