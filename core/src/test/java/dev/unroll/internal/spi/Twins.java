package dev.unroll.internal.spi;

import dev.unroll.internal.scalar.ScalarKernels;
import java.util.List;

/** Both twins in one JVM, whichever was chosen, so that tests can compare them. */
public final class Twins {

  private Twins() {}

  /**
   * The twins that this JVM can run: the scalar one, and the vectorized one where its module is
   * present and C2 turns it into vector instructions.
   */
  public static List<KernelSet> present() {
    Capabilities facts = Capabilities.current();
    KernelSet scalar = new ScalarKernels();
    return facts.vectorModule() && facts.c2() ? List.of(scalar, simd()) : List.of(scalar);
  }

  private static KernelSet simd() {
    try {
      // By its name: a test that linked to the class could not be loaded without the module.
      return Class.forName("dev.unroll.internal.simd.SimdKernels")
          .asSubclass(KernelSet.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException broken) {
      throw new LinkageError("the vectorized twin cannot be made", broken);
    }
  }
}
