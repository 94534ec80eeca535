/** What the tests of the testing kit share. */
@NullMarked
package dev.unroll.testing;

import org.jspecify.annotations.NullMarked;
