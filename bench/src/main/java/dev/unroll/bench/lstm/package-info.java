/** The LSTM layer timed beside plain loops. */
@NullMarked
package dev.unroll.bench.lstm;

import org.jspecify.annotations.NullMarked;
