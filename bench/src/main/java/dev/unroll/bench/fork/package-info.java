/** Measurements in JVMs of their own: one JVM is not a distribution. */
@NullMarked
package dev.unroll.bench.fork;

import org.jspecify.annotations.NullMarked;
