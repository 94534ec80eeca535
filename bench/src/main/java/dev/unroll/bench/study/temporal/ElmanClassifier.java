package dev.unroll.bench.study.temporal;

import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.train.VanishingRegularizer;
import java.util.Arrays;
import java.util.Random;

/**
 * An Elman layer over symbols and a softmax over its last state, as batch products of the library.
 *
 * <p>{@code h_t = f(h_{t-1} R + W[u_t] + b)}, h_0 = 0, rows being sequences; logits = h_T V + c. An
 * input is one symbol, so its product with W is a row of W.
 */
final class ElmanClassifier {

  private final int hidden;
  private final int alphabet;
  private final int classes;
  private final boolean logistic;

  private final float[] w;
  private final float[] r;
  private final float[] b;
  private final float[] v;
  private final float[] c;
  private final float[] dW;
  private final float[] dR;
  private final float[] db;
  private final float[] dV;
  private final float[] dc;

  private final Matmul step;
  private final Matmul plain = Matmul.plain();
  private final Matmul readout;
  private final Matmul transposeA = Matmul.builder().transposeA().build();
  private final Matmul transposeB = Matmul.builder().transposeB().build();
  private final VanishingRegularizer regularizer = new VanishingRegularizer();

  /** W with b added to each row. */
  private final float[] table;

  // [T+1][N][H], [T+1][N][H], [T][N][H], [N][classes].
  private float[] h = {};
  private float[] dh = {};
  private float[] dz = {};
  private float[] logits = {};

  ElmanClassifier(int alphabet, int hidden, int classes, Initialization initialization, long seed) {
    this.alphabet = alphabet;
    this.hidden = hidden;
    this.classes = classes;
    logistic = initialization.activation() == Activation.SIGMOID;
    Random random = new Random(seed);
    w = new float[alphabet * hidden];
    r = new float[hidden * hidden];
    b = new float[hidden];
    v = new float[hidden * classes];
    c = new float[classes];
    initialization.fill(w, random);
    initialization.fillRecurrent(r, hidden, random);
    initialization.fill(v, random);
    dW = new float[w.length];
    dR = new float[r.length];
    db = new float[b.length];
    dV = new float[v.length];
    dc = new float[c.length];
    table = new float[w.length];
    step = Matmul.builder().beta(1).activation(initialization.activation()).build();
    readout = Matmul.builder().bias(c, 0).build();
  }

  /** W, R, b, V, c. */
  float[][] parameters() {
    return new float[][] {w, r, b, v, c};
  }

  /** dW, dR, db, dV, dc, in the order of the parameters. */
  float[][] gradients() {
    return new float[][] {dW, dR, db, dV, dc};
  }

  /** R, [from][to]. */
  float[] recurrentWeights() {
    return r;
  }

  /**
   * How many sequences are put into the wrong class. Keeps two states only, so that any length
   * fits.
   */
  int errors(SymbolBatch batch) {
    int state = batch.batch() * hidden;
    float[] states = new float[2 * state];
    PackedMatrix packed = packedR(false);
    fillTable();
    int from = 0;
    for (int t = 0; t < batch.steps(); t++) {
      int to = state - from;
      forwardStep(batch, t, packed, states, from, to);
      from = to;
    }
    float[] out = new float[batch.batch() * classes];
    readout(batch.batch(), states, from, out);
    int errors = 0;
    for (int n = 0; n < batch.batch(); n++) {
      errors += best(out, n * classes) == batch.labels()[n] ? 0 : 1;
    }
    return errors;
  }

  /** The mean loss of a batch; fills the gradients and keeps what {@link #regularize} needs. */
  double gradients(SymbolBatch batch) {
    int steps = batch.steps();
    int rows = batch.batch();
    int state = rows * hidden;
    reserve(steps, rows);
    fillTable();
    PackedMatrix packed = packedR(false);
    Arrays.fill(h, 0, state, 0);
    for (int t = 0; t < steps; t++) {
      forwardStep(batch, t, packed, h, t * state, (t + 1) * state);
    }
    readout(rows, h, steps * state, logits);
    double loss = softmax(batch);
    // logits now hold the gradient in them.
    transposeA.multiply(
        hidden, classes, rows, h, steps * state, hidden, logits, 0, classes, dV, 0, classes);
    columnSums(logits, rows, classes, dc);
    transposeB.multiply(
        rows, hidden, classes, logits, 0, classes, v, 0, classes, dh, steps * state, hidden);
    backward(steps, state, rows);
    transposeA.multiply(hidden, hidden, steps * rows, h, 0, hidden, dz, 0, hidden, dR, 0, hidden);
    inputGradients(batch);
    return loss;
  }

  /** Adds alpha times the gradient of Omega to dR, after {@link #gradients(SymbolBatch)}. */
  double regularize(SymbolBatch batch, float alpha) {
    int state = batch.batch() * hidden;
    int rows = batch.steps() * batch.batch();
    // The loss looks at the last step alone, so what step t hands back is all of dh at t - 1.
    return regularizer.accumulate(rows, hidden, alpha, dh, state, dz, 0, dh, 0, dR, 0);
  }

  private void reserve(int steps, int rows) {
    int states = (steps + 1) * rows * hidden;
    if (h.length < states) {
      h = new float[states];
      dh = new float[states];
      dz = new float[states];
    }
    if (logits.length < rows * classes) {
      logits = new float[rows * classes];
    }
  }

  private PackedMatrix packedR(boolean transposed) {
    return PackedMatrix.pack(hidden, hidden, transposed, r, 0, hidden);
  }

  private void fillTable() {
    for (int symbol = 0; symbol < alphabet; symbol++) {
      for (int j = 0; j < hidden; j++) {
        table[symbol * hidden + j] = w[symbol * hidden + j] + b[j];
      }
    }
  }

  private void forwardStep(
      SymbolBatch batch, int t, PackedMatrix packed, float[] states, int from, int to) {
    int rows = batch.batch();
    for (int n = 0; n < rows; n++) {
      int symbol = batch.symbols()[t * rows + n];
      System.arraycopy(table, symbol * hidden, states, to + n * hidden, hidden);
    }
    step.multiply(rows, states, from, hidden, packed, states, to, hidden);
  }

  private void readout(int rows, float[] states, int last, float[] out) {
    readout.multiply(rows, classes, hidden, states, last, hidden, v, 0, classes, out, 0, classes);
  }

  private void backward(int steps, int state, int rows) {
    // f' of all steps at once, then its product with dh as dh arrives.
    if (logistic) {
      Activations.sigmoidGradFromOutput(h, state, dz, 0, steps * state);
    } else {
      Activations.tanhGradFromOutput(h, state, dz, 0, steps * state);
    }
    PackedMatrix packed = packedR(true);
    for (int t = steps - 1; t >= 0; t--) {
      int at = t * state;
      for (int i = at; i < at + state; i++) {
        dz[i] *= dh[i + state];
      }
      plain.multiply(rows, dz, at, hidden, packed, dh, at, hidden);
    }
  }

  private void inputGradients(SymbolBatch batch) {
    Arrays.fill(dW, 0);
    for (int row = 0; row < batch.steps() * batch.batch(); row++) {
      int into = batch.symbols()[row] * hidden;
      int at = row * hidden;
      for (int j = 0; j < hidden; j++) {
        dW[into + j] += dz[at + j];
      }
    }
    // Each row has one symbol, so the bias' gradient is the sum over symbols.
    columnSums(dW, alphabet, hidden, db);
  }

  private static void columnSums(float[] matrix, int rows, int columns, float[] sums) {
    Arrays.fill(sums, 0);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += matrix[row * columns + j];
      }
    }
  }

  /** The mean cross-entropy; turns the logits into its gradient. */
  private double softmax(SymbolBatch batch) {
    int rows = batch.batch();
    double loss = 0;
    for (int n = 0; n < rows; n++) {
      int at = n * classes;
      double largest = logits[at + best(logits, at)];
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += StrictMath.exp(logits[at + k] - largest);
      }
      int label = batch.labels()[n];
      loss += Math.max(0, StrictMath.log(sum) - (logits[at + label] - largest));
      for (int k = 0; k < classes; k++) {
        double p = StrictMath.exp(logits[at + k] - largest) / sum;
        logits[at + k] = (float) ((p - (k == label ? 1 : 0)) / rows);
      }
    }
    return loss / rows;
  }

  private int best(float[] scores, int at) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (scores[at + k] > scores[at + best]) {
        best = k;
      }
    }
    return best;
  }
}
