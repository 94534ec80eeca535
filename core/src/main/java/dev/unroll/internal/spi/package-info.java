/**
 * The seam: one small interface for each kernel family, and the choice between the twins, made
 * once.
 *
 * <p>Nothing here names a vector type, so that probing a JVM without the Vector API touches none.
 */
@NullMarked
package dev.unroll.internal.spi;

import org.jspecify.annotations.NullMarked;
