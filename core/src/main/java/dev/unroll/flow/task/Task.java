package dev.unroll.flow.task;

/** What the generators share. */
final class Task {

  private Task() {}

  static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
    }
  }
}
