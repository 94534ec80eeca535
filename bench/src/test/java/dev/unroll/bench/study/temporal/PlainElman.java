package dev.unroll.bench.study.temporal;

import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.train.SoftmaxCrossEntropy;
import dev.unroll.train.VanishingRegularizer;
import java.util.Arrays;
import java.util.List;

/**
 * What {@link ElmanClassifier} computes, written out: an Elman layer over symbols and a softmax
 * over its last state, as batch products of the library.
 *
 * <p>{@code h_t = f(h_{t-1} R + W[u_t] + b)}, h_0 = 0, rows being sequences; logits = h_T V + c. An
 * input is one symbol, so its product with W is a row of W.
 */
final class PlainElman {

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

  /** With parameters W, R, b, V, c as a classifier has them, [to][from]. */
  PlainElman(int alphabet, int hidden, int classes, boolean logistic, List<float[]> parameters) {
    this.alphabet = alphabet;
    this.hidden = hidden;
    this.classes = classes;
    this.logistic = logistic;
    w = transposed(hidden, alphabet, parameters.get(0));
    r = transposed(hidden, hidden, parameters.get(1));
    b = parameters.get(2).clone();
    v = transposed(classes, hidden, parameters.get(3));
    c = parameters.get(4).clone();
    dW = new float[w.length];
    dR = new float[r.length];
    db = new float[b.length];
    dV = new float[v.length];
    dc = new float[c.length];
    table = new float[w.length];
    Activation activation = logistic ? Activation.SIGMOID : Activation.TANH;
    step = Matmul.builder().beta(1).activation(activation).build();
    readout = Matmul.builder().bias(c, 0).build();
  }

  static float[] transposed(int rows, int columns, float[] a) {
    float[] t = new float[a.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        t[j * rows + i] = a[i * columns + j];
      }
    }
    return t;
  }

  /** dW, dR, db, dV, dc: [from][to]. */
  float[][] gradients() {
    return new float[][] {dW, dR, db, dV, dc};
  }

  /** [T+1][N][H], that before the first step first. */
  float[] states() {
    return h;
  }

  /** dL/dh in the same places. */
  float[] stateGradients() {
    return dh;
  }

  /** [T][N][H]. */
  float[] sumGradients() {
    return dz;
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
    double loss = SoftmaxCrossEntropy.loss(rows, classes, logits, 0, batch.labels(), logits, 0);
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
}
