/** Drawings as SVG text, without a graphics toolkit, readable on light and on dark pages. */
@NullMarked
package dev.unroll.internal.svg;

import org.jspecify.annotations.NullMarked;
