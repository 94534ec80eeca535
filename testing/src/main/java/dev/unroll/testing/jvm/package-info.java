/**
 * Fresh JVMs: programs run in processes of their own, the configurations of HotSpot under which
 * numerical code has to give the same bits, and the comparison of hashes over all of them.
 */
@NullMarked
package dev.unroll.testing.jvm;

import org.jspecify.annotations.NullMarked;
