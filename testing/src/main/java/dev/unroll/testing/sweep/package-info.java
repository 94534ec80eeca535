/**
 * All 2^32 inputs of a function of one float: error, roundings, shape and specials, with a
 * certificate that another machine can check by its hash.
 */
@NullMarked
package dev.unroll.testing.sweep;

import org.jspecify.annotations.NullMarked;
