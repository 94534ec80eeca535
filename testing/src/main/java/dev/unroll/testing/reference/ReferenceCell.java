package dev.unroll.testing.reference;

/**
 * A recurrent layer in one direction: the textbook loops, forward and backward.
 *
 * <p>Layout: time-major, row-major, no padding; T steps, N sequences, I inputs, H units, P outputs
 * of a step (H without a projection), G gates in PyTorch's order. Sequence n is run alone over its
 * first {@code lengths[n]} steps, so its last state is the one after them, and whatever lies beyond
 * is not read and comes out as exactly 0, in outputs and gradients. {@link CellMasks} says what
 * masks do to a cell.
 */
public interface ReferenceCell {

  /** I, what a step takes. */
  int inputSize();

  /** H, units. */
  int hiddenSize();

  /** P, what a step gives and the next step sees of it. */
  int outputSize();

  /** G, blocks of H rows in W and R. */
  int gates();

  /** Rows of the peephole weights. */
  default int peepholes() {
    return 0;
  }

  /** Whether P is a projection of the H units. */
  default boolean isProjected() {
    return false;
  }

  /** Whether there is a cell state beside the state that is given out. */
  default boolean hasCellState() {
    return false;
  }

  /**
   * Runs all sequences.
   *
   * @throws IllegalArgumentException naming a tensor whose shape does not fit
   */
  <V extends Real<V>> CellOutputs<V> forward(
      Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs);

  /**
   * The gradient of a loss by weights and inputs, from its gradient by the outputs. Runs forward
   * itself.
   *
   * @param outputGradient dy, dhn and dcn; what lies beyond a length in dy is not read
   * @throws IllegalArgumentException naming a tensor whose shape does not fit
   */
  <V extends Real<V>> CellGradients<V> backward(
      Arithmetic<V> by,
      CellWeights<V> weights,
      CellInputs<V> inputs,
      CellOutputs<V> outputGradient);

  /** {@link #forward(Arithmetic, CellWeights, CellInputs)} in double precision. */
  default CellOutputs<Plain> forward(CellWeights<Plain> weights, CellInputs<Plain> inputs) {
    return forward(Plain.ARITHMETIC, weights, inputs);
  }

  /** {@link #backward(Arithmetic, CellWeights, CellInputs, CellOutputs)} in double precision. */
  default CellGradients<Plain> backward(
      CellWeights<Plain> weights, CellInputs<Plain> inputs, CellOutputs<Plain> outputGradient) {
    return backward(Plain.ARITHMETIC, weights, inputs, outputGradient);
  }

  /** Checks the shape of all weights and inputs. */
  default void check(CellWeights<?> weights, CellInputs<?> inputs) {
    int rows = gates() * hiddenSize();
    int none = 0;
    weights.w().require("W", rows, inputSize());
    weights.r().require("R", rows, outputSize());
    weights.inputBias().require("inputBias", rows);
    weights.recurrentBias().require("recurrentBias", rows);
    if (isProjected()) {
      weights.projection().require("projection", outputSize(), hiddenSize());
    } else {
      weights.projection().require("projection", none);
    }
    if (peepholes() > 0) {
      weights.peepholes().require("peepholes", peepholes(), hiddenSize());
    } else {
      weights.peepholes().require("peepholes", none);
    }
    inputs.x().require("x", inputs.steps(), inputs.batch(), inputSize());
    inputs.h0().require("h0", inputs.batch(), outputSize());
    if (hasCellState()) {
      inputs.c0().require("c0", inputs.batch(), hiddenSize());
    } else {
      inputs.c0().require("c0", none);
    }
    inputs.masks().check(this, inputs);
  }

  /** Checks the shape of outputs, or of their gradients. */
  default void check(CellInputs<?> inputs, CellOutputs<?> outputs) {
    outputs.y().require("y", inputs.steps(), inputs.batch(), outputSize());
    outputs.hn().require("hn", inputs.batch(), outputSize());
    if (hasCellState()) {
      outputs.cn().require("cn", inputs.batch(), hiddenSize());
    } else {
      outputs.cn().require("cn", 0);
    }
  }
}
