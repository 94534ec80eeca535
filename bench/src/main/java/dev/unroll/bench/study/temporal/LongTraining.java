package dev.unroll.bench.study.temporal;

import dev.unroll.bench.report.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The long run: one network on random lengths from 50 to 200 until it makes no error, then tested
 * at lengths that it has never seen, up to 5000.
 *
 * <p>Settings of the authors' program: sparse weights of radius 0.95, rate 0.01, threshold 1,
 * weight 2. The authors report 336,000 updates for one of their runs; here an update takes about 4
 * ms.
 */
public final class LongTraining {

  private static final int LIMIT = 400_000;
  private static final int CHECK_EVERY = 1000;
  private static final int[] LENGTHS = {50, 100, 150, 200, 250, 500, 1000, 2000, 3000, 5000};

  private final Path log;
  private final long seed;

  /** Writes its log while it runs. */
  public LongTraining(Path log, long seed) {
    this.log = log;
    this.seed = seed;
  }

  /** Trains and tests; gives the log's last part. */
  public String run() throws IOException {
    TrainingSettings settings =
        new TrainingSettings(
            Initialization.SMART_TANH, 0.01f, 1, 2, 50, 200, 20, 50, CHECK_EVERY, 0, LIMIT, seed);
    TemporalOrderTraining training = new TemporalOrderTraining(settings);
    StringBuilder tests = new StringBuilder();
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log), true);
        Progress progress = new Progress("Temporal order, 50 to 200", LIMIT / CHECK_EVERY)) {
      out.println("update error loss norm omega replaced radius");
      TemporalOrderTraining.Outcome outcome =
          training.run(
              check -> {
                out.println(line(check));
                progress.next(String.format(Locale.ROOT, "error %.2f%%", 100 * check.error()));
                progress.step();
              });
      tests
          .append(outcome.solved() ? "no error at update " : "not solved at update ")
          .append(outcome.updates())
          .append('\n');
      for (int length : LENGTHS) {
        tests.append(
            String.format(
                Locale.ROOT, "length %d: error %.4f%n", length, training.errorAt(length)));
      }
      out.print(tests);
    }
    return tests.toString();
  }

  private static String line(TemporalOrderTraining.Check check) {
    return String.format(
        Locale.ROOT,
        "%d %.4f %.4f %.3f %.3f %d %.4f",
        check.update(),
        check.error(),
        check.loss(),
        check.norm(),
        check.omega(),
        check.replaced(),
        check.radius());
  }
}
