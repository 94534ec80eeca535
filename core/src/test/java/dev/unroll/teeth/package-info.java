/**
 * Whether the tests have teeth: bugs planted into the kernels, one at a time, each of which the
 * tests of the normal build have to catch.
 */
@NullMarked
package dev.unroll.teeth;

import org.jspecify.annotations.NullMarked;
