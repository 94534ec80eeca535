package dev.unroll.bench.lstm;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Random weights and inputs of one shape, with the exact outputs. */
public final class LstmData {

  private final LstmShape shape;
  final float[] inputWeights;
  final float[] recurrentWeights;
  final float[] bias;
  final float[] x;

  /** Weights as an initializer would draw them, inputs between -1 and 1. */
  public LstmData(LstmShape shape) {
    this.shape = shape;
    SplittableRandom random = new SplittableRandom(0x5eed);
    double bound = 1 / Math.sqrt(shape.units());
    int gates = 4 * shape.units();
    inputWeights = fill(random, gates * shape.inputs(), bound);
    recurrentWeights = fill(random, gates * shape.units(), bound);
    bias = fill(random, gates, bound);
    x = fill(random, shape.steps() * shape.batch() * shape.inputs(), 1);
  }

  private static float[] fill(SplittableRandom random, int length, double bound) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /** The shape of the layer. */
  public LstmShape shape() {
    return shape;
  }

  /** An array for the outputs of all steps, or of the states. */
  float[] outputs(int steps) {
    return new float[steps * shape.batch() * shape.units()];
  }

  /**
   * Gives a contender this layer and runs it once.
   *
   * @throws IllegalStateException when its outputs are wrong
   */
  public void prepareAndCheck(LstmContender contender) {
    contender.prepare(this);
    contender.run();
    check(contender.outputs(), contender.name());
  }

  /**
   * Throws when the outputs of the first steps are not those of the layer: further off than
   * rounding can bring them.
   */
  private void check(float[] y, String who) {
    int steps = Math.min(2, shape.steps());
    int batch = shape.batch();
    int units = shape.units();
    int inputs = shape.inputs();
    Arithmetic<Plain> by = Plain.ARITHMETIC;
    CellWeights<Plain> weights =
        new CellWeights<>(
            Tensor.of(by, inputWeights, 4 * units, inputs),
            Tensor.of(by, recurrentWeights, 4 * units, units),
            Tensor.of(by, bias, 4 * units),
            Tensor.zeros(by, 4 * units));
    CellInputs<Plain> sequences =
        new CellInputs<>(
            Tensor.of(by, Arrays.copyOf(x, steps * batch * inputs), steps, batch, inputs),
            Tensor.zeros(by, batch, units),
            Tensor.zeros(by, batch, units));
    double[] exact = new ReferenceLstm(inputs, units).forward(weights, sequences).y().values();
    for (int i = 0; i < exact.length; i++) {
      if (!(Math.abs(y[i] - exact[i]) <= 1e-5)) {
        throw new IllegalStateException(
            who + " is wrong at " + shape + ", output " + i + ": " + y[i] + ", exact " + exact[i]);
      }
    }
  }
}
