/**
 * What the JVM can do on this machine, and how close the kernels get: the main job, its commands,
 * and the JMH benchmarks.
 */
@NullMarked
package dev.unroll.bench;

import org.jspecify.annotations.NullMarked;
