package dev.unroll.bench.probe;

import dev.unroll.Platform;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width that the probes of this JVM use: a constant, or nothing would be compiled.
 */
final class ProbeSpecies {

  /** The width that the kernels use. */
  static final VectorSpecies<Float> FLOAT = choose();

  private ProbeSpecies() {}

  private static VectorSpecies<Float> choose() {
    int bits = Platform.current().vectorBits();
    if (bits == 0) {
      throw new IllegalStateException("the scalar twin runs: there is no vector width to probe");
    }
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }
}
