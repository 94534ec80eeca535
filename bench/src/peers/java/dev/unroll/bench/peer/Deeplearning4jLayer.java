package dev.unroll.bench.peer;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Gradients;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of one layer. In training the gradient of the outputs arrives from outside, as it does
 * for users with a loss of their own.
 *
 * <p>A sequence is [N][size][T] in Fortran's order, so that the numbers of a step lie together, as
 * they do in the layers' own arrays. All parameters are one array, matrices in Fortran's order too.
 */
final class Deeplearning4jLayer implements RecurrentContender {

  /** Its gates are candidate, forget, output, input: where these are in i, f, g, o. */
  private static final int[] LSTM_GATES = {2, 1, 3, 0};

  /** Where i, f, g, o are among its gates. */
  private static final int[] LSTM_GATES_BACK = {3, 1, 0, 2};

  private static final int[] RNN_GATES = {0};

  private Task task = new Task(Cell.LSTM, new LayerShape(1, 1, 1, 1), Pass.FORWARD, 1);
  private Layer layer = Layer.random(task.cell(), task.shape());
  private @Nullable MultiLayerNetwork network;

  /** The whole sequence, or step by step. */
  private final List<INDArray> x = new ArrayList<>();

  private @Nullable INDArray dy;

  /** What the last run left. */
  private @Nullable INDArray y;

  private @Nullable Pair<Gradient, INDArray> gradients;
  private int next;

  @Override
  public String library() {
    return Deeplearning4jPeer.NAME;
  }

  @Override
  public String variant() {
    return "MultiLayerNetwork";
  }

  /** It has no GRU. */
  @Override
  public boolean accepts(Task wanted) {
    return wanted.cell() != Cell.GRU;
  }

  @Override
  public void prepare(Task newTask, Layer newLayer) {
    close();
    task = newTask;
    layer = newLayer;
    next = 0;
    Deeplearning4jPeer.threads(task.threads());
    LayerShape shape = task.shape();
    MultiLayerNetwork made =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .list()
                .layer(configuration(shape))
                .build());
    made.init();
    made.setParams(parameters());
    network = made;
    if (task.pass() == Pass.STEP) {
      int width = shape.batch() * shape.inputs();
      for (int t = 0; t < shape.steps(); t++) {
        float[] step = new float[width];
        System.arraycopy(layer.x(), t * width, step, 0, width);
        x.add(Nd4j.create(step, new int[] {shape.batch(), shape.inputs()}, 'c'));
      }
    } else {
      x.add(sequence(layer.x(), shape.inputs()));
      dy = sequence(layer.dy(), shape.units());
    }
  }

  private BaseRecurrentLayer configuration(LayerShape shape) {
    BaseRecurrentLayer.Builder<?> builder =
        task.cell() == Cell.LSTM
            ? new LSTM.Builder().gateActivationFunction(Activation.SIGMOID)
            : new SimpleRnn.Builder();
    builder.nIn(shape.inputs());
    builder.nOut(shape.units());
    builder.activation(Activation.TANH);
    return builder.build();
  }

  /** [size][G H] in Fortran's order is [G H][size] in C's; both biases are one. */
  private INDArray parameters() {
    int[] order = task.cell() == Cell.LSTM ? LSTM_GATES : RNN_GATES;
    float[] w = layer.reordered(layer.w(), layer.shape().inputs(), order);
    float[] r = layer.reordered(layer.r(), layer.shape().units(), order);
    float[] b = layer.reordered(layer.bias(), 1, order);
    float[] all = new float[w.length + r.length + b.length];
    System.arraycopy(w, 0, all, 0, w.length);
    System.arraycopy(r, 0, all, w.length, r.length);
    System.arraycopy(b, 0, all, w.length + r.length, b.length);
    return Nd4j.create(all, new int[] {1, all.length}, 'c');
  }

  private INDArray sequence(float[] values, int size) {
    LayerShape shape = task.shape();
    int[] timeMajor = {shape.steps(), shape.batch(), size};
    return Nd4j.create(values, timeMajor, 'c').permute(1, 2, 0).dup('f');
  }

  @Override
  public void run() {
    MultiLayerNetwork ready = Objects.requireNonNull(network);
    release();
    switch (task.pass()) {
      case FORWARD -> y = ready.output(x.getFirst(), false);
      case STEP -> {
        if (next == 0) {
          ready.rnnClearPreviousState();
        }
        y = ready.rnnTimeStep(x.get(next));
        next = next + 1 == x.size() ? 0 : next + 1;
      }
      case TRAINING -> {
        ready.setInput(x.getFirst());
        y = ready.feedForward(true, false).get(1);
        gradients = ready.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces());
      }
    }
  }

  /** Frees native memory now: else it would wait for a garbage collection. */
  private void release() {
    free(y);
    y = null;
    if (gradients != null) {
      free(gradients.getSecond());
      gradients = null;
    }
  }

  private static void free(@Nullable INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }

  @Override
  public float[] outputs() {
    INDArray last = Objects.requireNonNull(y);
    return task.pass() == Pass.STEP ? last.dup('c').data().asFloat() : timeMajor(last);
  }

  private static float[] timeMajor(INDArray sequence) {
    return sequence.permute(2, 0, 1).dup('c').data().asFloat();
  }

  @Override
  public Gradients gradients() {
    Pair<Gradient, INDArray> last = Objects.requireNonNull(gradients);
    int[] back = task.cell() == Cell.LSTM ? LSTM_GATES_BACK : RNN_GATES;
    float[] d = last.getFirst().gradient().dup('c').data().asFloat();
    int w = layer.w().length;
    int r = layer.r().length;
    float[] db = layer.reordered(Arrays.copyOfRange(d, w + r, d.length), 1, back);
    return new Gradients(
        timeMajor(last.getSecond()),
        layer.reordered(Arrays.copyOf(d, w), layer.shape().inputs(), back),
        layer.reordered(Arrays.copyOfRange(d, w, w + r), layer.shape().units(), back),
        db,
        db.clone());
  }

  @Override
  public void close() {
    release();
    x.forEach(Deeplearning4jLayer::free);
    x.clear();
    free(dy);
    dy = null;
    if (network != null) {
      network.close();
      network = null;
    }
  }
}
