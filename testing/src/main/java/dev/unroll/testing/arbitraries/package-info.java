/**
 * Generators for jqwik: floats and doubles from bit patterns, shapes around tiles and tails.
 *
 * <p>jqwik's own floating-point generators scale decimals: {@code MIN_VALUE} as an edge becomes 0,
 * and subnormals, NaN payloads or neighbours of a threshold hardly appear. Here everything is made
 * of integers, the bits. Integers also shrink well: a failing shape becomes the smallest one, a
 * failing float one with few bits and an exponent near 0.
 *
 * <p>This package needs jqwik (version 1.9) on the class path or module path; the rest of the
 * module does not.
 */
@NullMarked
package dev.unroll.testing.arbitraries;

import org.jspecify.annotations.NullMarked;
