/**
 * What training needs besides a backward pass.
 *
 * <p>Gradients are arrays of f32 that the caller owns; several arrays together are one vector where
 * a method takes them as {@code float[]...}. Sums over their elements are made in double precision,
 * in the order of the arrays and of their elements, so they are the same on every machine.
 */
@NullMarked
package dev.unroll.train;

import org.jspecify.annotations.NullMarked;
