package dev.unroll.bench.recurrent;

import dev.unroll.kernel.Bfloat16;
import java.util.SplittableRandom;

/**
 * Random weights, inputs and arriving gradients of one layer, the same ones each time.
 *
 * @param w input weights, [G H][I], gates in PyTorch's order
 * @param r recurrent weights, [G H][H]
 * @param inputBias [G H]
 * @param recurrentBias [G H]
 * @param x inputs, [T][N][I]
 * @param dy gradients that arrive at the outputs, [T][N][H]
 */
public record Layer(
    Cell cell,
    LayerShape shape,
    float[] w,
    float[] r,
    float[] inputBias,
    float[] recurrentBias,
    float[] x,
    float[] dy) {

  /** Weights as an initializer would draw them, inputs and gradients between -1 and 1. */
  public static Layer random(Cell cell, LayerShape shape) {
    SplittableRandom random = new SplittableRandom(0x5eed);
    double bound = 1 / Math.sqrt(shape.units());
    int rows = cell.gates() * shape.units();
    int states = shape.steps() * shape.batch();
    return new Layer(
        cell,
        shape,
        fill(random, rows * shape.inputs(), bound),
        fill(random, rows * shape.units(), bound),
        fill(random, rows, bound),
        fill(random, rows, bound),
        fill(random, states * shape.inputs(), 1),
        fill(random, states * shape.units(), 1));
  }

  private static float[] fill(SplittableRandom random, int length, double bound) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /** The same with weights that bfloat16 holds too, so that rounding them changes no result. */
  public Layer representable() {
    return new Layer(cell, shape, rounded(w), rounded(r), inputBias, recurrentBias, x, dy);
  }

  private static float[] rounded(float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Bfloat16.round(values[i]);
    }
    return result;
  }

  /** Both biases in one, for libraries and cells that have but one. */
  public float[] bias() {
    float[] sum = inputBias.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += recurrentBias[i];
    }
    return sum;
  }

  /** Elements of one state, N H. */
  public int states() {
    return shape.batch() * shape.units();
  }

  /**
   * The gates of a matrix or bias in another order.
   *
   * @param values [G H][columns]
   * @param order which gate comes first, second, ...
   */
  public float[] reordered(float[] values, int columns, int... order) {
    int block = shape.units() * columns;
    float[] result = new float[order.length * block];
    for (int gate = 0; gate < order.length; gate++) {
      System.arraycopy(values, order[gate] * block, result, gate * block, block);
    }
    return result;
  }
}
