/**
 * Is a gradient right? Exact derivatives by dual numbers, central differences that know about kinks
 * and about their own errors, and checks of float code against both.
 */
@NullMarked
package dev.unroll.testing.gradient;

import org.jspecify.annotations.NullMarked;
