/** The argument checks of the public facades, so that one mistake gets one message everywhere. */
@NullMarked
package dev.unroll.internal.check;

import org.jspecify.annotations.NullMarked;
