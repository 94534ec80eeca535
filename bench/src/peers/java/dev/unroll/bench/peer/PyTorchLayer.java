package dev.unroll.bench.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Gradients;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer on native tensors, through DJL's lowest public interface. In training each run begins
 * with parameters that have no gradient yet, as after {@code zero_grad(set_to_none=True)}: nothing
 * is zeroed, and nothing is added to an old gradient.
 */
final class PyTorchLayer implements RecurrentContender {

  private Task task = new Task(Cell.LSTM, new LayerShape(1, 1, 1, 1), Pass.FORWARD, 1);
  private @Nullable NDManager manager;

  /** x, W, R and the biases; for single steps x of the first step. */
  private List<NDArray> given = List.of();

  private List<NDArray> inputs = List.of();
  private NDList zeros = new NDList();
  private NDList dy = new NDList();

  /** What the last run left: y and the last states. */
  private NDList results = new NDList();

  /** The last run's x, W, R and biases, which hold the gradients. */
  private NDList leaves = new NDList();

  private int next;

  @Override
  public String library() {
    return PyTorchPeer.NAME;
  }

  @Override
  public String variant() {
    return "through DJL";
  }

  @Override
  public boolean accepts(Task wanted) {
    return true;
  }

  @Override
  public void prepare(Task newTask, Layer layer) {
    close();
    task = newTask;
    next = 0;
    PyTorchPeer.threads(task.threads());
    JniUtils.setGradMode(task.pass() == Pass.TRAINING);
    NDManager tensors = PyTorchPeer.manager();
    manager = tensors;
    LayerShape shape = task.shape();
    int rows = layer.cell().gates() * shape.units();
    Shape state = new Shape(1, shape.batch(), shape.units());
    given =
        List.of(
            tensors.create(layer.x(), new Shape(shape.steps(), shape.batch(), shape.inputs())),
            tensors.create(layer.w(), new Shape(rows, shape.inputs())),
            tensors.create(layer.r(), new Shape(rows, shape.units())),
            tensors.create(layer.inputBias(), new Shape(rows)),
            tensors.create(layer.recurrentBias(), new Shape(rows)));
    zeros = new NDList(tensors.zeros(state));
    if (task.cell() == Cell.LSTM) {
      zeros.add(tensors.zeros(state));
    }
    inputs = new ArrayList<>();
    if (task.pass() == Pass.STEP) {
      for (int t = 0; t < shape.steps(); t++) {
        inputs.add(given.getFirst().get(t + ":" + (t + 1)));
      }
    }
    dy =
        new NDList(
            tensors.create(layer.dy(), new Shape(shape.steps(), shape.batch(), shape.units())));
  }

  @Override
  public void run() {
    switch (task.pass()) {
      case FORWARD -> forward(given, zeros, false);
      case STEP -> {
        // The states of the last step live until this one has read them.
        NDList last = results;
        results = new NDList();
        NDList states = next == 0 ? zeros : new NDList(last.subList(1, last.size()));
        List<NDArray> operands = new ArrayList<>(given);
        operands.set(0, inputs.get(next));
        forward(operands, states, false);
        last.close();
        next = next + 1 == inputs.size() ? 0 : next + 1;
      }
      case TRAINING -> {
        leaves.close();
        leaves = new NDList();
        for (NDArray array : given) {
          PtNDArray leaf = JniUtils.detachGradient((PtNDArray) array);
          JniUtils.attachGradient(leaf, true);
          leaves.add(leaf);
        }
        forward(leaves, zeros, true);
        JniUtils.backward((PtNDArray) results.getFirst(), (PtNDArray) dy.getFirst(), false, false);
      }
    }
  }

  private void forward(List<NDArray> operands, NDList states, boolean training) {
    results.close();
    PtNDArray x = (PtNDArray) operands.getFirst();
    NDList parameters = new NDList(operands.subList(1, operands.size()));
    results =
        switch (task.cell()) {
          case LSTM -> JniUtils.lstm(x, states, parameters, true, 1, 0, training, false, false);
          case GRU ->
              JniUtils.gru(
                  x, (PtNDArray) states.getFirst(), parameters, true, 1, 0, training, false, false);
          case RNN ->
              JniUtils.rnn(
                  x,
                  (PtNDArray) states.getFirst(),
                  parameters,
                  true,
                  1,
                  RNN.Activation.TANH,
                  0,
                  training,
                  false,
                  false);
        };
  }

  @Override
  public float[] outputs() {
    return results.get(task.pass() == Pass.STEP ? 1 : 0).toFloatArray();
  }

  @Override
  public Gradients gradients() {
    return new Gradients(gradient(0), gradient(1), gradient(2), gradient(3), gradient(4));
  }

  private float[] gradient(int leaf) {
    try (NDArray gradient = JniUtils.getGradient((PtNDArray) leaves.get(leaf))) {
      return gradient.toFloatArray();
    }
  }

  @Override
  public void close() {
    results.close();
    leaves.close();
    results = new NDList();
    leaves = new NDList();
    if (manager != null) {
      manager.close();
      manager = null;
    }
  }
}
