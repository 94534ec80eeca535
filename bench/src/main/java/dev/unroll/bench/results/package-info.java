/**
 * Measurements as data: one shape for all of them, so that reports, plots and diffs need no more.
 */
@NullMarked
package dev.unroll.bench.results;

import org.jspecify.annotations.NullMarked;
