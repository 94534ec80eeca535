/** Elementwise functions compared: ours, the platform's vector functions, plain loops, a copy. */
@NullMarked
package dev.unroll.bench.activations;

import org.jspecify.annotations.NullMarked;
