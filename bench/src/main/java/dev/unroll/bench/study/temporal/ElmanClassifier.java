package dev.unroll.bench.study.temporal;

import dev.unroll.cell.BackwardSignals;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.kernel.Parallelism;
import dev.unroll.train.Dense;
import dev.unroll.train.SoftmaxCrossEntropy;
import dev.unroll.train.VanishingRegularizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An Elman cell over symbols and a softmax over its last state.
 *
 * <p>{@code h_t = f(W x_t + R h_{t-1} + b)}, h_0 = 0, x_t being 1 at the symbol of step t and 0
 * elsewhere; logits = V h_T + c.
 */
final class ElmanClassifier {

  /** Steps of a test that are run at a time, so that any length fits. */
  private static final int WINDOW = 32;

  private final CellSpec spec;
  private final int classes;
  private final WeightSet weights;
  private final WeightSet gradients;
  private final Dense head;
  private final List<float[]> parameters = new ArrayList<>();
  private final List<float[]> allGradients = new ArrayList<>();
  private final CellTrainer trainer;
  private final BackwardSignals signals = new BackwardSignals();
  private final VanishingRegularizer regularizer = new VanishingRegularizer();

  private float[] x = {};
  private float[] y = {};
  private float[] h = {};
  private float[] dh = {};
  private float[] logits = {};

  /** Weights as the authors' program draws them; biases 0. */
  ElmanClassifier(int alphabet, int hidden, int classes, Initialization initialization, long seed) {
    this.classes = classes;
    spec =
        CellSpec.elman(alphabet, hidden)
            .withBias(CellSpec.Bias.SINGLE)
            .withActivation(initialization.activation());
    weights = WeightSet.zeros(spec);
    gradients = WeightSet.zeros(spec);
    Random random = new Random(seed);
    initialization.fill(weights.inputWeights(), random);
    initialization.fillRecurrent(weights.recurrentWeights(), hidden, random);
    float[] v = new float[classes * hidden];
    initialization.fill(v, random);
    head = new Dense(hidden, classes, v, new float[classes], Parallelism.none());
    parameters.addAll(weights.arrays());
    parameters.addAll(head.parameters());
    allGradients.addAll(gradients.arrays());
    allGradients.addAll(head.gradients());
    trainer = CellTrainer.of(spec).keep(signals);
  }

  /** How many classes there are. */
  int classes() {
    return classes;
  }

  /** W, R, b, V, c: [to][from], not copies. */
  List<float[]> parameters() {
    return parameters;
  }

  /** dW, dR, db, dV, dc, in the order of the parameters. */
  List<float[]> gradients() {
    return allGradients;
  }

  /** R, [to][from]. */
  float[] recurrentWeights() {
    return weights.recurrentWeights();
  }

  /** The signals of the last {@link #gradients(SymbolBatch)}. */
  BackwardSignals signals() {
    return signals;
  }

  /** How many sequences are put into the wrong class. */
  int errors(SymbolBatch batch) {
    int rows = batch.batch();
    int in = spec.inputSize();
    int units = spec.hiddenSize();
    Cell cell = Cell.of(PackedCell.pack(weights));
    float[] inputs = new float[WINDOW * rows * in];
    float[] outputs = new float[WINDOW * rows * units];
    float[] state = new float[rows * units];
    for (int t = 0; t < batch.steps(); t += WINDOW) {
      int steps = Math.min(WINDOW, batch.steps() - t);
      mark(batch, t, steps, inputs, 1);
      cell.forward(SequenceLayout.TIME_MAJOR, steps, rows, inputs, outputs, state, null);
      mark(batch, t, steps, inputs, 0);
    }
    float[] out = new float[rows * classes];
    head.forward(rows, state, 0, out, 0);
    int errors = 0;
    for (int n = 0; n < rows; n++) {
      errors += best(out, n * classes) == batch.labels()[n] ? 0 : 1;
    }
    return errors;
  }

  /** The mean loss of a batch; fills the gradients and keeps what {@link #regularize} needs. */
  double gradients(SymbolBatch batch) {
    int steps = batch.steps();
    int rows = batch.batch();
    reserve(steps, rows);
    Arrays.fill(h, 0);
    trainer.load(weights);
    mark(batch, 0, steps, x, 1);
    trainer.forward(SequenceLayout.TIME_MAJOR, steps, rows, x, y, h, null);
    head.forward(rows, h, 0, logits, 0);
    double loss = SoftmaxCrossEntropy.loss(rows, classes, logits, 0, batch.labels(), logits, 0);
    head.backward(rows, h, 0, logits, 0, dh, 0, false);
    trainer.backward(x, 0, null, 0, dh, 0, null, 0, null, 0, gradients, false);
    mark(batch, 0, steps, x, 0);
    return loss;
  }

  /** Adds alpha times the gradient of Omega to dR, after {@link #gradients(SymbolBatch)}. */
  double regularize(float alpha) {
    return regularizer.accumulate(signals, alpha, gradients);
  }

  private void reserve(int steps, int rows) {
    if (y.length < steps * rows * spec.hiddenSize()) {
      x = new float[steps * rows * spec.inputSize()];
      y = new float[steps * rows * spec.hiddenSize()];
    }
    if (h.length != rows * spec.hiddenSize()) {
      h = new float[rows * spec.hiddenSize()];
      dh = new float[h.length];
      logits = new float[rows * classes];
    }
  }

  /** Writes 1 at the symbols of some steps, or 0 to have nothing but zeros again. */
  private void mark(SymbolBatch batch, int first, int steps, float[] inputs, float value) {
    int rows = batch.batch();
    int in = spec.inputSize();
    for (int i = 0; i < steps * rows; i++) {
      inputs[i * in + batch.symbols()[first * rows + i]] = value;
    }
  }

  private int best(float[] scores, int at) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (scores[at + k] > scores[at + best]) {
        best = k;
      }
    }
    return best;
  }
}
