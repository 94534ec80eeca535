/** What samples of several JVMs allow to be said: intervals, two modes, verdicts. */
@NullMarked
package dev.unroll.bench.stats;

import org.jspecify.annotations.NullMarked;
