/**
 * Small systems whose gradients can be followed by hand: one neuron with two attractors, the error
 * landscape with a wall in it, and two maps with known exponents.
 */
@NullMarked
package dev.unroll.flow.attractor;

import org.jspecify.annotations.NullMarked;
