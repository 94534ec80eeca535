/**
 * Splitting rows and panels over threads that the caller gives.
 *
 * <p>No thread is created behind the caller's back, and no split changes a result bit.
 */
@NullMarked
package dev.unroll.internal.parallel;

import org.jspecify.annotations.NullMarked;
