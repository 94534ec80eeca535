package dev.unroll.bench.study.temporal;

import dev.unroll.bench.report.Progress;
import dev.unroll.io.Safetensors;
import dev.unroll.io.SafetensorsWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The long run: one network on random lengths from 50 to 200 until it makes no error, then tested
 * at lengths that it has never seen, up to 5000.
 *
 * <p>Settings of the authors' program: sparse weights of radius 0.95, rate 0.01, threshold 1,
 * weight 2, five million updates at most. The authors report 336,000 updates for one of their runs.
 *
 * <p>After each test the network is kept beside the log. A run whose log and network are there goes
 * on from them, with the results that it would have had; one that was solved is only tested again.
 */
public final class LongTraining {

  private static final int LIMIT = 5_000_000;
  private static final int CHECK_EVERY = 2000;
  private static final int[] LENGTHS = {50, 100, 150, 200, 250, 500, 1000, 2000, 3000, 5000};
  private static final List<String> NAMES = List.of("W", "R", "b", "V", "c");
  private static final String COLUMNS = "update error loss norm omega replaced radius";

  private final Path log;
  private final Path model;
  private final int[] lengths;
  private final TrainingSettings settings;
  private final TemporalOrderTraining training;
  private int done;
  private boolean solved;

  /** A run with this log, which is written while it runs. */
  public LongTraining(Path log, long seed) {
    this(
        log,
        new TrainingSettings(
            Initialization.SMART_TANH, 0.01f, 1, 2, 50, 200, 20, 50, CHECK_EVERY, 0, LIMIT, seed),
        LENGTHS);
  }

  LongTraining(Path log, TrainingSettings settings, int... lengths) {
    this.log = log;
    this.lengths = lengths;
    this.settings = settings;
    model = Path.of(log + ".safetensors");
    training = new TemporalOrderTraining(settings);
  }

  /** Trains and tests; gives the log's last part. */
  public String run() throws IOException {
    List<String> lines = resume();
    Files.write(log, lines);
    try (PrintWriter out =
            new PrintWriter(Files.newBufferedWriter(log, StandardOpenOption.APPEND), true);
        Progress progress =
            new Progress("Temporal order, 50 to 200", settings.limit() / settings.checkEvery())) {
      for (int i = 0; i < done; i += settings.checkEvery()) {
        progress.step();
      }
      if (!solved) {
        solved =
            training
                .run(
                    check -> {
                      done = check.update();
                      keep(check);
                      out.println(line(check));
                      progress.next(
                          String.format(Locale.ROOT, "error %.2f%%", 100 * check.error()));
                      progress.step();
                    })
                .solved();
      }
      String tests = tests(progress);
      out.print(tests);
      return tests;
    }
  }

  private String tests(Progress progress) {
    StringBuilder tests = new StringBuilder();
    tests
        .append(solved ? "# no error at update " : "# not solved at update ")
        .append(done)
        .append('\n');
    for (int length : lengths) {
      progress.next("test at length " + length);
      double wrong = training.errorAt(length) * TemporalOrderTraining.TESTED;
      tests.append(
          String.format(
              Locale.ROOT,
              "# length %d: %.0f of %d sequences wrong%n",
              length,
              wrong,
              TemporalOrderTraining.TESTED));
    }
    return tests.toString();
  }

  /** The log's lines up to where the kept network was, and that network; or a new beginning. */
  private List<String> resume() throws IOException {
    List<String> lines = new ArrayList<>(List.of("# seed " + settings.seed(), "# " + COLUMNS));
    if (!Files.exists(model) || !Files.exists(log)) {
      return lines;
    }
    try (Safetensors file = Safetensors.open(model)) {
      String seed = file.metadata().get("seed");
      if (!String.valueOf(settings.seed()).equals(seed)) {
        throw new IOException(model + " is of seed " + seed + ", not " + settings.seed());
      }
      for (int p = 0; p < NAMES.size(); p++) {
        file.floats(NAMES.get(p), training.network().parameters().get(p), 0);
      }
      done = Integer.parseInt(file.metadata().getOrDefault("update", "0"));
    }
    for (String line : Files.readAllLines(log)) {
      if (!line.startsWith("#")) {
        String[] fields = line.split(" ", -1);
        if (Integer.parseInt(fields[0]) <= done) {
          lines.add(line);
          solved = Double.parseDouble(fields[1]) <= settings.enough();
        }
      }
    }
    training.resume(done);
    return lines;
  }

  private void keep(TemporalOrderTraining.Check check) {
    SafetensorsWriter writer =
        Safetensors.writer()
            .metadata("seed", String.valueOf(settings.seed()))
            .metadata("update", String.valueOf(check.update()));
    for (int p = 0; p < NAMES.size(); p++) {
      float[] values = training.network().parameters().get(p);
      // R and W have a row for each unit, V and c for each class.
      int rows = p < 3 ? settings.hidden() : training.network().classes();
      if (values.length == rows) {
        writer.add(NAMES.get(p), values, rows);
      } else {
        writer.add(NAMES.get(p), values, rows, values.length / rows);
      }
    }
    try {
      writer.write(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
