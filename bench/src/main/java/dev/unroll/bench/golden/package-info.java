/** The kernels beside results that another framework computed in double precision. */
@NullMarked
package dev.unroll.bench.golden;

import org.jspecify.annotations.NullMarked;
