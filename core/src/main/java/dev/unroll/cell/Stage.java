package dev.unroll.cell;

/**
 * A part of a cell's work on some rows of a step.
 *
 * <p>A cell is a list of stages, made once from its spec and run in a loop. The one call site sees
 * many classes, so the compiler inlines none of them into it: each stage is compiled on its own,
 * which keeps each vector loop below the size from which C2 leaves calls standing in it and turns
 * vectors into objects.
 */
@FunctionalInterface
interface Stage {

  /** Does it; all operands are in the frame. */
  void run(Frame f);
}
