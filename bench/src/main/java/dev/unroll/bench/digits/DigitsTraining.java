package dev.unroll.bench.digits;

import dev.unroll.bench.report.Progress;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.golden.Digits;
import dev.unroll.train.Adam;
import dev.unroll.train.Dense;
import dev.unroll.train.Initializers;
import dev.unroll.train.SoftmaxCrossEntropy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Trains the digits classifier from nothing: an LSTM of 32 units reads an image row by row, a
 * linear head turns its last state into logits. Softmax cross-entropy, Adam, minibatches.
 *
 * <p>While it trains, a probe in the backward pass records the norm of the loss's gradient with
 * respect to the state of each time step. Every operation has one order, so a seed gives the same
 * model, to the last bit, on every machine.
 */
public final class DigitsTraining {

  /** The seed of the main job. */
  public static final long SEED = 1;

  /** How often the main job shows the training set. */
  public static final int EPOCHS = 100;

  /** H. */
  static final int UNITS = 32;

  /** Minibatches of so many images. */
  static final int BATCH = 32;

  private static final float RATE = 0.004f;
  private static final float LAST_RATE = 0.0004f;
  private static final int STEPS = Digits.ROWS;
  private static final int IN = Digits.COLUMNS;
  private static final int CLASSES = DigitsModel.CLASSES;
  private static final int IMAGE = STEPS * IN;

  private final Digits digits = Digits.load();
  private final int trainImages = digits.size() - Digits.TEST_IMAGES;
  private final float[] images = digits.batchFirst(0, trainImages);
  private final int[] labels = digits.labels(0, trainImages);

  private final CellSpec spec = CellSpec.lstm(IN, UNITS);
  private final WeightSet weights = WeightSet.zeros(spec);
  private final WeightSet gradients = WeightSet.zeros(spec);
  private final float[] headWeights = new float[CLASSES * UNITS];
  private final float[] headBias = new float[CLASSES];
  private final Dense head = new Dense(UNITS, CLASSES, headWeights, headBias, Parallelism.none());
  private final RandomGenerator random;
  private final double[] squares = new double[STEPS];
  private final CellTrainer trainer =
      CellTrainer.of(spec)
          .probe(
              (t, rows) -> {
                for (int i = 0; i < rows.rows(); i++) {
                  squares[t] += rows.dh(i);
                }
              });

  // The workspace of a minibatch.
  private final float[] x = new float[STEPS * BATCH * IN];
  private final float[] y = new float[STEPS * BATCH * UNITS];
  private final float[] h = new float[BATCH * UNITS];
  private final float[] c = new float[BATCH * UNITS];
  private final float[] dh = new float[BATCH * UNITS];
  private final float[] dc = new float[BATCH * UNITS];
  private final float[] logits = new float[BATCH * CLASSES];
  private final int[] batchLabels = new int[BATCH];

  /**
   * A training that begins with the weights of this seed.
   *
   * @throws IOException when the images cannot be read
   */
  public DigitsTraining(long seed) throws IOException {
    random = Initializers.seeded(seed);
    Initializers.recurrent(random, weights);
    float limit = (float) (1 / Math.sqrt(UNITS));
    Initializers.uniform(limit, random, headWeights);
    Initializers.uniform(limit, random, headBias);
  }

  /**
   * What a training came to.
   *
   * @param correct how many test images were recognised
   * @param images how many there are
   * @param epochs how often the training set was seen
   * @param seconds how long the training took, evaluation included
   * @param flow the gradient norms of some epochs
   */
  public record Result(int correct, int images, int epochs, double seconds, List<Flow> flow) {

    /** Share of the test images that were recognised. */
    public double accuracy() {
      return (double) correct / images;
    }

    /** A few lines and a picture for a reader. */
    public String describe() {
      return String.format(
              Locale.ROOT,
              """
              Accuracy        %.4f (%d of %d test images), the same on every machine
              Training        %d epochs in %.1f s
              """,
              accuracy(),
              correct,
              images,
              epochs,
              seconds)
          + GradientPicture.of(flow);
    }
  }

  /**
   * An epoch as the gradient saw it.
   *
   * @param epoch counted from 1
   * @param loss the mean over the epoch's minibatches
   * @param norms of dL/dh_t, a value for each step: the root of the mean square over minibatches
   */
  public record Flow(int epoch, double loss, double[] norms) {}

  /** Trains for so many epochs, then classifies the test set. */
  public Result run(int epochs, Progress progress) {
    long start = System.nanoTime();
    List<float[]> parameters = new ArrayList<>(weights.arrays());
    parameters.addAll(head.parameters());
    List<float[]> all = new ArrayList<>(gradients.arrays());
    all.addAll(head.gradients());
    Adam adam = new Adam(parameters);
    int[] order = new int[trainImages];
    Arrays.setAll(order, i -> i);
    List<Flow> flow = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      float done = (epoch - 1f) / epochs;
      float rate = RATE + (LAST_RATE - RATE) * done;
      shuffle(order);
      Arrays.fill(squares, 0);
      double loss = 0;
      int batches = 0;
      for (int from = 0; from + BATCH <= trainImages; from += BATCH) {
        loss += update(order, from);
        adam.update(rate, all);
        batches++;
      }
      if (epoch == 1 || epoch == epochs || epoch == (epochs + 1) / 2) {
        int count = batches;
        double[] norms = Arrays.stream(squares).map(s -> Math.sqrt(s / count)).toArray();
        flow.add(new Flow(epoch, loss / batches, norms));
      }
      progress.next(String.format(Locale.ROOT, "loss %.4f", loss / batches));
      progress.step();
    }
    int correct = test();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(correct, Digits.TEST_IMAGES, epochs, seconds, flow);
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }

  /** The loss of a minibatch, and its gradients. */
  private double update(int[] order, int from) {
    for (int n = 0; n < BATCH; n++) {
      int image = order[from + n];
      batchLabels[n] = labels[image];
      for (int t = 0; t < STEPS; t++) {
        System.arraycopy(images, image * IMAGE + t * IN, x, (t * BATCH + n) * IN, IN);
      }
    }
    Arrays.fill(h, 0f);
    Arrays.fill(c, 0f);
    Arrays.fill(dc, 0f);
    trainer.load(weights);
    trainer.forward(SequenceLayout.TIME_MAJOR, STEPS, BATCH, x, y, h, c);
    head.forward(BATCH, h, 0, logits, 0);
    double loss = SoftmaxCrossEntropy.loss(BATCH, CLASSES, logits, 0, batchLabels, logits, 0);
    head.backward(BATCH, h, 0, logits, 0, dh, 0, false);
    trainer.backward(x, 0, null, 0, dh, 0, dc, 0, null, 0, gradients, false);
    return loss;
  }

  private int test() {
    int count = Digits.TEST_IMAGES;
    float[] in = digits.timeMajor(trainImages, count);
    int[] wanted = digits.labels(trainImages, count);
    float[] last = new float[count * UNITS];
    float[] out = new float[count * CLASSES];
    Cell.of(PackedCell.pack(weights))
        .forward(
            SequenceLayout.TIME_MAJOR,
            STEPS,
            count,
            in,
            new float[STEPS * count * UNITS],
            last,
            new float[count * UNITS]);
    head.forward(count, last, 0, out, 0);
    int correct = 0;
    for (int i = 0; i < count; i++) {
      correct += DigitsModel.best(out, i) == wanted[i] ? 1 : 0;
    }
    return correct;
  }
}
