package dev.unroll.internal.parallel;

import java.util.function.IntConsumer;

/** Runs the parts of a task, and returns when all of them are done. */
public interface Splitter extends AutoCloseable {

  /** The threads that take part, the calling one included. */
  int threads();

  /**
   * Runs the parts 0 to {@code parts - 1} once each, with all that it wrote visible to the caller
   * afterwards. The calling thread takes parts too; an interrupt is kept for later, it does not end
   * the call.
   */
  void run(int parts, IntConsumer task);

  @Override
  void close();

  /** The calling thread alone. */
  static Splitter none() {
    return Alone.INSTANCE;
  }

  /** See {@link #none()}. */
  enum Alone implements Splitter {
    INSTANCE;

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public void run(int parts, IntConsumer task) {
      for (int i = 0; i < parts; i++) {
        task.accept(i);
      }
    }

    @Override
    public void close() {}
  }
}
