/**
 * The vectorized twin, and the only importer of {@code jdk.incubator.vector}.
 *
 * <p>One class for each kernel family, loaded by name through the seam. Species are constants,
 * taken from {@code Species} alone; one lane holds one output element, so no result depends on the
 * width.
 */
@NullMarked
package dev.unroll.internal.simd;

import org.jspecify.annotations.NullMarked;
