/**
 * What is promised to several threads, for a moment on every build and for as long as one likes by
 * {@code mvn -Pstress}.
 */
@NullMarked
package dev.unroll.stress;

import org.jspecify.annotations.NullMarked;
