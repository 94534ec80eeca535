/**
 * Whether the compiler does the same good work each time: in fresh JVMs, in a busy JVM, at the
 * start.
 */
@NullMarked
package dev.unroll.bench.health;

import org.jspecify.annotations.NullMarked;
