/** What this machine and this JVM are, read from the system, and its ceilings, measured. */
@NullMarked
package dev.unroll.bench.machine;

import org.jspecify.annotations.NullMarked;
