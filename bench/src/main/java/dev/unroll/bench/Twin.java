package dev.unroll.bench;

import dev.unroll.Platform;
import java.util.Locale;

/**
 * Which kernels a benchmark's JVM runs, as a parameter of JMH: each value gets JVMs of its own, and
 * the choice is made before the kernels are loaded.
 */
public enum Twin {
  /** Vectors. */
  SIMD,
  /** The plain twin. */
  SCALAR;

  /**
   * Chooses it for this JVM.
   *
   * @throws IllegalStateException when another one runs: without forks ({@code -f 0}) the first
   *     choice stays
   */
  void use() {
    System.setProperty("dev.unroll.twin", name().toLowerCase(Locale.ROOT));
    String runs = Platform.current().twin().name();
    if (!runs.equals(name())) {
      throw new IllegalStateException(this + " was asked for, and " + runs + " runs");
    }
  }
}
