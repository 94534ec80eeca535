package dev.unroll.testing.law;

/**
 * A statement about a kernel that holds or fails.
 *
 * @param name what it says, in a few words
 * @param check fails with an {@link AssertionError} when the law is broken
 */
public record Law(String name, Runnable check) {

  /**
   * Fails when the law is broken. An exception of the kernel breaks it, too.
   *
   * @throws AssertionError whose message tells how to see the failure again
   */
  public void mustHold() {
    try {
      check.run();
    } catch (RuntimeException thrown) {
      throw new AssertionError("the kernel threw " + thrown, thrown);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
