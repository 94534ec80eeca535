/** Plain data for tests: where a matrix lies in an array, and deterministic ways to fill one. */
@NullMarked
package dev.unroll.testing.data;

import org.jspecify.annotations.NullMarked;
