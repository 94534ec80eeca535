package dev.unroll.bench.recurrent;

/**
 * The cells that are compared, each in the dialect that PyTorch, ONNX Runtime and oneDNN share.
 *
 * <p>Weights stand in PyTorch's order of gates: i, f, g, o and r, z, n. The GRU applies its reset
 * gate after the recurrent product, which is why its two biases are not one.
 */
public enum Cell {
  /** Input, forget, candidate and output gate. */
  LSTM(4),
  /** Reset and update gate, and candidate. */
  GRU(3),
  /** Elman's cell with tanh. */
  RNN(1);

  private final int gates;

  Cell(int gates) {
    this.gates = gates;
  }

  /** G. */
  public int gates() {
    return gates;
  }
}
