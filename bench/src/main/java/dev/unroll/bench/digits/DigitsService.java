package dev.unroll.bench.digits;

import dev.unroll.bench.report.Progress;
import dev.unroll.cell.WeightStorage;
import dev.unroll.io.Safetensors;
import dev.unroll.testing.golden.Digits;
import dev.unroll.testing.golden.GoldenData;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Loads the digits model, proves its answers on the test set, and times it. */
public final class DigitsService {

  /** How far a logit may be from the one that PyTorch computed, with weights that are floats. */
  public static final double LOGIT_TOLERANCE = 2e-5;

  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final int BATCHES = 301;
  private static final int SINGLES = 20_000;

  private final WeightStorage storage;
  private final DigitsModel model;
  private final float[] expected;
  private final int images = Digits.TEST_IMAGES;
  private final float[] timeMajor;
  private final float[] batchFirst;
  private final int[] labels;

  /** Loads weights, stored as they are, and images. */
  public DigitsService() throws IOException {
    this(WeightStorage.FLOAT32);
  }

  /** Loads weights, those of the LSTM stored in this way, and images. */
  public DigitsService(WeightStorage storage) throws IOException {
    this.storage = storage;
    try (InputStream in = GoldenData.open(GoldenData.DIGITS_LSTM);
        Safetensors file = Safetensors.read(in)) {
      model = new DigitsModel(file, storage);
      file.require("expected.logits", images, DigitsModel.CLASSES);
      expected = file.floats("expected.logits");
    }
    Digits digits = Digits.load();
    int first = digits.size() - images;
    timeMajor = digits.timeMajor(first, images);
    batchFirst = digits.batchFirst(first, images);
    labels = digits.labels(first, images);
  }

  /**
   * What the model makes of the test set.
   *
   * @param correct how many images were recognised
   * @param largestLogit largest absolute value of PyTorch's logits
   * @param largestLogitError largest difference from PyTorch's logits
   */
  public record Answers(int correct, double largestLogit, double largestLogitError) {}

  /**
   * Classifies the test set, batched and image by image.
   *
   * @throws IllegalStateException when a logit is further from PyTorch's than {@link
   *     #LOGIT_TOLERANCE}, though no weight was rounded, or the two ways differ in a bit
   */
  public Answers classify() {
    float[] logits = new float[images * DigitsModel.CLASSES];
    model.forward(images, timeMajor, logits);
    double error = check(logits);
    checkSteps(logits);
    int correct = 0;
    for (int i = 0; i < images; i++) {
      correct += DigitsModel.best(logits, i) == labels[i] ? 1 : 0;
    }
    double largest = 0;
    for (float logit : expected) {
      largest = Math.max(largest, Math.abs(logit));
    }
    return new Answers(correct, largest, error);
  }

  /** Classifies the test set as {@link #classify} does, then times both ways. */
  public DigitsResult run(Progress progress) {
    progress.next("classifying the test set");
    Answers answers = classify();
    progress.step();
    progress.next("in one batch");
    double batchNanos = timeBatches();
    progress.step();
    progress.next("image by image");
    double[] singles = timeSingles();
    progress.step();
    Arrays.sort(singles);
    return new DigitsResult(
        images,
        answers.correct(),
        answers.largestLogitError(),
        images / batchNanos * 1e9,
        singles[SINGLES / 2],
        singles[SINGLES * 99 / 100]);
  }

  private double check(float[] logits) {
    double largest = 0;
    for (int i = 0; i < logits.length; i++) {
      double error = Math.abs((double) logits[i] - expected[i]);
      if (storage == WeightStorage.FLOAT32 && !(error <= LOGIT_TOLERANCE)) {
        throw new IllegalStateException(
            "logit "
                + i % DigitsModel.CLASSES
                + " of image "
                + i / DigitsModel.CLASSES
                + " is "
                + logits[i]
                + ", PyTorch computed "
                + expected[i]);
      }
      largest = Math.max(largest, error);
    }
    return largest;
  }

  private void checkSteps(float[] logits) {
    float[] single = new float[DigitsModel.CLASSES];
    for (int i = 0; i < images; i++) {
      model.step(batchFirst, i, single);
      int from = i * DigitsModel.CLASSES;
      if (!Arrays.equals(single, 0, single.length, logits, from, from + single.length)) {
        throw new IllegalStateException(
            "image " + i + ", row by row, has not the bits that it has in the batch");
      }
    }
  }

  private double timeBatches() {
    float[] logits = new float[images * DigitsModel.CLASSES];
    long warm = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < warm) {
      model.forward(images, timeMajor, logits);
    }
    double[] nanos = new double[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      long start = System.nanoTime();
      model.forward(images, timeMajor, logits);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[BATCHES / 2];
  }

  private double[] timeSingles() {
    float[] single = new float[DigitsModel.CLASSES];
    long warm = System.nanoTime() + WARM_UP_NANOS;
    int image = 0;
    while (System.nanoTime() < warm) {
      model.step(batchFirst, image, single);
      image = (image + 1) % images;
    }
    double[] nanos = new double[SINGLES];
    for (int i = 0; i < SINGLES; i++) {
      long start = System.nanoTime();
      model.step(batchFirst, i % images, single);
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }
}
