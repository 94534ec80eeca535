package dev.unroll.bench.recurrent;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The loops that anybody writes first: a dot product for each gate, {@link Math} for the rest; in
 * training the same way back.
 */
public final class NaiveLayer implements RecurrentContender {

  /** The name that this contender gives as its library. */
  public static final String LIBRARY = "naive";

  /** The loops take seconds beyond this. */
  static final double MOST_FLOPS = 6e8;

  private Task task = new Task(Cell.RNN, new LayerShape(1, 1, 1, 1), Pass.FORWARD, 1);
  private Layer layer = Layer.random(task.cell(), task.shape());
  private float[] y = {};
  private float[] h = {};
  private float[] c = {};

  /** What the inputs and the states bring to the gates of one row, biases included; then them. */
  private float[] fromInput = {};

  private float[] fromState = {};
  private @Nullable NaiveBackward backward;
  private int next;

  @Override
  public String library() {
    return LIBRARY;
  }

  @Override
  public String variant() {
    return "loops";
  }

  @Override
  public boolean javaCode() {
    return true;
  }

  @Override
  public boolean accepts(Task wanted) {
    return wanted.threads() == 1 && wanted.flops() <= MOST_FLOPS;
  }

  @Override
  public void prepare(Task newTask, Layer newLayer) {
    task = newTask;
    layer = newLayer;
    int rows = task.cell().gates() * task.shape().units();
    y = new float[task.pass() == Pass.STEP ? 0 : task.shape().steps() * layer.states()];
    h = new float[layer.states()];
    c = new float[layer.states()];
    fromInput = new float[rows];
    fromState = new float[rows];
    backward = task.pass() == Pass.TRAINING ? new NaiveBackward(layer) : null;
    next = 0;
  }

  @Override
  public void run() {
    switch (task.pass()) {
      case FORWARD -> forward();
      case STEP -> {
        step(next);
        next = next + 1 == task.shape().steps() ? 0 : next + 1;
      }
      case TRAINING -> {
        forward();
        backward(layer.dy());
      }
    }
  }

  void forward() {
    for (int t = 0; t < task.shape().steps(); t++) {
      step(t);
      System.arraycopy(h, 0, y, t * h.length, h.length);
    }
  }

  void backward(float[] dy) {
    Objects.requireNonNull(backward).run(y, dy);
  }

  /** The outputs, not a copy: another layer's inputs. */
  float[] y() {
    return y;
  }

  private void step(int t) {
    if (t == 0) {
      Arrays.fill(h, 0f);
      Arrays.fill(c, 0f);
    }
    int in = task.shape().inputs();
    int units = task.shape().units();
    for (int n = 0; n < task.shape().batch(); n++) {
      int from = (t * task.shape().batch() + n) * in;
      for (int row = 0; row < fromInput.length; row++) {
        fromInput[row] = layer.inputBias()[row] + dot(layer.w(), row * in, layer.x(), from, in);
        fromState[row] =
            layer.recurrentBias()[row] + dot(layer.r(), row * units, h, n * units, units);
      }
      switch (task.cell()) {
        case LSTM -> lstm(n * units, units);
        case GRU -> gru(n * units, units);
        case RNN -> rnn(n * units, units);
      }
      if (backward != null) {
        keep(backward, t * task.shape().batch() + n, n * units, units);
      }
    }
  }

  private void keep(NaiveBackward way, int row, int state, int units) {
    System.arraycopy(fromInput, 0, way.gates, row * fromInput.length, fromInput.length);
    switch (task.cell()) {
      case LSTM -> System.arraycopy(c, state, way.kept, row * units, units);
      case GRU -> System.arraycopy(fromState, 2 * units, way.kept, row * units, units);
      case RNN -> {
        // y is all that it needs.
      }
    }
  }

  private static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
    float sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  private void lstm(int row, int units) {
    for (int j = 0; j < units; j++) {
      float i = sigmoid(fromInput[j] + fromState[j]);
      float f = sigmoid(fromInput[units + j] + fromState[units + j]);
      float g = tanh(fromInput[2 * units + j] + fromState[2 * units + j]);
      float o = sigmoid(fromInput[3 * units + j] + fromState[3 * units + j]);
      c[row + j] = f * c[row + j] + i * g;
      h[row + j] = o * tanh(c[row + j]);
      fromInput[j] = i;
      fromInput[units + j] = f;
      fromInput[2 * units + j] = g;
      fromInput[3 * units + j] = o;
    }
  }

  private void gru(int row, int units) {
    for (int j = 0; j < units; j++) {
      float r = sigmoid(fromInput[j] + fromState[j]);
      float z = sigmoid(fromInput[units + j] + fromState[units + j]);
      float n = tanh(fromInput[2 * units + j] + r * fromState[2 * units + j]);
      h[row + j] = (1 - z) * n + z * h[row + j];
      fromInput[j] = r;
      fromInput[units + j] = z;
      fromInput[2 * units + j] = n;
    }
  }

  private void rnn(int row, int units) {
    for (int j = 0; j < units; j++) {
      h[row + j] = tanh(fromInput[j] + fromState[j]);
    }
  }

  private static float sigmoid(float v) {
    return (float) (1 / (1 + Math.exp(-v)));
  }

  private static float tanh(float v) {
    return (float) Math.tanh(v);
  }

  @Override
  public float[] outputs() {
    return task.pass() == Pass.STEP ? h.clone() : y.clone();
  }

  @Override
  public Gradients gradients() {
    Gradients d = Objects.requireNonNull(backward).gradients();
    return new Gradients(
        d.dx().clone(),
        d.dW().clone(),
        d.dR().clone(),
        d.dInputBias().clone(),
        d.dRecurrentBias().clone());
  }

  /** The gradients of the inputs, not a copy: those of another layer's outputs. */
  float[] dx() {
    return Objects.requireNonNull(backward).gradients().dx();
  }

  @Override
  public void close() {}
}
