/**
 * The packaged jar, tried from outside: other programs, in JVMs of their own, embed it in every way
 * that is promised.
 */
@NullMarked
package dev.unroll.embedding;

import org.jspecify.annotations.NullMarked;
