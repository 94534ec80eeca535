package dev.unroll.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer as a session with one node. Step by step, the states go to and fro between two buffers:
 * what one call gives the next one takes, and no value is copied in between.
 */
final class OnnxRuntimeLayer implements RecurrentContender {

  private Pass pass = Pass.FORWARD;
  private @Nullable OrtSession session;
  private final List<OnnxTensor> tensors = new ArrayList<>();

  /** For each step, what goes in and what comes out. */
  private List<Map<String, OnnxTensor>> inputs = List.of();

  private List<Map<String, OnnxTensor>> outputs = List.of();
  private FloatBuffer y = FloatBuffer.allocate(0);
  private FloatBuffer[] states = {};
  private int next;

  @Override
  public String library() {
    return OnnxRuntimePeer.NAME;
  }

  @Override
  public String variant() {
    return "session of one node";
  }

  @Override
  public boolean accepts(Task task) {
    return task.pass() != Pass.TRAINING;
  }

  @Override
  public void prepare(Task task, Layer layer) {
    close();
    pass = task.pass();
    LayerShape shape = task.shape();
    next = 0;
    try {
      if (pass == Pass.STEP) {
        LayerShape one = new LayerShape(1, shape.batch(), shape.inputs(), shape.units());
        session = OnnxRuntimePeer.session(OnnxModel.recurrent(layer, one, true), task.threads());
        steps(layer, shape);
      } else {
        session = OnnxRuntimePeer.session(OnnxModel.recurrent(layer, shape, false), task.threads());
        y = OnnxRuntimePeer.floats(shape.steps() * layer.states());
        FloatBuffer x = OnnxRuntimePeer.floats(layer.x().length).put(0, layer.x());
        inputs = List.of(Map.of(OnnxModel.X, input(x, shape.steps(), shape)));
        outputs =
            List.of(Map.of(OnnxModel.Y, keep(y, shape.steps(), 1, shape.batch(), shape.units())));
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private void steps(Layer layer, LayerShape shape) throws OrtException {
    boolean lstm = layer.cell() == Cell.LSTM;
    int size = layer.states();
    // Two for h and two for c; and one of zeros, for the first step.
    states = new FloatBuffer[5];
    OnnxTensor[] state = new OnnxTensor[5];
    for (int i = 0; i < states.length; i++) {
      states[i] = OnnxRuntimePeer.floats(size);
      state[i] = keep(states[i], 1, shape.batch(), shape.units());
    }
    inputs = new ArrayList<>();
    outputs = new ArrayList<>();
    int width = shape.batch() * shape.inputs();
    for (int t = 0; t < shape.steps(); t++) {
      FloatBuffer x = OnnxRuntimePeer.floats(width).put(0, layer.x(), t * width, width);
      int from = t % 2;
      int to = 1 - from;
      Map<String, OnnxTensor> in = new HashMap<>();
      Map<String, OnnxTensor> out = new HashMap<>();
      in.put(OnnxModel.X, input(x, 1, shape));
      in.put(OnnxModel.H0, t == 0 ? state[4] : state[from]);
      out.put(OnnxModel.LAST_H, state[to]);
      if (lstm) {
        in.put(OnnxModel.C0, t == 0 ? state[4] : state[2 + from]);
        out.put(OnnxModel.LAST_C, state[2 + to]);
      }
      inputs.add(in);
      outputs.add(out);
    }
  }

  private OnnxTensor input(FloatBuffer x, int steps, LayerShape shape) throws OrtException {
    return keep(x, steps, shape.batch(), shape.inputs());
  }

  private OnnxTensor keep(FloatBuffer memory, long... shape) throws OrtException {
    OnnxTensor tensor = OnnxRuntimePeer.tensor(memory, shape);
    tensors.add(tensor);
    return tensor;
  }

  @Override
  public void run() {
    OrtSession ready = session;
    if (ready == null) {
      throw new IllegalStateException("prepare comes first");
    }
    OnnxRuntimePeer.run(ready, inputs.get(next), outputs.get(next));
    next = next + 1 == inputs.size() ? 0 : next + 1;
  }

  @Override
  public float[] outputs() {
    // After an odd number of steps the states are in the second buffer.
    int steps = next == 0 ? inputs.size() : next;
    FloatBuffer last = pass == Pass.STEP ? states[steps % 2] : y;
    float[] copy = new float[last.capacity()];
    last.get(0, copy);
    return copy;
  }

  @Override
  public void close() {
    try {
      if (session != null) {
        session.close();
        session = null;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    tensors.forEach(OnnxTensor::close);
    tensors.clear();
  }
}
