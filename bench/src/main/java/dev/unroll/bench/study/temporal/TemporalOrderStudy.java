package dev.unroll.bench.study.temporal;

import dev.unroll.bench.study.Row;
import dev.unroll.bench.study.Study;
import dev.unroll.bench.study.StudyResult;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Temporal order at two lengths: plain descent, clipped, clipped and regularized. */
public final class TemporalOrderStudy implements Study {

  private static final int SEEDS = 5;
  private static final int SHORT = 20;
  private static final int LONG = 50;
  private static final int SHORT_LIMIT = 10_000;

  /** The paper's limit is 5,000,000; this one keeps the study to minutes. */
  private static final int LONG_LIMIT = 100_000;

  /** By when both of two runs in numpy, one seed each, had solved it. */
  private static final int TYPICAL = 25_000;

  /** Where clipping alone is looked at: it does not solve the task, so there is no other end. */
  private static final int HOPELESS_LIMIT = 20_000;

  private static final String PAPER = "Pascanu 2013";
  private static final String NUMPY = "numpy, other seeds";

  @Override
  public String name() {
    return "temporal-order";
  }

  @Override
  public String title() {
    return "Temporal order: what clipping and Omega are good for";
  }

  @Override
  public int parts() {
    return 2 * Method.values().length * SEEDS;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    List<TemporalOrderTraining.Outcome> longRuns = new ArrayList<>();
    for (int length : new int[] {SHORT, LONG}) {
      for (Method method : Method.values()) {
        List<TemporalOrderTraining.Outcome> outcomes = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
          progress.accept("L = %d, %s, seed %d".formatted(length, method.title(), seed));
          outcomes.add(train(length, method, seed));
        }
        judge(length, method, outcomes, rows);
        if (length == LONG) {
          longRuns.add(outcomes.getFirst());
        }
      }
    }
    return new StudyResult(
        name(),
        title(),
        "Two events among distractors; in which order did they come? Plain gradient descent on 50"
            + " tanh units, with the paper's rate 0.01, threshold 1 and weight 4. At 20 steps all"
            + " three methods learn it; at 50 the regularizer makes the difference. How long it"
            + " takes with the regularizer depends on the seed: two runs in numpy took 11,500 and"
            + " 13,000 updates, here four of five seeds need 9,500 to 15,000 and the fifth 38,500,"
            + " its error falling all the while. So the median is judged by the bound that was set"
            + " after those two runs, 25,000, and all seeds by whether they get there at all: the"
            + " paper gives them 5,000,000 updates, the study 100,000.",
        rows,
        List.of(picture(longRuns)));
  }

  private static TemporalOrderTraining.Outcome train(int length, Method method, int seed) {
    int limit = length == SHORT ? SHORT_LIMIT : method.regularizes() ? LONG_LIMIT : HOPELESS_LIMIT;
    TrainingSettings settings = TrainingSettings.paper(length, limit, seed).method(method);
    return new TemporalOrderTraining(settings).run(check -> {});
  }

  private static void judge(
      int length, Method method, List<TemporalOrderTraining.Outcome> outcomes, List<Row> rows) {
    String what = "L = " + length + ", " + method.title();
    long solved = outcomes.stream().filter(TemporalOrderTraining.Outcome::solved).count();
    StringBuilder each = new StringBuilder();
    int most = 0;
    for (TemporalOrderTraining.Outcome outcome : outcomes) {
      each.append(each.isEmpty() ? "" : ", ")
          .append(
              outcome.solved()
                  ? String.valueOf(outcome.updates())
                  : String.format(Locale.ROOT, "(%.0f%%)", 100 * outcome.error()));
      most = Math.max(most, outcome.updates());
    }
    rows.add(
        Row.reported(what + ": updates (error)", expected(length, method), each.toString(), NUMPY));
    if (method.regularizes()) {
      rows.add(Row.near(what + ": seeds solved", SEEDS, (double) solved, 0, PAPER));
      if (length == SHORT) {
        rows.add(Row.atMost(what + ": most updates", 4000, most, "gate"));
      } else {
        rows.add(Row.atMost(what + ": median updates", TYPICAL, median(outcomes), "gate"));
        rows.add(Row.reported(what + ": most updates", "13000", String.valueOf(most), NUMPY));
      }
    } else if (method == Method.CLIPPED && length == LONG) {
      double mean =
          outcomes.stream().mapToDouble(TemporalOrderTraining.Outcome::error).average().orElse(0);
      rows.add(Row.atLeast(what + ": mean error at the end", 0.3, mean, "gate"));
    }
  }

  private static int median(List<TemporalOrderTraining.Outcome> outcomes) {
    return outcomes.stream()
        .mapToInt(TemporalOrderTraining.Outcome::updates)
        .sorted()
        .toArray()[outcomes.size() / 2];
  }

  private static String expected(int length, Method method) {
    if (length == SHORT) {
      return switch (method) {
        case SGD -> "1500, 3500";
        case CLIPPED -> "2500, 5500";
        case REGULARIZED -> "1000, 1500";
      };
    }
    return switch (method) {
      case SGD -> "not known";
      case CLIPPED -> "(58%), (72%) at 20000";
      case REGULARIZED -> "11500, 13000";
    };
  }

  private static String picture(List<TemporalOrderTraining.Outcome> outcomes) {
    SvgPlot plot =
        new SvgPlot("Temporal order of 50 steps, first seed", "updates", "share of wrong answers");
    Method[] methods = Method.values();
    for (int i = 0; i < methods.length; i++) {
      List<TemporalOrderTraining.Check> checks = outcomes.get(i).checks();
      plot.line(
          methods[i].title(),
          checks.stream().mapToDouble(TemporalOrderTraining.Check::update).toArray(),
          checks.stream().mapToDouble(TemporalOrderTraining.Check::error).toArray());
    }
    return plot.render();
  }
}
