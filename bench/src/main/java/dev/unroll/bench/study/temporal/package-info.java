/** The temporal-order task: what clipping and the regularizer do for plain gradient descent. */
@NullMarked
package dev.unroll.bench.study.temporal;

import org.jspecify.annotations.NullMarked;
