package dev.unroll.bench.recurrent;

import dev.unroll.cell.WeightSet;
import dev.unroll.layer.StackWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Layers of plain loops on top of each other, in one direction: {@link NaiveLayer}. */
public final class NaiveStack {

  private final List<NaiveLayer> layers = new ArrayList<>();
  private final float[] dy;
  private double flops;

  /**
   * A stack that trains, or only runs forward.
   *
   * @param pass {@link Pass#FORWARD} or {@link Pass#TRAINING}
   * @param steps T
   * @param batch N
   * @param weights of one direction, gates in PyTorch's order, with both biases
   * @param x [T][N][I], read in each run
   * @param dy [T][N][H], read in each run that trains
   */
  public NaiveStack(
      Cell cell, Pass pass, int steps, int batch, StackWeights weights, float[] x, float[] dy) {
    this.dy = dy;
    float[] from = x;
    for (WeightSet part : weights.parts()) {
      LayerShape shape =
          new LayerShape(steps, batch, part.spec().inputSize(), part.spec().hiddenSize());
      Task task = new Task(cell, shape, pass, 1);
      NaiveLayer layer = new NaiveLayer();
      layer.prepare(
          task,
          new Layer(
              cell,
              shape,
              part.inputWeights(),
              part.recurrentWeights(),
              Objects.requireNonNull(part.inputBias()),
              Objects.requireNonNull(part.recurrentBias()),
              from,
              dy));
      from = layer.y();
      layers.add(layer);
      flops += task.flops();
    }
  }

  /** Whether it is small enough to be timed: beyond that the loops take seconds. */
  public boolean small() {
    return flops <= NaiveLayer.MOST_FLOPS;
  }

  /** All layers from zero states. */
  public void forward() {
    layers.forEach(NaiveLayer::forward);
  }

  /** Forward and back. */
  public void training() {
    forward();
    float[] above = dy;
    for (NaiveLayer layer : layers.reversed()) {
      layer.backward(above);
      above = layer.dx();
    }
  }

  /** The outputs of the last layer. */
  public float[] outputs() {
    return layers.getLast().outputs();
  }

  /** What the last training left, layer by layer. */
  public List<Gradients> gradients() {
    return layers.stream().map(NaiveLayer::gradients).toList();
  }
}
