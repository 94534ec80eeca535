/**
 * Recurrent layers timed beside native libraries and plain loops: forward, forward and backward,
 * and step by step.
 */
@NullMarked
package dev.unroll.bench.recurrent;

import org.jspecify.annotations.NullMarked;
