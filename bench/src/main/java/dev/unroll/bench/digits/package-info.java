/** A trained LSTM served from its weights: the handwritten digits model. */
@NullMarked
package dev.unroll.bench.digits;

import org.jspecify.annotations.NullMarked;
