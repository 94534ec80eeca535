/**
 * Matrix products and elementwise functions on {@code float[]}.
 *
 * <p>Arguments are checked here, once, before anything is written; the kernels behind check
 * nothing. Nothing is allocated in steady state.
 */
@NullMarked
package dev.unroll.kernel;

import org.jspecify.annotations.NullMarked;
