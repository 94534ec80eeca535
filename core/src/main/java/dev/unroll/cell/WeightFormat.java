package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Kind;

/**
 * How a framework stacks the weights of a cell: the order of its gates, whether its matrices are
 * transposed, and how many biases it keeps. Each gate is H rows of W and R here (or H columns where
 * they are transposed).
 *
 * <table>
 * <caption>The formats</caption>
 * <tr><th></th><th>LSTM</th><th>GRU</th><th>W, R</th><th>biases</th><th>peepholes</th></tr>
 * <tr><td>PyTorch, cuDNN</td><td>i f g o</td><td>r z n</td><td>GH x I, GH x H</td>
 *     <td>bW, bR</td><td>i f o (ours)</td></tr>
 * <tr><td>ONNX</td><td>i o f c</td><td>z r h</td><td>GH x I, GH x H</td>
 *     <td>bW, bR: the halves of its B</td><td>i o f</td></tr>
 * <tr><td>Keras</td><td>i f c o</td><td>z r h</td><td>I x GH, H x GH</td>
 *     <td>one; reset after: two, the rows of its bias</td><td>i f o</td></tr>
 * <tr><td>oneDNN</td><td>i f c o</td><td>u r o</td><td>I x GH, H x GH</td>
 *     <td>one; reset after: a fourth block for bR_n</td><td>i f o</td></tr>
 * </table>
 *
 * <p>Coupled gates leave the forget gate out. z (u in oneDNN) is the share of the old state in all
 * of them.
 */
public enum WeightFormat {
  /** PyTorch and cuDNN; also the order of the kernels and of gradients. */
  PYTORCH(false, "ifgo", "rzn", "ifo"),
  /** ONNX and ONNX Runtime. */
  ONNX(false, "iofg", "zrn", "iof"),
  /** Keras. */
  KERAS(true, "ifgo", "zrn", "ifo"),
  /** oneDNN, layout ldigo. */
  ONEDNN(true, "ifgo", "zrn", "ifo");

  private static final String COUPLED_LEAVES_OUT = "f";

  private final boolean transposed;
  private final String lstm;
  private final String gru;
  private final String peepholes;

  WeightFormat(boolean transposed, String lstm, String gru, String peepholes) {
    this.transposed = transposed;
    this.lstm = lstm;
    this.gru = gru;
    this.peepholes = peepholes;
  }

  /** Whether W is I x GH and R is H x GH. */
  boolean transposed() {
    return transposed;
  }

  /** The gates in this order, a letter each. */
  String gates(CellSpec spec) {
    return switch (spec.kind()) {
      case ELMAN -> "h";
      case GRU -> gru;
      case LSTM -> spec.coupledGates() ? lstm.replace(COUPLED_LEAVES_OUT, "") : lstm;
    };
  }

  /** The gates that have peepholes, in this order. */
  String peepholes(CellSpec spec) {
    return spec.coupledGates() ? peepholes.replace(COUPLED_LEAVES_OUT, "") : peepholes;
  }

  /** Whether there are two biases wherever there is one. */
  boolean alwaysTwoBiases() {
    return this == ONNX;
  }

  /** Whether two biases are kept apart; else the format holds their sum, rounded once. */
  boolean keepsTwoBiases(CellSpec spec) {
    boolean apart = spec.kind() == Kind.GRU && spec.reset() == CellSpec.Reset.AFTER;
    return !(transposed && !apart);
  }
}
