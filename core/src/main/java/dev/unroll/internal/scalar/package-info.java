/**
 * The plain-Java twin: the fallback, the bit oracle of the vectorized twin, and the first thing to
 * read.
 *
 * <p>Its classes and methods bear the names of their counterparts in {@code internal.simd}, and
 * each output element is the same chain of operations in the same order.
 */
@NullMarked
package dev.unroll.internal.scalar;

import org.jspecify.annotations.NullMarked;
