package dev.unroll.bench.recurrent;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellGradients;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import java.util.Map;
import java.util.TreeMap;

/** Results of a layer in double precision. */
final class Exact {

  private Exact() {}

  /** Outputs and, after {@link Pass#TRAINING}, gradients by name. */
  static Map<String, double[]> results(Task task, Layer layer) {
    Arithmetic<Plain> by = Plain.ARITHMETIC;
    LayerShape shape = layer.shape();
    int rows = task.cell().gates() * shape.units();
    ReferenceCell reference = reference(task.cell(), shape);
    CellWeights<Plain> weights =
        new CellWeights<>(
            Tensor.of(by, layer.w(), rows, shape.inputs()),
            Tensor.of(by, layer.r(), rows, shape.units()),
            Tensor.of(by, layer.inputBias(), rows),
            Tensor.of(by, layer.recurrentBias(), rows));
    boolean cells = reference.hasCellState();
    Tensor<Plain> zeros = Tensor.zeros(by, shape.batch(), shape.units());
    Tensor<Plain> zeroCells = cells ? zeros : Tensor.none();
    CellInputs<Plain> inputs =
        new CellInputs<>(
            Tensor.of(by, layer.x(), shape.steps(), shape.batch(), shape.inputs()),
            zeros,
            zeroCells);
    Map<String, double[]> results = new TreeMap<>();
    CellOutputs<Plain> outputs = reference.forward(weights, inputs);
    results.put("h", task.pass() == Pass.STEP ? outputs.hn().values() : outputs.y().values());
    if (task.pass() == Pass.TRAINING) {
      Tensor<Plain> dy = Tensor.of(by, layer.dy(), shape.steps(), shape.batch(), shape.units());
      CellGradients<Plain> gradients =
          reference.backward(weights, inputs, new CellOutputs<>(dy, zeros, zeroCells));
      results.put("dx", gradients.inputs().x().values());
      results.put("dW", gradients.weights().w().values());
      results.put("dR", gradients.weights().r().values());
      results.put("dInputBias", gradients.weights().inputBias().values());
      results.put("dRecurrentBias", gradients.weights().recurrentBias().values());
    }
    return results;
  }

  private static ReferenceCell reference(Cell cell, LayerShape shape) {
    return switch (cell) {
      case LSTM -> new ReferenceLstm(shape.inputs(), shape.units());
      case GRU -> new ReferenceGru(shape.inputs(), shape.units(), ReferenceGru.Reset.AFTER);
      case RNN -> new ReferenceElman(shape.inputs(), shape.units(), ReferenceActivation.TANH);
    };
  }
}
