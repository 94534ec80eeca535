/**
 * The front door: {@link dev.unroll.Platform} tells which kernels run in this process, at which
 * width, and why.
 *
 * <p>What is public here is stable; everything under {@code dev.unroll.internal} may change in any
 * release.
 */
@NullMarked
package dev.unroll;

import org.jspecify.annotations.NullMarked;
