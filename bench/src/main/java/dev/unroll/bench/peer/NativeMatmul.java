package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Holds the operands in native memory; the subclass knows the library. */
abstract class NativeMatmul implements MatmulContender {

  private final String library;
  private final String variant;
  private Arena arena = Arena.ofShared();

  int m;
  int n;
  int k;
  MemorySegment a = MemorySegment.NULL;
  MemorySegment b = MemorySegment.NULL;
  MemorySegment c = MemorySegment.NULL;

  NativeMatmul(String library, String variant) {
    this.library = library;
    this.variant = variant;
  }

  @Override
  public final String library() {
    return library;
  }

  @Override
  public final String variant() {
    return variant;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // Kept until the next shape, then closed by close().
  public final void prepare(Shape shape, float[] newA, float[] newB, int threads) {
    close();
    arena = Arena.ofShared();
    m = shape.m();
    n = shape.n();
    k = shape.k();
    a = NativeCalls.copyOf(arena, newA);
    b = NativeCalls.copyOf(arena, newB);
    c = NativeCalls.allocate(arena, (long) m * n);
    try {
      setUp(arena, threads);
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  /** What the library wants done once: threads, packing. */
  abstract void setUp(Arena memory, int threads) throws Throwable;

  /** The call that is timed. */
  abstract void call() throws Throwable;

  /** Releases what {@link #setUp} took outside the arena. */
  void tearDown() throws Throwable {}

  @Override
  public final void run() {
    try {
      call();
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  @Override
  public final float[] result() {
    return c.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public final void close() {
    if (arena.scope().isAlive()) {
      try {
        tearDown();
      } catch (Throwable t) {
        throw NativeCalls.unexpected(t);
      }
      arena.close();
    }
  }
}
