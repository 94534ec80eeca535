package dev.unroll.bench.study.temporal;

import dev.unroll.flow.SpectralRadius;
import dev.unroll.flow.task.SymbolBatch;
import dev.unroll.flow.task.TemporalOrder;
import dev.unroll.train.GradientClipping;
import dev.unroll.train.NonFinitePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Trains a network on the temporal order of two events, by plain gradient descent. */
final class TemporalOrderTraining {

  /** New sequences in each test. */
  static final int TESTED = 10_000;

  private static final int CHUNK = 1000;
  private static final int EVENTS = 2;

  /** Gradients above this, or not finite, are replaced, as in the authors' program. */
  private static final double HOPELESS = 1e10;

  private static final float SHRINKAGE = 0.02f;

  private final TrainingSettings settings;
  private final ElmanClassifier network;
  private final TemporalOrder training;
  private final TemporalOrder testing;
  private final Random lengths;
  private final Random testLengths;

  TemporalOrderTraining(TrainingSettings settings) {
    this.settings = settings;
    // Four streams from one seed; Random scrambles what it is given.
    Random seeds = new Random(settings.seed());
    network =
        new ElmanClassifier(
            TemporalOrder.ALPHABET,
            settings.hidden(),
            1 << EVENTS,
            settings.initialization(),
            seeds.nextLong());
    training = new TemporalOrder(EVENTS, seeds.nextLong());
    testing = new TemporalOrder(EVENTS, seeds.nextLong());
    lengths = new Random(seeds.nextLong());
    testLengths = new Random(seeds.nextLong());
  }

  /**
   * One test on new sequences.
   *
   * @param update updates so far
   * @param error the share of wrong answers
   * @param loss mean over the batches since the last test
   * @param norm mean norm of the gradient before clipping, regularizer included
   * @param omega mean of the regularizer, 0 when not in use
   * @param replaced updates whose gradient was beyond repair
   * @param radius spectral radius of R
   */
  record Check(
      int update,
      double error,
      double loss,
      double norm,
      double omega,
      int replaced,
      double radius) {}

  /**
   * What became of a training.
   *
   * @param solved whether the error fell to what was enough
   * @param checks all tests, the last one last
   */
  record Outcome(TrainingSettings settings, boolean solved, List<Check> checks) {

    int updates() {
      return checks.getLast().update();
    }

    double error() {
      return checks.getLast().error();
    }

    double smallestError() {
      return checks.stream().mapToDouble(Check::error).min().orElse(1);
    }
  }

  /** Trains until it is enough, or the limit is reached; tells of each test. */
  Outcome run(Consumer<Check> watcher) {
    List<Check> checks = new ArrayList<>();
    boolean solved = false;
    for (int update = 0; update < settings.limit() && !solved; ) {
      Check check = interval(update, Math.min(settings.checkEvery(), settings.limit() - update));
      update = check.update();
      checks.add(check);
      watcher.accept(check);
      solved = check.error() <= settings.enough();
    }
    return new Outcome(settings, solved, List.copyOf(checks));
  }

  /** The share of wrong answers at one length. */
  double errorAt(int length) {
    int wrong = 0;
    for (int i = 0; i < TESTED / CHUNK; i++) {
      wrong += network.errors(testing.next(length, CHUNK));
    }
    return wrong / (double) TESTED;
  }

  ElmanClassifier network() {
    return network;
  }

  private Check interval(int done, int updates) {
    double loss = 0;
    double norm = 0;
    double omega = 0;
    int replaced = 0;
    for (int i = 0; i < updates; i++) {
      SymbolBatch batch = training.next(length(lengths), settings.batch());
      loss += network.gradients(batch);
      if (settings.alpha() > 0) {
        omega += network.regularize(batch, settings.alpha());
      }
      double before = descend();
      if (before <= HOPELESS) {
        norm += before;
      } else {
        replaced++;
      }
    }
    int wrong = 0;
    for (int i = 0; i < TESTED / CHUNK; i++) {
      wrong += network.errors(testing.next(length(testLengths), CHUNK));
    }
    return new Check(
        done + updates,
        wrong / (double) TESTED,
        loss / updates,
        norm / Math.max(1, updates - replaced),
        omega / updates,
        replaced,
        SpectralRadius.of(settings.hidden(), network.recurrentWeights()));
  }

  private int length(Random random) {
    return settings.shortest() + random.nextInt(settings.longest() - settings.shortest() + 1);
  }

  /** One step downhill; gives the norm before clipping. */
  private double descend() {
    float[][] gradients = network.gradients();
    double norm = GradientClipping.byNorm(settings.clip(), NonFinitePolicy.LEAVE, gradients).norm();
    float[][] parameters = network.parameters();
    if (!(norm <= HOPELESS)) {
      // No direction is left in it: pull the recurrent weights towards 0 instead.
      float[] r = network.recurrentWeights();
      for (int i = 0; i < r.length; i++) {
        r[i] -= settings.learningRate() * SHRINKAGE * r[i];
      }
      return norm;
    }
    for (int p = 0; p < parameters.length; p++) {
      float[] values = parameters[p];
      float[] gradient = gradients[p];
      for (int i = 0; i < values.length; i++) {
        values[i] -= settings.learningRate() * gradient[i];
      }
    }
    return norm;
  }
}
