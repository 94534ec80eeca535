package dev.unroll.bench.recurrent;

/**
 * One way of running a recurrent layer that takes part in the comparison.
 *
 * <p>Everything that a user does once for given weights (copying to native memory, packing,
 * building a session or a primitive) belongs into {@link #prepare}; everything that is paid for
 * each sequence or step belongs into {@link #run}.
 */
public interface RecurrentContender extends AutoCloseable {

  /** Whose code runs, for example {@code ONNX Runtime}. */
  String library();

  /** Which of the library's ways is taken. */
  String variant();

  /** Whether it is compiled while it runs. */
  default boolean javaCode() {
    return false;
  }

  /** Whether this contender can do it. */
  boolean accepts(Task task);

  /** Takes weights, inputs and threads; releases what it held for the last task. */
  void prepare(Task task, Layer layer);

  /**
   * Does it once.
   *
   * <p>{@link Pass#FORWARD} and {@link Pass#TRAINING}: the whole sequence, from zero states. {@link
   * Pass#STEP}: the next step; after the last step of the sequence comes the first one again, from
   * zero states.
   */
  void run();

  /**
   * A copy of the outputs: h of all steps, [T][N][H], or after {@link Pass#STEP} h of the last
   * step, [N][H].
   */
  float[] outputs();

  /** A copy of the last run's gradients; only after {@link Pass#TRAINING}. */
  default Gradients gradients() {
    throw new UnsupportedOperationException(library() + " has no backward pass");
  }

  /** Releases what {@link #prepare} took. */
  @Override
  void close();
}
