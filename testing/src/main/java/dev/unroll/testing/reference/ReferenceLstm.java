package dev.unroll.testing.reference;

import static dev.unroll.testing.reference.ReferenceActivations.sigmoid;
import static dev.unroll.testing.reference.ReferenceActivations.tanh;

/**
 * LSTM forward pass in double precision: the textbook loops, PyTorch's dialect.
 *
 * <pre>
 *   i = sigmoid(W_i x_t + b_i + R_i h_{t-1} + r_i)
 *   f = sigmoid(W_f x_t + b_f + R_f h_{t-1} + r_f)
 *   g = tanh   (W_g x_t + b_g + R_g h_{t-1} + r_g)
 *   o = sigmoid(W_o x_t + b_o + R_o h_{t-1} + r_o)
 *   c_t = f c_{t-1} + i g
 *   h_t = o tanh(c_t)
 * </pre>
 *
 * <p>T steps, N sequences, I inputs, H units; all arrays row-major without padding, gates in the
 * order i, f, g, o.
 */
public final class ReferenceLstm {

  private ReferenceLstm() {}

  /**
   * Weights of one layer and direction, as PyTorch stores them.
   *
   * @param inputSize I
   * @param hiddenSize H
   * @param w input weights, weight_ih, [4H, I]
   * @param r recurrent weights, weight_hh, [4H, H]
   * @param inputBias bias_ih, [4H]
   * @param recurrentBias bias_hh, [4H]
   */
  @SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
  public record Weights(
      int inputSize,
      int hiddenSize,
      double[] w,
      double[] r,
      double[] inputBias,
      double[] recurrentBias) {

    /** Float weights, widened, which is exact. */
    public static Weights of(
        int inputSize,
        int hiddenSize,
        float[] w,
        float[] r,
        float[] inputBias,
        float[] recurrentBias) {
      return new Weights(
          inputSize, hiddenSize, widen(w), widen(r), widen(inputBias), widen(recurrentBias));
    }
  }

  /**
   * What a forward pass leaves.
   *
   * @param h hidden states after each step, [T, N, H]
   * @param c cell states after each step, [T, N, H]
   * @param lastH hidden state after the last step, [N, H]; the initial one when T is 0
   * @param lastC cell state after the last step, [N, H]; the initial one when T is 0
   */
  @SuppressWarnings("ArrayRecordComponent") // a bundle of results, never compared
  public record Result(double[] h, double[] c, double[] lastH, double[] lastC) {}

  /**
   * Runs the layer over a whole sequence.
   *
   * @param steps T
   * @param batch N
   * @param x inputs, [T, N, I]
   * @param h0 initial hidden state, [N, H]
   * @param c0 initial cell state, [N, H]
   */
  public static Result forward(
      Weights weights, int steps, int batch, double[] x, double[] h0, double[] c0) {
    int inputs = weights.inputSize();
    int units = weights.hiddenSize();
    double[] allH = new double[steps * batch * units];
    double[] allC = new double[steps * batch * units];
    double[] h = h0.clone();
    double[] c = c0.clone();
    for (int t = 0; t < steps; t++) {
      double[] nextH = new double[batch * units];
      double[] nextC = new double[batch * units];
      for (int n = 0; n < batch; n++) {
        int xRow = (t * batch + n) * inputs;
        for (int unit = 0; unit < units; unit++) {
          double i = sigmoid(gate(weights, 0, unit, x, xRow, h, n));
          double f = sigmoid(gate(weights, 1, unit, x, xRow, h, n));
          double g = tanh(gate(weights, 2, unit, x, xRow, h, n));
          double o = sigmoid(gate(weights, 3, unit, x, xRow, h, n));
          int at = n * units + unit;
          nextC[at] = f * c[at] + i * g;
          nextH[at] = o * tanh(nextC[at]);
        }
      }
      h = nextH;
      c = nextC;
      System.arraycopy(h, 0, allH, t * batch * units, batch * units);
      System.arraycopy(c, 0, allC, t * batch * units, batch * units);
    }
    return new Result(allH, allC, h, c);
  }

  /** A float array in double precision, value by value, which is exact. */
  public static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Pre-activation of one gate of one unit in one sequence. */
  private static double gate(
      Weights weights, int gate, int unit, double[] x, int xRow, double[] h, int n) {
    int inputs = weights.inputSize();
    int units = weights.hiddenSize();
    int row = gate * units + unit;
    double sum = weights.inputBias()[row] + weights.recurrentBias()[row];
    for (int p = 0; p < inputs; p++) {
      sum += weights.w()[row * inputs + p] * x[xRow + p];
    }
    for (int p = 0; p < units; p++) {
      sum += weights.r()[row * units + p] * h[n * units + p];
    }
    return sum;
  }
}
