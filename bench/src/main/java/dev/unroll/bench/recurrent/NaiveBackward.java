package dev.unroll.bench.recurrent;

import java.util.Arrays;

/**
 * The way back of {@link NaiveLayer}: step by step from the last one, row by row, each gate's
 * gradient to the weights, the input and the state before.
 */
final class NaiveBackward {

  private final Layer layer;
  private final int in;
  private final int units;

  /** What forward leaves: the gates of every step and row, [T][N][G H]. */
  final float[] gates;

  /** [T][N][H]: c of an LSTM; of a GRU what the state brings to the candidate. */
  final float[] kept;

  private final Gradients d;

  /** The gradients of the states that a step ends with, [N][H]. */
  private final float[] dh;

  private final float[] dc;

  /** Of the sums that a row's gates are functions of: what the input and the state bring. */
  private final float[] dInput;

  private final float[] dState;

  NaiveBackward(Layer layer) {
    this.layer = layer;
    in = layer.shape().inputs();
    units = layer.shape().units();
    int rows = layer.shape().steps() * layer.shape().batch();
    int sums = layer.inputBias().length;
    gates = new float[rows * sums];
    kept = new float[rows * units];
    d =
        new Gradients(
            new float[layer.x().length],
            new float[layer.w().length],
            new float[layer.r().length],
            new float[sums],
            new float[sums]);
    dh = new float[layer.states()];
    dc = new float[layer.states()];
    dInput = new float[sums];
    dState = new float[sums];
  }

  /** The gradients of the last run, not copies. */
  Gradients gradients() {
    return d;
  }

  /** From dy, the gradients of the outputs, to all others; y is what forward has computed. */
  void run(float[] y, float[] dy) {
    for (float[] array : new float[][] {d.dx(), d.dW(), d.dR(), d.dInputBias(), dh, dc}) {
      Arrays.fill(array, 0f);
    }
    Arrays.fill(d.dRecurrentBias(), 0f);
    int batch = layer.shape().batch();
    for (int t = layer.shape().steps() - 1; t >= 0; t--) {
      for (int n = 0; n < batch; n++) {
        int row = t * batch + n;
        for (int j = 0; j < units; j++) {
          dh[n * units + j] += dy[row * units + j];
        }
        int before = row - batch;
        switch (layer.cell()) {
          case LSTM -> lstm(row, before, n * units);
          case GRU -> gru(row, before, n * units, y);
          case RNN -> rnn(row, n * units, y);
        }
        products(row, before, n * units, y);
      }
    }
  }

  private void lstm(int row, int before, int state) {
    int at = row * 4 * units;
    for (int j = 0; j < units; j++) {
      float i = gates[at + j];
      float f = gates[at + units + j];
      float g = gates[at + 2 * units + j];
      float o = gates[at + 3 * units + j];
      float last = before < 0 ? 0 : kept[before * units + j];
      float squashed = (float) Math.tanh(kept[row * units + j]);
      float dhj = dh[state + j];
      float dcj = dc[state + j] + dhj * o * (1 - squashed * squashed);
      dInput[j] = dcj * g * i * (1 - i);
      dInput[units + j] = dcj * last * f * (1 - f);
      dInput[2 * units + j] = dcj * i * (1 - g * g);
      dInput[3 * units + j] = dhj * squashed * o * (1 - o);
      dc[state + j] = dcj * f;
      dh[state + j] = 0;
    }
    System.arraycopy(dInput, 0, dState, 0, dState.length);
  }

  private void gru(int row, int before, int state, float[] y) {
    int at = row * 3 * units;
    for (int j = 0; j < units; j++) {
      float r = gates[at + j];
      float z = gates[at + units + j];
      float n = gates[at + 2 * units + j];
      float last = before < 0 ? 0 : y[before * units + j];
      float dhj = dh[state + j];
      float dn = dhj * (1 - z) * (1 - n * n);
      dInput[j] = dn * kept[row * units + j] * r * (1 - r);
      dInput[units + j] = dhj * (last - n) * z * (1 - z);
      dInput[2 * units + j] = dn;
      dh[state + j] = dhj * z;
    }
    System.arraycopy(dInput, 0, dState, 0, dState.length);
    for (int j = 0; j < units; j++) {
      dState[2 * units + j] *= gates[at + j];
    }
  }

  private void rnn(int row, int state, float[] y) {
    for (int j = 0; j < units; j++) {
      float h = y[row * units + j];
      dInput[j] = dh[state + j] * (1 - h * h);
      dState[j] = dInput[j];
      dh[state + j] = 0;
    }
  }

  /** From the sums of a row to weights, biases, its input and the state before. */
  private void products(int row, int before, int state, float[] y) {
    for (int sum = 0; sum < dInput.length; sum++) {
      float a = dInput[sum];
      float s = dState[sum];
      d.dInputBias()[sum] += a;
      d.dRecurrentBias()[sum] += s;
      for (int k = 0; k < in; k++) {
        d.dW()[sum * in + k] += a * layer.x()[row * in + k];
        d.dx()[row * in + k] += a * layer.w()[sum * in + k];
      }
      for (int k = 0; before >= 0 && k < units; k++) {
        d.dR()[sum * units + k] += s * y[before * units + k];
        dh[state + k] += s * layer.r()[sum * units + k];
      }
    }
  }
}
