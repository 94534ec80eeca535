package dev.unroll.bench.lstm;

import java.util.Arrays;

/** The loops that anybody writes first: a dot product for each gate, {@link Math} for the rest. */
public final class NaiveLstm implements LstmContender {

  private LstmShape shape = new LstmShape(1, 1, 1, 1);
  private float[] w = {};
  private float[] r = {};
  private float[] bias = {};
  private float[] x = {};
  private float[] y = {};
  private float[] h = {};
  private float[] c = {};
  private float[] z = {};

  @Override
  public String name() {
    return "naive";
  }

  @Override
  public void prepare(LstmData data) {
    shape = data.shape();
    w = data.inputWeights;
    r = data.recurrentWeights;
    bias = data.bias;
    x = data.x;
    y = data.outputs(shape.steps());
    h = data.outputs(1);
    c = data.outputs(1);
    z = new float[4 * shape.units()];
  }

  @Override
  public void run() {
    int in = shape.inputs();
    int units = shape.units();
    Arrays.fill(h, 0f);
    Arrays.fill(c, 0f);
    for (int t = 0; t < shape.steps(); t++) {
      for (int n = 0; n < shape.batch(); n++) {
        int from = (t * shape.batch() + n) * in;
        for (int gate = 0; gate < z.length; gate++) {
          z[gate] =
              bias[gate]
                  + dot(w, gate * in, x, from, in)
                  + dot(r, gate * units, h, n * units, units);
        }
        gates(n * units, units);
      }
      System.arraycopy(h, 0, y, t * h.length, h.length);
    }
  }

  private static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
    float sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  private void gates(int row, int units) {
    for (int j = 0; j < units; j++) {
      float i = sigmoid(z[j]);
      float f = sigmoid(z[units + j]);
      float g = (float) Math.tanh(z[2 * units + j]);
      float o = sigmoid(z[3 * units + j]);
      c[row + j] = f * c[row + j] + i * g;
      h[row + j] = o * (float) Math.tanh(c[row + j]);
    }
  }

  private static float sigmoid(float v) {
    return (float) (1 / (1 + Math.exp(-v)));
  }

  @Override
  public float[] outputs() {
    return y.clone();
  }
}
