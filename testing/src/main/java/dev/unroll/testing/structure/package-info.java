/**
 * Rules about the structure of compiled classes: who may use whom, what has to be a constant, how
 * long a method may be.
 *
 * <p>They read class files, so they hold for what the JVM really loads, synthetic methods and
 * lambdas included, and need no class to be loadable. Each rule names what breaks it in one line.
 */
@NullMarked
package dev.unroll.testing.structure;

import org.jspecify.annotations.NullMarked;
