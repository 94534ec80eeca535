/**
 * Bugs planted on purpose, one at a time, to see whether the tests have teeth.
 *
 * <p>A mutation is an exact piece of source and what to put in its place. The changed class is
 * compiled into a folder of its own that stands before the others on the class path of a fresh JVM,
 * which runs the tests: they have to fail.
 */
@NullMarked
package dev.unroll.testing.mutation;

import org.jspecify.annotations.NullMarked;
