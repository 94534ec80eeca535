package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Descriptions of oneDNN's recurrent primitives for one task: one layer, left to right, inputs and
 * outputs time-major, weights in whatever layout the primitive prefers.
 *
 * <p>For inference over a sequence no states are given, which means zeros. In training they are
 * zeros in memory: without them release 3.13 computes wrong gradients of the recurrent weights of
 * LSTM and RNN, for example some that are not zero after a single step.
 */
final class OneDnnRecurrent {

  static final int ARG_SRC_H = 2;
  static final int ARG_SRC_C = 3;
  static final int ARG_DST_H = 18;
  static final int ARG_DST_C = 19;
  static final int ARG_WEIGHTS_R = 34;
  static final int ARG_BIAS = 41;
  static final int ARG_WORKSPACE = 64;
  static final int ARG_DIFF_SRC = 129;
  static final int ARG_DIFF_SRC_H = 130;
  static final int ARG_DIFF_SRC_C = 131;
  static final int ARG_DIFF_DST = 145;
  static final int ARG_DIFF_DST_H = 146;
  static final int ARG_DIFF_DST_C = 147;
  static final int ARG_DIFF_WEIGHTS = 161;
  static final int ARG_DIFF_WEIGHTS_R = 162;
  static final int ARG_DIFF_BIAS = 169;

  private static final int LEFT_TO_RIGHT = 1;
  private static final int ELTWISE_TANH = 33;
  private static final int OVERWRITE_WEIGHT_GRADIENTS = 1;

  private final Arena arena;
  private final Cell cell;

  /** Layouts of x, y and one state. */
  final MemorySegment source;

  final MemorySegment destination;
  final MemorySegment state;

  /** Layouts of forward's arguments, in their order. */
  private final List<MemorySegment> layouts;

  OneDnnRecurrent(Arena arena, Task task) throws Throwable {
    this.arena = arena;
    cell = task.cell();
    LayerShape shape = task.shape();
    boolean step = task.pass() == Pass.STEP;
    long steps = step ? 1 : shape.steps();
    long gates = cell.gates();
    long units = shape.units();
    source = OneDnnApi.dense(arena, steps, shape.batch(), shape.inputs());
    destination = OneDnnApi.dense(arena, steps, shape.batch(), units);
    state = OneDnnApi.dense(arena, 1, 1, shape.batch(), units);
    MemorySegment none = MemorySegment.NULL;
    MemorySegment given = task.pass() == Pass.FORWARD ? none : state;
    MemorySegment input = OneDnnApi.any(arena, 1, 1, shape.inputs(), gates, units);
    MemorySegment recurrent = OneDnnApi.any(arena, 1, 1, units, gates, units);
    MemorySegment bias = OneDnnApi.dense(arena, 1, 1, OneDnnWeights.biases(cell), units);
    layouts =
        cell == Cell.LSTM
            ? List.of(
                source, given, given, input, recurrent, none, none, bias, destination, given, given)
            : List.of(source, given, input, recurrent, bias, destination, given);
  }

  MemorySegment forward(int kind) throws Throwable {
    return describe("forward", kind, layouts, 0, List.of());
  }

  /** The gradients have the layouts of what they are gradients of. */
  MemorySegment backward(MemorySegment forward) throws Throwable {
    List<MemorySegment> twice = new ArrayList<>(layouts);
    twice.addAll(layouts);
    return describe(
        "backward", OneDnnApi.BACKWARD, twice, OVERWRITE_WEIGHT_GRADIENTS, List.of(forward));
  }

  private MemorySegment describe(
      String direction, int kind, List<MemorySegment> arrays, int flags, List<MemorySegment> hint)
      throws Throwable {
    String name =
        switch (cell) {
          case LSTM -> "lstm";
          case GRU -> "lbr_gru";
          case RNN -> "vanilla_rnn";
        };
    MemorySegment out = arena.allocate(ADDRESS);
    List<Object> values = new ArrayList<>(List.of(out, OneDnnApi.ENGINE, kind));
    if (cell == Cell.RNN) {
      values.add(ELTWISE_TANH);
    }
    values.add(LEFT_TO_RIGHT);
    values.addAll(arrays);
    values.add(flags);
    if (cell == Cell.RNN) {
      values.addAll(Collections.nCopies(2, 0f));
    }
    values.addAll(hint);
    values.add(MemorySegment.NULL);
    MemoryLayout[] types = values.stream().map(OneDnnRecurrent::type).toArray(MemoryLayout[]::new);
    MethodHandle create =
        OneDnnApi.bind(
            "dnnl_" + name + "_" + direction + "_primitive_desc_create",
            FunctionDescriptor.of(JAVA_INT, types));
    // Once for each layer, so the slow way of calling a handle will do.
    OneDnnApi.check((int) create.invokeWithArguments(values));
    return out.get(ADDRESS, 0);
  }

  private static MemoryLayout type(Object value) {
    return value instanceof Integer ? JAVA_INT : value instanceof Float ? JAVA_FLOAT : ADDRESS;
  }

  /** The states of a training run: zeros before it, and places for those that it leaves. */
  Map<Integer, MemorySegment> trainingStates(long size) throws Throwable {
    return places(size, ARG_SRC_H, ARG_SRC_C, ARG_DST_H, ARG_DST_C);
  }

  /** Gradients of the states: zeros that arrive at the last ones, and places for the first ones. */
  Map<Integer, MemorySegment> trainingStateGradients(long size) throws Throwable {
    return places(size, ARG_DIFF_SRC_H, ARG_DIFF_SRC_C, ARG_DIFF_DST_H, ARG_DIFF_DST_C);
  }

  private Map<Integer, MemorySegment> places(long size, int... kinds) throws Throwable {
    Map<Integer, MemorySegment> objects = new LinkedHashMap<>();
    for (int i = 0; i < kinds.length; i++) {
      // Every second one is a cell state.
      if (cell == Cell.LSTM || i % 2 == 0) {
        objects.put(kinds[i], OneDnnApi.wrap(arena, state, NativeCalls.allocate(arena, size)));
      }
    }
    return objects;
  }

  /** A list of arguments in native memory. */
  static MemorySegment arguments(Arena arena, Map<Integer, MemorySegment> values) {
    int[] kinds = values.keySet().stream().mapToInt(Integer::intValue).toArray();
    MemorySegment[] objects =
        Arrays.stream(kinds).mapToObj(values::get).toArray(MemorySegment[]::new);
    return OneDnnApi.arguments(arena, kinds, objects);
  }
}
