package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.Turns;
import dev.unroll.bench.probe.WarmUp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long single steps take, each timed by itself: what a service that answers event by event
 * waits for, and how long in the worst of a thousand cases.
 *
 * <p>Contenders take turns of some hundred steps, each proven first. The clock is read before and
 * after each step, for every contender alike.
 */
public final class StepLatency {

  /** Steps of a sequence, after which states begin with zeros again. */
  private static final int STEPS = 64;

  /** The sizes that are measured unless others are asked for. */
  public static final List<Integer> UNITS = List.of(32, 64, 128, 256, 512);

  /** Timed steps of a turn. */
  public static final int TURN = 512;

  private final int turns;

  /**
   * A measurement.
   *
   * @param turns of 512 steps of every contender
   */
  public StepLatency(int turns) {
    this.turns = turns;
  }

  /**
   * One cell, measured.
   *
   * @param task its shape's steps are those after which states begin with zeros again
   * @param leftOut what was wrong with the results of peers that have therefore no entry
   */
  public record Result(Task task, List<Entry> entries, List<String> leftOut) {}

  /**
   * One contender's steps.
   *
   * @param nanos of each step, sorted
   */
  public record Entry(String library, String variant, int[] nanos) {

    /** The time within which this share of the steps is done. */
    public double quantile(double share) {
      return nanos[(int) Math.min(nanos.length - 1L, (long) (share * nanos.length))];
    }
  }

  /** What is measured: a batch of one row, as many inputs as units. */
  public static Task task(Cell cell, int units, int threads) {
    return new Task(cell, new LayerShape(STEPS, 1, units, units), Pass.STEP, threads);
  }

  /**
   * Measures one task; contenders that do not accept it, and peers that do it wrong, are left out.
   */
  public Result measure(Task task, List<RecurrentContender> contenders) {
    List<RecurrentContender> accepting = contenders.stream().filter(c -> c.accepts(task)).toList();
    try {
      List<String> leftOut = new ArrayList<>();
      List<RecurrentContender> field = new Proof(task).prepareAndCheck(accepting, leftOut);
      WarmUp.run(field.stream().<Runnable>map(c -> c::run).toList());
      int[][] nanos = new int[field.size()][turns * TURN];
      for (int turn = 0; turn < turns; turn++) {
        for (int who : Turns.order(nanos.length, turn)) {
          turn(field.get(who), nanos[who], turn * TURN);
        }
      }
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < nanos.length; i++) {
        Arrays.sort(nanos[i]);
        entries.add(new Entry(field.get(i).library(), field.get(i).variant(), nanos[i]));
      }
      return new Result(task, entries, leftOut);
    } finally {
      accepting.forEach(RecurrentContender::close);
    }
  }

  private static void turn(RecurrentContender contender, int[] nanos, int from) {
    // Untimed: brings the weights back into the caches after the others' turns.
    for (int i = 0; i < STEPS; i++) {
      contender.run();
    }
    for (int i = 0; i < TURN; i++) {
      long start = System.nanoTime();
      contender.run();
      nanos[from + i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
    }
  }
}
