/** The examples of the README, compiled and run. */
@NullMarked
package dev.unroll.testing.example;

import org.jspecify.annotations.NullMarked;
