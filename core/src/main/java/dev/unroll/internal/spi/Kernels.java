package dev.unroll.internal.spi;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.scalar.ScalarKernels;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * The choice between the twins, made once for each process.
 *
 * <p>The vectorized twin is found by its name: nothing outside {@code internal.simd} links to a
 * vector class, so a JVM without the module never tries to load one.
 */
public final class Kernels {

  private static final String SIMD = "dev.unroll.internal.simd.SimdKernels";

  private Kernels() {}

  /**
   * The kernels of this process.
   *
   * @throws IllegalStateException when {@code dev.unroll.twin} or {@code dev.unroll.vectorBits} has
   *     a value that cannot be obeyed
   */
  public static KernelSet get() {
    KernelSet kernels = Holder.KERNELS;
    return kernels == null ? fail() : kernels;
  }

  /**
   * What was chosen, and why.
   *
   * @throws IllegalStateException as {@link #get()} does
   */
  public static Choice choice() {
    get();
    return requireNonNull(Holder.CHOICE);
  }

  private static KernelSet fail() {
    throw new IllegalStateException(Holder.FAILURE);
  }

  /** The set is a constant to the compiler, so calls through it are inlined. */
  private static final class Holder {
    static final @Nullable KernelSet KERNELS;
    static final @Nullable Choice CHOICE;
    static final @Nullable String FAILURE;

    static {
      KernelSet kernels = null;
      Choice choice = null;
      String failure = null;
      try {
        choice = Choice.current();
        if (choice.simd()) {
          try {
            kernels = load();
          } catch (LinkageError | ReflectiveOperationException broken) {
            choice = choice.fallBack("the vectorized twin could not be loaded: " + broken);
          }
        }
        if (kernels == null) {
          kernels = new ScalarKernels();
        }
        log(choice);
      } catch (IllegalStateException wrong) {
        // Kept, so that each call repeats the message, not only the one that came first.
        kernels = null;
        failure = wrong.getMessage();
      }
      KERNELS = kernels;
      CHOICE = choice;
      FAILURE = failure;
    }
  }

  private static KernelSet load() throws ReflectiveOperationException {
    Class<?> type = Class.forName(SIMD, true, Kernels.class.getClassLoader());
    try {
      return (KernelSet) type.getConstructor().newInstance();
    } catch (InvocationTargetException wrapped) {
      if (wrapped.getCause() instanceof LinkageError cause) {
        throw cause;
      }
      throw wrapped;
    }
  }

  private static void log(Choice choice) {
    System.getLogger("dev.unroll")
        .log(
            choice.simd() || choice.asked() ? Level.INFO : Level.WARNING,
            choice.simd()
                ? "Unroll runs its simd kernels at {0} bits: {1}"
                : "Unroll runs its scalar kernels, same bits but slower: {1}",
            choice.vectorBits(),
            choice.reason());
  }
}
