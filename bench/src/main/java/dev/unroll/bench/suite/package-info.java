/** The sections of a report: each measures one family of kernels, or the machine, in one JVM. */
@NullMarked
package dev.unroll.bench.suite;

import org.jspecify.annotations.NullMarked;
