package dev.unroll.testing.reference;

/**
 * What an LSTM can have beyond the plain cell; immutable, each {@code with} returns another one.
 *
 * @param projection P, outputs after a projection; 0 without
 * @param peepholes whether the gates see the cell
 * @param coupled whether {@code f = 1 - i}: three gates i, g, o, the forget gate has no weights
 * @param clip what the cell is clipped to; infinite without
 */
public record LstmOptions(int projection, boolean peepholes, boolean coupled, double clip) {

  /** Nothing of it. */
  public static final LstmOptions PLAIN =
      new LstmOptions(0, false, false, Double.POSITIVE_INFINITY);

  /** Checks the numbers. */
  public LstmOptions {
    if (projection < 0) {
      throw new IllegalArgumentException("projection: " + projection);
    }
    if (!(clip > 0)) {
      throw new IllegalArgumentException("clip: " + clip);
    }
  }

  /** With the outputs {@code h = P (o tanh(c))}, of another size than the cell. */
  public LstmOptions withProjection(int outputs) {
    return new LstmOptions(outputs, peepholes, coupled, clip);
  }

  /** With diagonal weights from the cell to its gates. */
  public LstmOptions withPeepholes() {
    return new LstmOptions(projection, true, coupled, clip);
  }

  /** With one gate for input and forgetting. */
  public LstmOptions withCoupledGates() {
    return new LstmOptions(projection, peepholes, true, clip);
  }

  /** With a cell that never leaves [-limit, limit]. */
  public LstmOptions withClip(double limit) {
    return new LstmOptions(projection, peepholes, coupled, limit);
  }
}
