package dev.unroll;

import dev.unroll.internal.spi.Capabilities;
import dev.unroll.internal.spi.Choice;
import dev.unroll.internal.spi.Kernels;

/**
 * Which kernels run in this process, at which width, and why.
 *
 * <p>The choice is made once, when the first kernel is used or {@link #current()} is called, and
 * told in one line to the system logger {@code dev.unroll}: a warning when the scalar twin had to
 * stand in, otherwise an information. Both twins give the same bits; only speed differs.
 *
 * <p>Two system properties, read before that moment, steer it: {@code dev.unroll.twin} ({@code
 * auto}, {@code simd} or {@code scalar}) forces a twin, {@code dev.unroll.vectorBits} ({@code 128},
 * {@code 256} or {@code 512}) caps the width.
 *
 * @param twin the twin that runs
 * @param vectorBits the width of its vectors in bits; 0 for the scalar twin
 * @param reason why, in one line
 * @param vectorModule whether the module {@code jdk.incubator.vector} is present
 * @param c2 whether the VM compiles with C2
 * @param fma whether a fused multiply-add is one instruction
 * @param useAvx the VM's {@code UseAVX} level; -1 where there is none
 * @param maxVectorSize the VM's {@code MaxVectorSize} in bytes; -1 when unknown
 * @param arch the architecture, as {@code os.arch} names it
 * @param cpu the CPU's own name, or the architecture when it has none
 * @param vm name, version and mode of the VM
 */
public record Platform(
    Twin twin,
    int vectorBits,
    String reason,
    boolean vectorModule,
    boolean c2,
    boolean fma,
    int useAvx,
    int maxVectorSize,
    String arch,
    String cpu,
    String vm) {

  private static final int NUMERICS_VERSION = 1;

  /**
   * The numerics version: goes up whenever any output bit of any kernel changes, and the changelog
   * says which.
   *
   * <p>Results of two builds with the same numerics version are the same bits, on every machine. (A
   * method, since the compiler would copy a constant into the classes of its users.)
   */
  public static int numericsVersion() {
    return NUMERICS_VERSION;
  }

  /** The two implementations of every kernel. */
  public enum Twin {
    /** Vectorized with the Vector API. */
    SIMD,
    /** Plain Java: the fallback, and the oracle of the other. */
    SCALAR
  }

  /**
   * The platform of this process.
   *
   * @throws IllegalStateException when one of the two system properties has a value that cannot be
   *     obeyed
   */
  public static Platform current() {
    Choice choice = Kernels.choice();
    Capabilities facts = Capabilities.current();
    return new Platform(
        choice.simd() ? Twin.SIMD : Twin.SCALAR,
        choice.vectorBits(),
        choice.reason(),
        facts.vectorModule(),
        facts.c2(),
        facts.fma(),
        facts.useAvx(),
        facts.maxVectorSize(),
        facts.arch(),
        facts.cpu(),
        facts.vm());
  }
}
