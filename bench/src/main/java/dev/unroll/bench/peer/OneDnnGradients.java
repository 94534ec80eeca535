package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Gradients;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Where a backward primitive leaves its gradients, and their way back to PyTorch's order. */
final class OneDnnGradients {

  private final Arena arena;
  private final Layer layer;
  private final MemorySegment inputLayout;
  private final MemorySegment recurrentLayout;
  private final MemorySegment dW;
  private final MemorySegment dR;
  private final MemorySegment dx;
  private final MemorySegment db;
  private final MemorySegment dxObject;
  private final MemorySegment dbObject;

  OneDnnGradients(Arena arena, Layer layer, MemorySegment description, MemorySegment source)
      throws Throwable {
    this.arena = arena;
    this.layer = layer;
    LayerShape shape = layer.shape();
    int biases = OneDnnWeights.biases(layer.cell());
    inputLayout = OneDnnApi.layout(description, OneDnnRecurrent.ARG_DIFF_WEIGHTS);
    recurrentLayout = OneDnnApi.layout(description, OneDnnRecurrent.ARG_DIFF_WEIGHTS_R);
    dW = OneDnnApi.fresh(arena, inputLayout);
    dR = OneDnnApi.fresh(arena, recurrentLayout);
    dx = NativeCalls.allocate(arena, layer.x().length);
    db = NativeCalls.allocate(arena, (long) biases * shape.units());
    dxObject = OneDnnApi.wrap(arena, source, dx);
    dbObject = OneDnnApi.wrap(arena, OneDnnApi.dense(arena, 1, 1, biases, shape.units()), db);
  }

  Map<Integer, MemorySegment> arguments() {
    return Map.of(
        OneDnnRecurrent.ARG_DIFF_SRC, dxObject,
        OneDnnRecurrent.ARG_DIFF_WEIGHTS, dW,
        OneDnnRecurrent.ARG_DIFF_WEIGHTS_R, dR,
        OneDnnRecurrent.ARG_DIFF_BIAS, dbObject);
  }

  Gradients read() throws Throwable {
    LayerShape shape = layer.shape();
    float[] bias = db.toArray(JAVA_FLOAT);
    float[] inputBias = layer.reordered(bias, 1, OneDnnWeights.gateOrder(layer.cell()));
    float[] recurrentBias =
        layer.cell() == Cell.GRU ? layer.reordered(bias, 1, 1, 0, 3) : inputBias;
    return new Gradients(
        dx.toArray(JAVA_FLOAT),
        matrix(dW, inputLayout, shape.inputs()),
        matrix(dR, recurrentLayout, shape.units()),
        inputBias,
        recurrentBias);
  }

  private float[] matrix(MemorySegment gradient, MemorySegment layout, int columns)
      throws Throwable {
    int gates = layer.cell().gates();
    int units = layer.shape().units();
    MemorySegment plain = NativeCalls.allocate(arena, (long) gates * units * columns);
    MemorySegment plainLayout = OneDnnWeights.matrix(arena, columns, gates, units);
    OneDnnApi.reorder(
        arena, layout, gradient, plainLayout, OneDnnApi.wrap(arena, plainLayout, plain));
    return layer.reordered(
        plain.toArray(JAVA_FLOAT), columns, OneDnnWeights.gateOrder(layer.cell()));
  }
}
