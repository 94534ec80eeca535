package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.Parallelism;
import java.util.List;

/**
 * A dense layer, y = x W^T + b: the head of a classifier.
 *
 * <p><b>Formula.</b> Forward y = x W^T + b. Backward dx = dy W, dW = sum dy^T x, db = sum dy, each
 * a chain in ascending order: of the inputs, the outputs, and the rows.
 *
 * <p><b>Shapes.</b> W is outputs x inputs, b has outputs elements (as PyTorch's {@code nn.Linear});
 * x is [N][inputs], y is [N][outputs], without gaps, from an offset on.
 *
 * <p><b>Aliasing.</b> What is written shares no element with what is read.
 *
 * <p><b>Writes.</b> y and dx are overwritten; {@link #backward} accumulates into dW and db or
 * overwrites them, as it is told. The arrays of weights and gradients are the caller's.
 *
 * <p><b>Allocation.</b> None once N has been seen. A layer belongs to one thread at a time.
 */
public final class Dense {

  private final int inputs;
  private final int outputs;
  private final float[] weights;
  private final float[] bias;
  private final float[] dWeights;
  private final float[] dBias;
  private final Matmul forward;
  private final Matmul dInput;
  private final Matmul overwrite;
  private final Matmul accumulate;

  /**
   * A layer over these weights, which may be changed between calls.
   *
   * @throws NullPointerException when an argument is null
   * @throws IllegalArgumentException when a size is below 1 or an array has another length than the
   *     sizes say
   */
  public Dense(int inputs, int outputs, float[] weights, float[] bias, Parallelism threads) {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "inputs is " + inputs + " and outputs " + outputs + ", must be at least 1");
    }
    length("weights", requireNonNull(weights, "weights"), (long) outputs * inputs);
    length("bias", requireNonNull(bias, "bias"), outputs);
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    this.bias = bias;
    dWeights = new float[weights.length];
    dBias = new float[bias.length];
    forward = Matmul.builder().transposeB().bias(bias, 0).parallelism(threads).build();
    dInput = Matmul.builder().parallelism(threads).build();
    overwrite = Matmul.builder().transposeA().parallelism(threads).build();
    accumulate = Matmul.builder().transposeA().beta(1).parallelism(threads).build();
  }

  private static void length(String name, float[] data, long wanted) {
    if (data.length != wanted) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + wanted);
    }
  }

  /** The parameters, W and b, not copies. */
  public List<float[]> parameters() {
    return List.of(weights, bias);
  }

  /** The gradients of the parameters, dW and db, not copies. */
  public List<float[]> gradients() {
    return List.of(dWeights, dBias);
  }

  /**
   * y = x W^T + b.
   *
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code batch} is negative or y overlaps another array
   * @throws IndexOutOfBoundsException when an array ends before its last element
   */
  public void forward(int batch, float[] x, int xOffset, float[] y, int yOffset) {
    forward.multiply(
        batch, outputs, inputs, x, xOffset, inputs, weights, 0, inputs, y, yOffset, outputs);
  }

  /**
   * dx, dW and db from dy.
   *
   * @param x the inputs of the forward call
   * @param add whether to add to the gradients, or to overwrite them
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code batch} is negative or dx overlaps another array
   * @throws IndexOutOfBoundsException when an array ends before its last element; nothing has been
   *     written then
   */
  public void backward(
      int batch,
      float[] x,
      int xOffset,
      float[] dy,
      int dyOffset,
      float[] dx,
      int dxOffset,
      boolean add) {
    Checks.size("batch", batch);
    Checks.range("x", x, xOffset, (long) batch * inputs);
    Checks.range("dy", dy, dyOffset, (long) batch * outputs);
    dInput.multiply(
        batch, inputs, outputs, dy, dyOffset, outputs, weights, 0, inputs, dx, dxOffset, inputs);
    Matmul plan = add ? accumulate : overwrite;
    plan.multiply(
        outputs, inputs, batch, dy, dyOffset, outputs, x, xOffset, inputs, dWeights, 0, inputs);
    if (!add) {
      java.util.Arrays.fill(dBias, 0f);
    }
    for (int n = 0; n < batch; n++) {
      int at = dyOffset + n * outputs;
      for (int j = 0; j < outputs; j++) {
        dBias[j] += dy[at + j];
      }
    }
  }
}
