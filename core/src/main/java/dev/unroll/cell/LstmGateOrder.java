package dev.unroll.cell;

/**
 * The order in which a framework stacks the weights of an LSTM's four gates: input gate i, forget
 * gate f, candidate g (called c by some), output gate o.
 */
public enum LstmGateOrder {
  /** PyTorch, cuDNN; also Keras and oneDNN, which write i, f, c, o. */
  IFGO(0, 1, 2, 3),
  /** ONNX, which writes i, o, f, c. */
  IOFG(0, 2, 3, 1);

  /** The gates in the order of the kernels. */
  static final int GATES = 4;

  @SuppressWarnings("ImmutableEnumChecker") // written here and nowhere else
  private final int input;

  private final int forget;
  private final int candidate;
  private final int output;

  LstmGateOrder(int input, int forget, int candidate, int output) {
    this.input = input;
    this.forget = forget;
    this.candidate = candidate;
    this.output = output;
  }

  /** Where gate {@code gate} of the kernels' order, i f g o, stands in this one. */
  int block(int gate) {
    return switch (gate) {
      case 0 -> input;
      case 1 -> forget;
      case 2 -> candidate;
      default -> output;
    };
  }
}
