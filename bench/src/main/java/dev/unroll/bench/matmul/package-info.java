/** Matrix products compared: who takes part, at which shapes, measured in turns. */
@NullMarked
package dev.unroll.bench.matmul;

import org.jspecify.annotations.NullMarked;
