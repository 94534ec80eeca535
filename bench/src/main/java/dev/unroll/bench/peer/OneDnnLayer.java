package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Gradients;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer as a recurrent primitive. Weights are reordered once, for each primitive into the layout
 * that it asks for; so forward and backward have each their own, and the gradients of the weights
 * stay in the layout in which backward leaves them.
 */
final class OneDnnLayer implements RecurrentContender {

  private Arena arena = Arena.ofShared();
  private Task task = new Task(Cell.LSTM, new LayerShape(1, 1, 1, 1), Pass.FORWARD, 1);
  private MemorySegment forward = MemorySegment.NULL;
  private MemorySegment backward = MemorySegment.NULL;

  /** One list for each step, or one for the whole sequence. */
  private List<MemorySegment> forwardArguments = List.of();

  private int forwardCount;
  private MemorySegment backwardArguments = MemorySegment.NULL;
  private int backwardCount;
  private int next;

  private MemorySegment y = MemorySegment.NULL;
  private MemorySegment[] states = {};
  private @Nullable OneDnnGradients gradients;

  @Override
  public String library() {
    return OneDnn.NAME;
  }

  @Override
  public String variant() {
    return "primitive, weights reordered";
  }

  @Override
  public boolean accepts(Task wanted) {
    return true;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // Kept until the next task, then closed by close().
  public void prepare(Task newTask, Layer layer) {
    close();
    arena = Arena.ofShared();
    task = newTask;
    next = 0;
    try {
      OneDnnApi.OMP_SET_NUM_THREADS.invokeExact(task.threads());
      boolean step = task.pass() == Pass.STEP;
      OneDnnWeights weights = new OneDnnWeights(arena, layer);
      OneDnnRecurrent primitives = new OneDnnRecurrent(arena, task);
      MemorySegment description =
          primitives.forward(
              task.pass() == Pass.TRAINING
                  ? OneDnnApi.FORWARD_TRAINING
                  : OneDnnApi.FORWARD_INFERENCE);
      forward = OneDnnApi.create(arena, description, task + ", " + task.pass().title());
      Map<Integer, MemorySegment> shared = new LinkedHashMap<>(weights.arguments(description));
      if (step) {
        steps(layer, primitives, shared);
        return;
      }
      y = NativeCalls.allocate(arena, (long) task.shape().steps() * layer.states());
      shared.put(
          OneDnnApi.ARG_SRC,
          OneDnnApi.wrap(arena, primitives.source, NativeCalls.copyOf(arena, layer.x())));
      shared.put(OneDnnApi.ARG_DST, OneDnnApi.wrap(arena, primitives.destination, y));
      if (task.pass() == Pass.TRAINING) {
        MemorySegment workspace = OneDnnApi.layout(description, OneDnnRecurrent.ARG_WORKSPACE);
        shared.put(OneDnnRecurrent.ARG_WORKSPACE, OneDnnApi.fresh(arena, workspace));
        shared.putAll(primitives.trainingStates(layer.states()));
        backward(layer, primitives, description, weights, shared);
      }
      forwardArguments = List.of(OneDnnRecurrent.arguments(arena, shared));
      forwardCount = shared.size();
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  private void backward(
      Layer layer,
      OneDnnRecurrent primitives,
      MemorySegment hint,
      OneDnnWeights weights,
      Map<Integer, MemorySegment> shared)
      throws Throwable {
    MemorySegment description = primitives.backward(hint);
    backward = OneDnnApi.create(arena, description, task + ", backward");
    Map<Integer, MemorySegment> all = new LinkedHashMap<>(shared);
    all.putAll(weights.arguments(description));
    all.put(
        OneDnnRecurrent.ARG_DIFF_DST,
        OneDnnApi.wrap(arena, primitives.destination, NativeCalls.copyOf(arena, layer.dy())));
    OneDnnGradients results = new OneDnnGradients(arena, layer, description, primitives.source);
    gradients = results;
    all.putAll(results.arguments());
    all.putAll(primitives.trainingStateGradients(layer.states()));
    backwardArguments = OneDnnRecurrent.arguments(arena, all);
    backwardCount = all.size();
  }

  /** The states go to and fro between two places, and come from zeros for the first step. */
  private void steps(Layer layer, OneDnnRecurrent primitives, Map<Integer, MemorySegment> shared)
      throws Throwable {
    LayerShape shape = task.shape();
    states = new MemorySegment[5];
    MemorySegment[] state = new MemorySegment[5];
    for (int i = 0; i < states.length; i++) {
      states[i] = NativeCalls.allocate(arena, layer.states());
      state[i] = OneDnnApi.wrap(arena, primitives.state, states[i]);
    }
    MemorySegment x = NativeCalls.copyOf(arena, layer.x());
    y = NativeCalls.allocate(arena, layer.states());
    long width = (long) Float.BYTES * shape.batch() * shape.inputs();
    forwardArguments = new ArrayList<>();
    for (int t = 0; t < shape.steps(); t++) {
      int from = t % 2;
      int to = 1 - from;
      Map<Integer, MemorySegment> all = new LinkedHashMap<>(shared);
      all.put(
          OneDnnApi.ARG_SRC, OneDnnApi.wrap(arena, primitives.source, x.asSlice(t * width, width)));
      all.put(OneDnnApi.ARG_DST, OneDnnApi.wrap(arena, primitives.destination, y));
      all.put(OneDnnRecurrent.ARG_SRC_H, t == 0 ? state[4] : state[from]);
      all.put(OneDnnRecurrent.ARG_DST_H, state[to]);
      if (task.cell() == Cell.LSTM) {
        all.put(OneDnnRecurrent.ARG_SRC_C, t == 0 ? state[4] : state[2 + from]);
        all.put(OneDnnRecurrent.ARG_DST_C, state[2 + to]);
      }
      forwardArguments.add(OneDnnRecurrent.arguments(arena, all));
      forwardCount = all.size();
    }
  }

  @Override
  public void run() {
    try {
      OneDnnApi.execute(forward, forwardCount, forwardArguments.get(next));
      if (task.pass() == Pass.STEP) {
        next = next + 1 == forwardArguments.size() ? 0 : next + 1;
      } else if (task.pass() == Pass.TRAINING) {
        OneDnnApi.execute(backward, backwardCount, backwardArguments);
      }
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  @Override
  public float[] outputs() {
    return y.toArray(JAVA_FLOAT);
  }

  @Override
  public Gradients gradients() {
    try {
      return Objects.requireNonNull(gradients, "only after training").read();
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    try {
      for (MemorySegment primitive : new MemorySegment[] {forward, backward}) {
        if (!primitive.equals(MemorySegment.NULL)) {
          OneDnnApi.destroy(primitive);
        }
      }
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
    forward = MemorySegment.NULL;
    backward = MemorySegment.NULL;
    arena.close();
  }
}
