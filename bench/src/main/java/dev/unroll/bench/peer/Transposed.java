package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies a row-major matrix into its transpose. */
final class Transposed {

  private Transposed() {}

  static MemorySegment of(Arena memory, MemorySegment matrix, int rows, int columns) {
    MemorySegment transposed = NativeCalls.allocate(memory, (long) rows * columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed.setAtIndex(
            JAVA_FLOAT, (long) j * rows + i, matrix.getAtIndex(JAVA_FLOAT, (long) i * columns + j));
      }
    }
    return transposed;
  }
}
