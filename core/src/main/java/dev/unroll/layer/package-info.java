/**
 * Stacks of recurrent cells: layers, both directions, sequences of different lengths, dropout and
 * residual connections, states in and out.
 *
 * <p>A {@code StackSpec} says what it is, {@code StackWeights} are its parameters, a {@code Stack}
 * serves it and a {@code StackTrainer} trains it.
 */
@NullMarked
package dev.unroll.layer;

import org.jspecify.annotations.NullMarked;
