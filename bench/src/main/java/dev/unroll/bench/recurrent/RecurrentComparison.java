package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.LoadBandwidth;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.Turns;
import dev.unroll.bench.probe.WarmUp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times contenders in turns, each proven first, beside the FMA peak.
 *
 * <p>In each round every contender and the FMA peak have one turn, one after the other, so that a
 * change of clock frequency or a noisy neighbour meets them all. Ratios are taken within a round.
 */
public final class RecurrentComparison {

  private static final long TURN_NANOS = 15_000_000L;
  private static final int PEAK_RUNS = 15;

  private final FmaPeak peak;
  private final int rounds;

  /**
   * A comparison.
   *
   * @param peak warmed up
   * @param rounds turns of every contender at each task
   */
  public RecurrentComparison(FmaPeak peak, int rounds) {
    this.peak = peak;
    this.rounds = rounds;
  }

  /**
   * Measures one task; contenders that do not accept it, and peers that do it wrong, are left out.
   */
  public RecurrentResult measure(Task task, List<RecurrentContender> contenders) {
    List<RecurrentContender> field = contenders.stream().filter(c -> c.accepts(task)).toList();
    try {
      return measureField(task, field);
    } finally {
      field.forEach(RecurrentContender::close);
    }
  }

  private RecurrentResult measureField(Task task, List<RecurrentContender> accepting) {
    List<String> leftOut = new ArrayList<>();
    List<RecurrentContender> field = new Proof(task).prepareAndCheck(accepting, leftOut);
    WarmUp.run(field.stream().<Runnable>map(c -> c::run).toList());
    long[] calls = new long[field.size()];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = Math.max(1, (long) (TURN_NANOS / time(field.get(i), 2)));
    }
    LoadBandwidth bandwidth = bandwidth(task);
    double[][] millis = new double[calls.length][rounds];
    double[] peaks = new double[rounds];
    double[] loads = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      for (int who : Turns.order(calls.length, r)) {
        Turns.settle(field.get(who)::run, task.threads());
        millis[who][r] = time(field.get(who), calls[who]) / 1e6;
      }
      peaks[r] = task.threads() * peak.measure(PEAK_RUNS).median();
      loads[r] = bandwidth == null ? 0 : bandwidth.sampleBest();
    }
    List<RecurrentResult.Entry> entries = new ArrayList<>();
    for (int i = 0; i < calls.length; i++) {
      RecurrentContender c = field.get(i);
      entries.add(
          new RecurrentResult.Entry(c.library(), c.variant(), millis[i], Spread.of(millis[i])));
    }
    return new RecurrentResult(
        task, Spread.of(peaks), bandwidth == null ? null : Spread.of(loads), entries, leftOut);
  }

  private @Nullable LoadBandwidth bandwidth(Task task) {
    if (!task.readsWeightsOnce() || task.threads() > 1 || peak.vectorBits() == 0) {
      return null;
    }
    LoadBandwidth bandwidth = new LoadBandwidth(task.recurrentBytes());
    bandwidth.warmUp();
    return bandwidth;
  }

  private static double time(RecurrentContender contender, long calls) {
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      contender.run();
    }
    return (double) (System.nanoTime() - start) / calls;
  }
}
