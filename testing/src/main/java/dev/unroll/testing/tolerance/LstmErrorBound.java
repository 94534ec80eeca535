package dev.unroll.testing.tolerance;

import static dev.unroll.testing.reference.ReferenceActivations.sigmoid;
import static dev.unroll.testing.reference.ReferenceActivations.tanh;
import static dev.unroll.testing.tolerance.ErrorBounds.ETA;
import static dev.unroll.testing.tolerance.ErrorBounds.U;

import dev.unroll.testing.reference.ReferenceLstm;

/**
 * Forward error bound of an LSTM in float, element by element and step by step: what follows from
 * the rounding of its sums and from the ULP limits of its activations, carried on through time.
 *
 * <p>Exact values have no mark, {@code d} is a bound of what the float value is off. With {@code n}
 * = I + H terms in a sum, {@code gamma} and {@code eta} of {@link ErrorBounds}:
 *
 * <pre>
 *   dz = gamma(n + 2) (|b| + |b'| + |W| |x| + |R| (|h| + dh)) + |R| dh
 *        + (1 + gamma(n + 2)) (2n + 2) eta
 *
 *   da = L dz + ulps * ulp(|a| + L dz)      a = s(z), L = max s' over [z - dz, z + dz], at most 1/4
 *                                           for sigmoid and 1 for tanh; L dz is at most the range
 *                                           of s, 1 and 2
 *   a product and a sum, each rounded:
 *   d(ab)  = D + u (|ab| + D) + eta         D = |a| db + |b| da + da db
 *   d(a+b) = D + u (|a+b| + D) + eta        D = da + db
 *
 *   dc = d(f c + i g)                       f c from the step before; rounded once with fma
 *   dh = d(o t)                             t = tanh(c)
 * </pre>
 *
 * <p>dh and dc start at 0: the initial states are given as floats. A sum has n + 1 roundings, in
 * any order, with or without fma; the one more in gamma stands for the double-precision reference,
 * whose own error is 2^-29 times as large. Likewise {@code f c} is counted as rounded, which covers
 * a cell that does without fma.
 *
 * <p>A bound that holds always is far above the usual error, and through R it grows with time: with
 * large recurrent weights it becomes empty (2, as h is within 1) after some tens of steps. So long
 * sequences are judged better one step at a time, from the states that the float cell itself has
 * come to: {@link #step}.
 *
 * <p>Holds while nothing overflows. Source: N. Higham, "Accuracy and Stability of Numerical
 * Algorithms", 2nd edition, SIAM 2002, chapters 2 and 3.
 */
public final class LstmErrorBound {

  private final ReferenceLstm.Weights weights;
  private final double sigmoidUlps;
  private final double tanhUlps;

  /** The error of one value and the value itself: what the next operation needs of both. */
  private record Bounded(double value, double error) {

    static Bounded product(Bounded a, Bounded b) {
      double error = Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error;
      return rounded(a.value * b.value, error);
    }

    static Bounded sum(Bounded a, Bounded b) {
      return rounded(a.value + b.value, a.error + b.error);
    }

    private static Bounded rounded(double value, double error) {
      return new Bounded(value, error + U * (Math.abs(value) + error) + ETA);
    }
  }

  /**
   * For a layer and its activations.
   *
   * @param sigmoidUlps what the cell's sigmoid is off at most, in {@link Ulp}
   * @param tanhUlps what its tanh is off at most
   */
  public LstmErrorBound(ReferenceLstm.Weights weights, double sigmoidUlps, double tanhUlps) {
    this.weights = weights;
    this.sigmoidUlps = sigmoidUlps;
    this.tanhUlps = tanhUlps;
  }

  /**
   * Bounds of everything that {@link ReferenceLstm#forward} returns, in the same layout.
   *
   * @param steps T
   * @param batch N
   * @param x inputs, [T, N, I], all of them floats
   * @param h0 initial hidden state, [N, H], likewise
   * @param c0 initial cell state, [N, H], likewise
   */
  public ReferenceLstm.Result forward(int steps, int batch, double[] x, double[] h0, double[] c0) {
    int units = weights.hiddenSize();
    ReferenceLstm.Result exact = ReferenceLstm.forward(weights, steps, batch, x, h0, c0);
    int width = batch * units;
    double[] allH = new double[steps * width];
    double[] allC = new double[steps * width];
    double[] h = h0.clone();
    double[] c = c0.clone();
    double[] dh = new double[width];
    double[] dc = new double[width];
    for (int t = 0; t < steps; t++) {
      double[] nextH = new double[width];
      double[] nextC = new double[width];
      for (int n = 0; n < batch; n++) {
        for (int unit = 0; unit < units; unit++) {
          int at = n * units + unit;
          int xRow = (t * batch + n) * weights.inputSize();
          Bounded i = sigma(preActivation(0, unit, x, xRow, h, dh, n));
          Bounded f = sigma(preActivation(1, unit, x, xRow, h, dh, n));
          Bounded g = tangent(preActivation(2, unit, x, xRow, h, dh, n));
          Bounded o = sigma(preActivation(3, unit, x, xRow, h, dh, n));
          Bounded before = new Bounded(c[at], dc[at]);
          Bounded cell = Bounded.sum(Bounded.product(f, before), Bounded.product(i, g));
          nextC[at] = cell.error;
          // No cell leaves [-1, 1], whatever its pre-activations are.
          nextH[at] = Math.min(2, Bounded.product(o, tangent(cell)).error);
        }
      }
      dh = nextH;
      dc = nextC;
      System.arraycopy(dh, 0, allH, t * width, width);
      System.arraycopy(dc, 0, allC, t * width, width);
      h = slice(exact.h(), t * width, width);
      c = slice(exact.c(), t * width, width);
    }
    return new ReferenceLstm.Result(allH, allC, dh, dc);
  }

  /** The bounds of a single step from states that are floats: lastH and lastC of one step. */
  public ReferenceLstm.Result step(int batch, double[] x, double[] h, double[] c) {
    return forward(1, batch, x, h, c);
  }

  private static double[] slice(double[] from, int first, int length) {
    double[] slice = new double[length];
    System.arraycopy(from, first, slice, 0, length);
    return slice;
  }

  /** z and dz of one gate of one unit in one sequence. */
  private Bounded preActivation(
      int gate, int unit, double[] x, int xRow, double[] h, double[] dh, int n) {
    int inputs = weights.inputSize();
    int units = weights.hiddenSize();
    int row = gate * units + unit;
    double sum = weights.inputBias()[row] + weights.recurrentBias()[row];
    double magnitude = Math.abs(weights.inputBias()[row]) + Math.abs(weights.recurrentBias()[row]);
    double inherited = 0;
    for (int p = 0; p < inputs; p++) {
      double term = weights.w()[row * inputs + p] * x[xRow + p];
      sum += term;
      magnitude += Math.abs(term);
    }
    for (int p = 0; p < units; p++) {
      double r = weights.r()[row * units + p];
      double from = h[n * units + p];
      double error = dh[n * units + p];
      sum += r * from;
      magnitude += Math.abs(r) * (Math.abs(from) + error);
      inherited += Math.abs(r) * error;
    }
    int terms = inputs + units;
    double gamma = ErrorBounds.gamma(terms + 2L);
    double underflow = (1 + gamma) * (2.0 * terms + 2) * ETA;
    return new Bounded(sum, gamma * magnitude + underflow + inherited);
  }

  private Bounded sigma(Bounded z) {
    double nearest = Math.max(0, Math.abs(z.value) - z.error);
    double slope = sigmoid(nearest) * sigmoid(-nearest);
    return activated(sigmoid(z.value), Math.min(1, slope * z.error), sigmoidUlps);
  }

  private Bounded tangent(Bounded z) {
    double nearest = tanh(Math.max(0, Math.abs(z.value) - z.error));
    double slope = (1 - nearest) * (1 + nearest);
    return activated(tanh(z.value), Math.min(2, slope * z.error), tanhUlps);
  }

  private static Bounded activated(double value, double inherited, double ulps) {
    return new Bounded(value, inherited + ulps * Ulp.size(Math.abs(value) + inherited));
  }
}
