/** What the main job shows: each kernel beside its ceiling and the naive loop. */
@NullMarked
package dev.unroll.bench.tour;

import org.jspecify.annotations.NullMarked;
