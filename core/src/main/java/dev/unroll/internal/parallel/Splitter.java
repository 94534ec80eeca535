package dev.unroll.internal.parallel;

/** Runs the parts of a task, and returns when all of them are done. */
public interface Splitter extends AutoCloseable {

  /** The threads that take part, the calling one included. */
  int threads();

  /**
   * Runs each part once, with all that it wrote visible to the caller afterwards. The calling
   * thread takes parts too; an interrupt is kept for later, it does not end the call.
   */
  void run(PartTask task, int parts);

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
    public void run(PartTask task, int parts) {
      for (int i = 0; i < parts; i++) {
        task.run(i, parts);
      }
    }

    @Override
    public void close() {}
  }
}
