package dev.unroll.internal.simd;

import dev.unroll.internal.spi.Choice;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one place that says how wide a vector is.
 *
 * <p>The fields are constants to the compiler, and everything that loops over lanes takes them from
 * here: a species that arrives as a parameter would box every vector.
 */
final class Species {

  private static final VectorShape SHAPE = VectorShape.forBitSize(Choice.simdBits());

  /** The floats of one vector. */
  static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class, SHAPE);

  /** The same lanes as integers. */
  static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, SHAPE);

  private Species() {}
}
