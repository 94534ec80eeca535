@NullMarked
package dev.unroll.layer;

import org.jspecify.annotations.NullMarked;
