package dev.unroll.bench.peer;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A layer's weights in oneDNN's order of gates, and reordered for a primitive. */
final class OneDnnWeights {

  private final Arena arena;
  private final MemorySegment inputLayout;
  private final MemorySegment recurrentLayout;
  private final MemorySegment input;
  private final MemorySegment recurrent;
  private final MemorySegment bias;

  OneDnnWeights(Arena arena, Layer layer) throws Throwable {
    this.arena = arena;
    LayerShape shape = layer.shape();
    Cell cell = layer.cell();
    int[] order = gateOrder(cell);
    inputLayout = matrix(arena, shape.inputs(), cell.gates(), shape.units());
    recurrentLayout = matrix(arena, shape.units(), cell.gates(), shape.units());
    input =
        OneDnnApi.wrap(
            arena,
            inputLayout,
            NativeCalls.copyOf(arena, layer.reordered(layer.w(), shape.inputs(), order)));
    recurrent =
        OneDnnApi.wrap(
            arena,
            recurrentLayout,
            NativeCalls.copyOf(arena, layer.reordered(layer.r(), shape.units(), order)));
    bias =
        OneDnnApi.wrap(
            arena,
            OneDnnApi.dense(arena, 1, 1, biases(cell), shape.units()),
            NativeCalls.copyOf(arena, bias(layer)));
  }

  /** Weights as memory objects in the layouts that the primitive wants. */
  Map<Integer, MemorySegment> arguments(MemorySegment description) throws Throwable {
    return Map.of(
        OneDnnApi.ARG_WEIGHTS,
        reordered(description, OneDnnApi.ARG_WEIGHTS, inputLayout, input),
        OneDnnRecurrent.ARG_WEIGHTS_R,
        reordered(description, OneDnnRecurrent.ARG_WEIGHTS_R, recurrentLayout, recurrent),
        OneDnnRecurrent.ARG_BIAS,
        bias);
  }

  private MemorySegment reordered(
      MemorySegment description, int argument, MemorySegment layout, MemorySegment weights)
      throws Throwable {
    MemorySegment wanted = OneDnnApi.layout(description, argument);
    MemorySegment result = OneDnnApi.fresh(arena, wanted);
    OneDnnApi.reorder(arena, layout, weights, wanted, result);
    return result;
  }

  /**
   * Describes a matrix [G H][columns] as oneDNN names its dimensions: layer, direction, column,
   * gate, unit.
   */
  static MemorySegment matrix(Arena arena, long columns, long gates, long units) throws Throwable {
    long all = gates * units * columns;
    return OneDnnApi.strided(
        arena,
        new long[] {1, 1, columns, gates, units},
        new long[] {all, all, 1, units * columns, columns});
  }

  /** The GRU that resets after the product has one more: that of the recurrent candidate. */
  static int biases(Cell cell) {
    return cell == Cell.GRU ? 4 : cell.gates();
  }

  private static float[] bias(Layer layer) {
    float[] sum = layer.bias();
    if (layer.cell() != Cell.GRU) {
      return sum;
    }
    int units = layer.shape().units();
    float[] four = new float[4 * units];
    System.arraycopy(layer.reordered(sum, 1, 1, 0), 0, four, 0, 2 * units);
    System.arraycopy(layer.inputBias(), 2 * units, four, 2 * units, units);
    System.arraycopy(layer.recurrentBias(), 2 * units, four, 3 * units, units);
    return four;
  }

  /** oneDNN's order of the gates, given by their places in PyTorch's; it is its own inverse. */
  static int[] gateOrder(Cell cell) {
    return switch (cell) {
      case LSTM -> new int[] {0, 1, 2, 3};
      case GRU -> new int[] {1, 0, 2};
      case RNN -> new int[] {0};
    };
  }
}
