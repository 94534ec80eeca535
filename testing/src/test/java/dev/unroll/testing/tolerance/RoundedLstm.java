package dev.unroll.testing.tolerance;

import static dev.unroll.testing.tolerance.ErrorBounds.U;

import dev.unroll.testing.reference.ReferenceActivations;
import dev.unroll.testing.reference.ReferenceLstm;
import java.util.SplittableRandom;

/** An LSTM whose every rounding can be chosen: as float rounds, or as badly as is allowed. */
final class RoundedLstm {

  private RoundedLstm() {}

  /** What happens to the result of an operation, and how good the activations are. */
  interface Arithmetic {

    double round(double exact);

    double sigmoid(double z);

    double tanh(double z);
  }

  /** Float, rounding to nearest, with activations that are rounded once. */
  static class Nearest implements Arithmetic {

    @Override
    public double round(double exact) {
      return (float) exact;
    }

    @Override
    public double sigmoid(double z) {
      return (float) ReferenceActivations.sigmoid(z);
    }

    @Override
    public double tanh(double z) {
      return (float) ReferenceActivations.tanh(z);
    }
  }

  /**
   * Each operation is off by as much as is allowed, upwards or downwards in magnitude.
   *
   * @param up the share of the operations that go up: 0, 1 or, at random, something between
   */
  record Worst(double sigmoidUlps, double tanhUlps, double up, SplittableRandom random)
      implements Arithmetic {

    /** A little less than all, so that the roundings of this simulation do not count. */
    private static final double ALLOWED = 1 - 0x1p-20;

    private double sign() {
      return random.nextDouble() < up ? ALLOWED : -ALLOWED;
    }

    @Override
    public double round(double exact) {
      return exact * (1 + U * sign());
    }

    @Override
    public double sigmoid(double z) {
      double y = ReferenceActivations.sigmoid(z);
      return y + sign() * sigmoidUlps * Ulp.size(y);
    }

    @Override
    public double tanh(double z) {
      double y = ReferenceActivations.tanh(z);
      return y + Math.signum(y) * sign() * tanhUlps * Ulp.size(y);
    }
  }

  /** The cell with one rounding for each fma, bias first, in the layout of the reference. */
  static ReferenceLstm.Result forward(
      ReferenceLstm.Weights weights,
      int steps,
      int batch,
      double[] x,
      double[] h0,
      double[] c0,
      Arithmetic by) {
    int units = weights.hiddenSize();
    int width = batch * units;
    double[] allH = new double[steps * width];
    double[] allC = new double[steps * width];
    double[] h = h0.clone();
    double[] c = c0.clone();
    for (int t = 0; t < steps; t++) {
      double[] next = new double[width];
      for (int n = 0; n < batch; n++) {
        for (int unit = 0; unit < units; unit++) {
          int at = n * units + unit;
          int xRow = (t * batch + n) * weights.inputSize();
          double i = by.sigmoid(sum(weights, unit, x, xRow, h, n, by));
          double f = by.sigmoid(sum(weights, units + unit, x, xRow, h, n, by));
          double g = by.tanh(sum(weights, 2 * units + unit, x, xRow, h, n, by));
          double o = by.sigmoid(sum(weights, 3 * units + unit, x, xRow, h, n, by));
          c[at] = by.round(f * c[at] + by.round(i * g));
          next[at] = by.round(o * by.tanh(c[at]));
        }
      }
      h = next;
      System.arraycopy(h, 0, allH, t * width, width);
      System.arraycopy(c, 0, allC, t * width, width);
    }
    return new ReferenceLstm.Result(allH, allC, h, c);
  }

  private static double sum(
      ReferenceLstm.Weights weights,
      int row,
      double[] x,
      int xRow,
      double[] h,
      int n,
      Arithmetic by) {
    int inputs = weights.inputSize();
    int units = weights.hiddenSize();
    double sum = by.round(weights.inputBias()[row] + weights.recurrentBias()[row]);
    for (int p = 0; p < inputs; p++) {
      sum = by.round(sum + weights.w()[row * inputs + p] * x[xRow + p]);
    }
    for (int p = 0; p < units; p++) {
      sum = by.round(sum + weights.r()[row * units + p] * h[n * units + p]);
    }
    return sum;
  }
}
