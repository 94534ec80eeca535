/**
 * Studies: the models of the vanishing gradient, run, drawn, and compared with what is known of
 * them.
 */
@NullMarked
package dev.unroll.bench.study;

import org.jspecify.annotations.NullMarked;
