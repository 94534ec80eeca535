package dev.unroll.internal.spi;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which twin runs, at which width, and why: a pure function of the facts and the two properties.
 *
 * @param simd whether the vectorized twin runs
 * @param vectorBits the width of its vectors; 0 for the scalar twin
 * @param reason one line without a full stop
 * @param asked whether the user asked for this twin, so that nothing needs a warning
 */
public record Choice(boolean simd, int vectorBits, String reason, boolean asked) {

  /** {@code auto} (also when absent), {@code simd} or {@code scalar}. */
  public static final String TWIN_PROPERTY = "dev.unroll.twin";

  /** The widest vectors to use: 128, 256 or 512; absent: as wide as the VM uses. */
  public static final String BITS_PROPERTY = "dev.unroll.vectorBits";

  private static final int WIDEST = 512;
  private static final int NARROWEST = 128;

  /** The choice for this process. Apart from {@link Kernels}, whose own start needs it. */
  private static final class Holder {
    static final int SIMD_BITS;
    static final @Nullable Choice CHOICE;
    static final String FAILURE;

    static {
      int simdBits = NARROWEST;
      Choice choice = null;
      String failure = "";
      try {
        String bits = System.getProperty(BITS_PROPERTY);
        simdBits = simdBits(Capabilities.current(), cap(bits));
        choice = of(Capabilities.current(), System.getProperty(TWIN_PROPERTY), bits);
      } catch (IllegalArgumentException | IllegalStateException wrong) {
        failure = String.valueOf(wrong.getMessage());
      }
      SIMD_BITS = simdBits;
      CHOICE = choice;
      FAILURE = failure;
    }
  }

  /**
   * The choice for this process, before the chosen twin was loaded.
   *
   * @throws IllegalStateException when a property has a value that cannot be obeyed; at each call,
   *     so that the message is never lost in a failed class initialization
   */
  static Choice current() {
    Choice choice = Holder.CHOICE;
    if (choice == null) {
      throw new IllegalStateException(Holder.FAILURE);
    }
    return choice;
  }

  /**
   * The width in bits at which the vectorized twin runs here, whether or not it is the chosen one:
   * tests and benchmarks run both side by side.
   */
  public static int simdBits() {
    return Holder.SIMD_BITS;
  }

  static Choice scalar(String reason, boolean asked) {
    return new Choice(false, 0, reason, asked);
  }

  Choice fallBack(String cause) {
    if (asked) {
      throw new IllegalStateException(TWIN_PROPERTY + "=simd cannot be obeyed: " + cause);
    }
    return scalar(cause, false);
  }

  /**
   * Chooses.
   *
   * @param twin the value of {@value #TWIN_PROPERTY}, or null
   * @param bits the value of {@value #BITS_PROPERTY}, or null
   * @throws IllegalArgumentException for a value that is none of the allowed ones
   * @throws IllegalStateException when the vectorized twin is forced but its module is absent
   */
  public static Choice of(Capabilities facts, @Nullable String twin, @Nullable String bits) {
    int cap = cap(bits);
    return switch (twin == null ? "auto" : twin.toLowerCase(Locale.ROOT)) {
      case "scalar" -> scalar("forced by -D" + TWIN_PROPERTY + "=scalar", true);
      case "simd" -> forced(facts, cap);
      case "auto" -> auto(facts, cap);
      default ->
          throw new IllegalArgumentException(
              TWIN_PROPERTY + " must be auto, simd or scalar, but is '" + twin + "'");
    };
  }

  private static int cap(@Nullable String bits) {
    return switch (bits == null ? "512" : bits) {
      case "128" -> 128;
      case "256" -> 256;
      case "512" -> WIDEST;
      default ->
          throw new IllegalArgumentException(
              BITS_PROPERTY + " must be 128, 256 or 512, but is '" + bits + "'");
    };
  }

  private static Choice forced(Capabilities facts, int cap) {
    if (!facts.vectorModule()) {
      throw new IllegalStateException(TWIN_PROPERTY + "=simd cannot be obeyed: " + moduleMissing());
    }
    return new Choice(true, simdBits(facts, cap), "forced by -D" + TWIN_PROPERTY + "=simd", true);
  }

  private static Choice auto(Capabilities facts, int cap) {
    if (!facts.vectorModule()) {
      return scalar(moduleMissing(), false);
    }
    if (!facts.c2()) {
      return scalar(facts.c2Cause(), false);
    }
    if (!facts.fma()) {
      return scalar("no fused multiply-add (UseFMA is off)", false);
    }
    switch (facts.arch()) {
      case "amd64", "x86_64" -> {
        if (facts.useAvx() < 2) {
          return scalar("no AVX2 (UseAVX is " + facts.useAvx() + ")", false);
        }
      }
      case "aarch64", "arm64" -> {
        // NEON is part of the architecture.
      }
      default -> {
        return scalar("the vectorized twin is not tested on " + facts.arch(), false);
      }
    }
    int width = width(facts);
    if (width < NARROWEST) {
      return scalar(
          "the VM's vectors are too short (MaxVectorSize is " + facts.maxVectorSize() + ")", false);
    }
    if (cap < width) {
      return new Choice(true, cap, "capped by -D" + BITS_PROPERTY + "=" + cap, true);
    }
    return new Choice(true, width, "module, C2, FMA and vector unit are present", false);
  }

  private static int simdBits(Capabilities facts, int cap) {
    return Math.min(cap, Math.max(NARROWEST, width(facts)));
  }

  /** The VM's width in bits, rounded down to a power of two and to what the kernels know. */
  private static int width(Capabilities facts) {
    int bytes = Math.min(WIDEST / Byte.SIZE, Math.max(0, facts.maxVectorSize()));
    return Integer.highestOneBit(bytes) * Byte.SIZE;
  }

  private static String moduleMissing() {
    return "module "
        + Capabilities.VECTOR_MODULE
        + " is not present (start java with --add-modules "
        + Capabilities.VECTOR_MODULE
        + ")";
  }
}
