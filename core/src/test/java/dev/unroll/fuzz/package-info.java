/**
 * What anybody may pass in: bytes of files, tuples of arguments. Each target has the signature that
 * Jazzer looks for and needs nothing of it; {@link dev.unroll.fuzz.FuzzTest} feeds them on every
 * build, and {@code mvn -Pfuzz} for as long as one likes.
 */
@NullMarked
package dev.unroll.fuzz;

import org.jspecify.annotations.NullMarked;
