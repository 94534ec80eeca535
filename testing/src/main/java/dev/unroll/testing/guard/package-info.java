/**
 * Watches over memory: canaries around and between what a kernel may write, and copies of what it
 * may not.
 */
@NullMarked
package dev.unroll.testing.guard;

import org.jspecify.annotations.NullMarked;
