/** Ceilings of this machine, measured: arithmetic, loads, copies. */
@NullMarked
package dev.unroll.bench.probe;

import org.jspecify.annotations.NullMarked;
