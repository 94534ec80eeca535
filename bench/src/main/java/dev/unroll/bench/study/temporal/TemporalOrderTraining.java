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
import java.util.function.IntSupplier;

/** Trains a network on the temporal order of two events, by plain gradient descent. */
final class TemporalOrderTraining {

  /** New sequences in each test. */
  static final int TESTED = 10_000;

  private static final int CHUNK = 1000;
  private static final int EVENTS = 2;

  /** Gradients above this, or not finite, are replaced, as in the authors' program. */
  private static final double HOPELESS = 1e10;

  private static final float SHRINKAGE = 0.02f;
  private static final long MIXER = 0x9e3779b97f4a7c15L;

  private final TrainingSettings settings;
  private final ElmanClassifier network;
  private int updates;

  TemporalOrderTraining(TrainingSettings settings) {
    this.settings = settings;
    network =
        new ElmanClassifier(
            TemporalOrder.ALPHABET,
            settings.hidden(),
            1 << EVENTS,
            settings.initialization(),
            streams(-1).nextLong());
  }

  /**
   * Where the seeds of an interval's sequences come from. They depend on where it begins and on
   * nothing before, so that a training goes on from its weights alone.
   */
  private Random streams(int update) {
    return new Random(settings.seed() + MIXER * (update + 1L));
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
  }

  /** Goes on with a training that has come so far, its weights being in the network already. */
  void resume(int update) {
    updates = update;
  }

  /** Trains until it is enough, or the limit is reached; tells of each test. */
  Outcome run(Consumer<Check> watcher) {
    List<Check> checks = new ArrayList<>();
    boolean solved = false;
    while (updates < settings.limit() && !solved) {
      Check check = interval(Math.min(settings.checkEvery(), settings.limit() - updates));
      checks.add(check);
      watcher.accept(check);
      solved = check.error() <= settings.enough();
    }
    return new Outcome(settings, solved, List.copyOf(checks));
  }

  /** The share of wrong answers at one length. */
  double errorAt(int length) {
    return error(new TemporalOrder(EVENTS, streams(-2).nextLong()), () -> length);
  }

  /** One update, as the training does it, on sequences of one length; for timing. */
  void update(SymbolBatch batch) {
    network.gradients(batch);
    if (settings.alpha() > 0) {
      network.regularize(settings.alpha());
    }
    descend();
  }

  ElmanClassifier network() {
    return network;
  }

  private Check interval(int count) {
    Random streams = streams(updates);
    TemporalOrder training = new TemporalOrder(EVENTS, streams.nextLong());
    TemporalOrder testing = new TemporalOrder(EVENTS, streams.nextLong());
    Random lengths = new Random(streams.nextLong());
    double loss = 0;
    double norm = 0;
    double omega = 0;
    int replaced = 0;
    for (int i = 0; i < count; i++) {
      loss += network.gradients(training.next(length(lengths), settings.batch()));
      if (settings.alpha() > 0) {
        omega += network.regularize(settings.alpha());
      }
      double before = descend();
      if (before <= HOPELESS) {
        norm += before;
      } else {
        replaced++;
      }
    }
    updates += count;
    return new Check(
        updates,
        error(testing, () -> length(lengths)),
        loss / count,
        norm / Math.max(1, count - replaced),
        omega / count,
        replaced,
        SpectralRadius.of(settings.hidden(), network.recurrentWeights()));
  }

  private double error(TemporalOrder sequences, IntSupplier length) {
    int wrong = 0;
    for (int i = 0; i < TESTED / CHUNK; i++) {
      wrong += network.errors(sequences.next(length.getAsInt(), CHUNK));
    }
    return wrong / (double) TESTED;
  }

  private int length(Random random) {
    return settings.shortest() + random.nextInt(settings.longest() - settings.shortest() + 1);
  }

  /** One step downhill; gives the norm before clipping. */
  private double descend() {
    float[][] gradients = network.gradients().toArray(new float[0][]);
    double norm = GradientClipping.byNorm(settings.clip(), NonFinitePolicy.LEAVE, gradients).norm();
    if (!(norm <= HOPELESS)) {
      // No direction is left in it: pull the recurrent weights towards 0 instead.
      descend(network.recurrentWeights(), SHRINKAGE, network.recurrentWeights());
      return norm;
    }
    for (int p = 0; p < gradients.length; p++) {
      descend(network.parameters().get(p), 1, gradients[p]);
    }
    return norm;
  }

  private void descend(float[] values, float factor, float[] gradient) {
    float rate = settings.learningRate() * factor;
    for (int i = 0; i < values.length; i++) {
      values[i] -= rate * gradient[i];
    }
  }
}
