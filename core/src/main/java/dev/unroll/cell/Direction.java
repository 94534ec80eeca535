package dev.unroll.cell;

/** Where in a sequence a cell begins. */
public enum Direction {
  /** At the first step. */
  FORWARD,
  /** At the last step of each row, whatever its length: the other half of a bidirectional layer. */
  REVERSE
}
