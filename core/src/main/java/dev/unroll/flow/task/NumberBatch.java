package dev.unroll.flow.task;

/**
 * Sequences of pairs (marker, value), each with one number to be named after its last pair.
 *
 * @param steps T
 * @param batch N
 * @param x [T][N][2]: the marker, 1 or 0, and the value, in [0, 1)
 * @param targets [N]
 */
public record NumberBatch(int steps, int batch, float[] x, float[] targets) {

  /** How far an answer may be off and still count as right. */
  public static final double TOLERANCE = 0.2;

  /** How many answers are further from their targets than {@link #TOLERANCE}; NaN is. */
  public int errors(float[] answers) {
    if (answers.length != batch) {
      throw new IllegalArgumentException(
          "answers has " + answers.length + " elements, must have " + batch);
    }
    int errors = 0;
    for (int n = 0; n < batch; n++) {
      errors += Math.abs((double) answers[n] - targets[n]) <= TOLERANCE ? 0 : 1;
    }
    return errors;
  }
}
