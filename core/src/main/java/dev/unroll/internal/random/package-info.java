/** Random bits that need no memory: functions of a seed and a place. */
@NullMarked
package dev.unroll.internal.random;

import org.jspecify.annotations.NullMarked;
