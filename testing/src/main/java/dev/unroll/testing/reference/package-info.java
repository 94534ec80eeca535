/**
 * References that judge float code: naive, in double precision, one operation a class, written to
 * be read.
 *
 * <p>Policy: a reference is the textbook formula as a loop. It is never vectorized, blocked, fused
 * or shared with the code it judges; nothing in this module depends on a kernel. Inputs of a float
 * kernel are exact in double, products of two floats are exact in double, and functions come from
 * {@link java.lang.StrictMath}, which gives the same bits on every machine.
 *
 * <p>{@link dev.unroll.testing.reference.FmaChain} is the exception that proves the rule: it is a
 * float reference, because it states a promise about bits, not about accuracy.
 */
@NullMarked
package dev.unroll.testing.reference;

import org.jspecify.annotations.NullMarked;
