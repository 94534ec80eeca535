package dev.unroll.internal.parallel;

/** Work that falls into parts of about the same size, none of which needs another. */
@FunctionalInterface
public interface PartTask {

  /** Does part {@code part} of {@code parts}. */
  void run(int part, int parts);
}
