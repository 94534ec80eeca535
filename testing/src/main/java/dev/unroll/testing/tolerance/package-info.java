/**
 * How far a float may be from the truth: ULP, forward error bounds, and assertions on both.
 *
 * <p>Policy: a tolerance is a limit of a contract or follows from an error analysis; it is never
 * what a run happened to give. Bits are compared with {@code assertBitsEqual}, accuracy with {@code
 * assertUlp} or {@code assertWithin}; the two questions are kept apart. Every failure names the
 * worst index, what was got, what was expected and what was allowed, and ends in one line that
 * reproduces it.
 *
 * <p>Failures are plain {@link java.lang.AssertionError}s: any test engine understands them.
 */
@NullMarked
package dev.unroll.testing.tolerance;

import org.jspecify.annotations.NullMarked;
