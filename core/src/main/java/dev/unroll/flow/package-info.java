/**
 * Gradient flow: what happens to a gradient on its way back through time.
 *
 * <p>Everything here is in double precision and made to be looked at, not to be fast: models small
 * enough to follow by hand, bounds, products of Jacobians, Lyapunov exponents. The tools take their
 * Jacobians as linear operators, so it does not matter whether they come from a model of this
 * package, from a production cell or from a program of yours.
 *
 * <p>Where the literature contradicts itself or is wrong, the Javadoc says so and what is done
 * instead.
 */
@NullMarked
package dev.unroll.flow;

import org.jspecify.annotations.NullMarked;
