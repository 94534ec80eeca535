/**
 * Laws that numerical kernels keep, to be applied to anybody's kernel through a lambda.
 *
 * <p>A law is a statement that needs no test engine: {@code checkAll()} runs from a main method,
 * and a test factory makes one dynamic test of each law. Inputs are a function of a seed, so every
 * run is the same run. Where a property tester supplies better inputs, the classes here take those
 * instead ({@code on}, {@code at}).
 */
@NullMarked
package dev.unroll.testing.law;

import org.jspecify.annotations.NullMarked;
