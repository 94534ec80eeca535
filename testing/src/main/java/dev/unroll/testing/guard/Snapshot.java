package dev.unroll.testing.guard;

import dev.unroll.testing.tolerance.Reproducer;

/** A copy of an array that must not change, and the check that it has not. */
public final class Snapshot {

  private final String name;
  private final float[] array;
  private final float[] copy;

  private Snapshot(String name, float[] array) {
    this.name = name;
    this.array = array;
    this.copy = array.clone();
  }

  /** Remembers the array as it is now. */
  public static Snapshot of(String name, float[] array) {
    return new Snapshot(name, array);
  }

  /** Fails when any element has changed by a single bit since, NaN payloads included. */
  public void assertUnmodified(Reproducer where) {
    for (int i = 0; i < copy.length; i++) {
      int before = Float.floatToRawIntBits(copy[i]);
      int after = Float.floatToRawIntBits(array[i]);
      if (before != after) {
        throw new AssertionError(
            "%s modified at index %d: got %s (0x%08x) expected %s (0x%08x), bound 0%n%s"
                .formatted(name, i, array[i], after, copy[i], before, where.line()));
      }
    }
  }
}
