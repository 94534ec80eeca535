/**
 * Panel packing, tile shapes and cache blocking.
 *
 * <p>Layout only: nothing here computes, so nothing here can change a result bit.
 */
@NullMarked
package dev.unroll.internal.pack;

import org.jspecify.annotations.NullMarked;
