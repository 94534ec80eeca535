package dev.unroll.testing.law;

import dev.unroll.testing.guard.GuardedFloats;
import org.jspecify.annotations.Nullable;

/** One form for all kinds of kernels; it never copies what a kernel could have spoiled. */
final class UnaryCall {

  private final UnaryLaws.@Nullable Ranges ranges;
  private final UnaryLaws.@Nullable Arrays arrays;
  private final UnaryLaws.@Nullable InPlace inPlace;

  private UnaryCall(
      UnaryLaws.@Nullable Ranges ranges,
      UnaryLaws.@Nullable Arrays arrays,
      UnaryLaws.@Nullable InPlace inPlace) {
    this.ranges = ranges;
    this.arrays = arrays;
    this.inPlace = inPlace;
  }

  static UnaryCall ofRanges(UnaryLaws.Ranges kernel) {
    return new UnaryCall(kernel, null, null);
  }

  static UnaryCall ofArrays(UnaryLaws.Arrays kernel) {
    return new UnaryCall(null, kernel, null);
  }

  static UnaryCall ofInPlace(UnaryLaws.InPlace kernel) {
    return new UnaryCall(null, null, kernel);
  }

  UnaryLaws.Ranges ranges() {
    if (ranges == null) {
      throw new IllegalStateException("not a kernel over ranges");
    }
    return ranges;
  }

  boolean hasRanges() {
    return ranges != null;
  }

  boolean outOfPlace() {
    return inPlace == null;
  }

  /** The results of some values. */
  float[] apply(float... x) {
    float[] y = new float[x.length];
    if (ranges != null) {
      ranges.apply(x, 0, y, 0, x.length);
    } else if (arrays != null) {
      arrays.apply(x, y);
    } else if (inPlace != null) {
      System.arraycopy(x, 0, y, 0, x.length);
      inPlace.apply(y, x.length);
    }
    return y;
  }

  /** Memory for {@code n} values, guarded as far as the kind of kernel allows. */
  GuardedFloats memory(int n, int offset) {
    if (ranges != null) {
      return GuardedFloats.vector(n, offset);
    }
    // Kernels over whole arrays have no room for canaries; their bounds are those of the array.
    return GuardedFloats.matrix(1, n, 0, n, inPlace == null ? 0 : GuardedFloats.TRAILING_GUARD);
  }

  /** Applies the kernel from {@code x} to {@code y}, which may be one. */
  void apply(GuardedFloats x, GuardedFloats y) {
    int n = x.columns();
    if (ranges != null) {
      ranges.apply(x.array(), x.offset(), y.array(), y.offset(), n);
    } else if (arrays != null) {
      arrays.apply(x.array(), y.array());
    } else if (inPlace != null) {
      if (x != y) {
        y.set(x.toDense());
      }
      inPlace.apply(y.array(), n);
    }
  }
}
