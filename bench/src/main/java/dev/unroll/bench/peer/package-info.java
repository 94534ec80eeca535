/**
 * Native libraries to compare with, bound through {@code java.lang.foreign}; absent unless the
 * build unpacked them.
 */
@NullMarked
package dev.unroll.bench.peer;

import org.jspecify.annotations.NullMarked;
