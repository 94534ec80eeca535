package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.Spread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task, measured.
 *
 * @param peak GFLOP/s of the FMA peak, measured in the same rounds on one core, times the threads
 * @param loadBandwidth GB/s at which one core reads a block of the size of the recurrent weights,
 *     measured in the same rounds; only for a single row, one thread, forward
 * @param leftOut what was wrong with the results of peers that have therefore no entry
 */
public record RecurrentResult(
    Task task,
    Spread peak,
    @Nullable Spread loadBandwidth,
    List<Entry> entries,
    List<String> leftOut) {

  /**
   * One contender's figures.
   *
   * @param rounds milliseconds in each round
   * @param millis the same, summarised
   */
  public record Entry(String library, String variant, double[] rounds, Spread millis) {

    private Entry faster(Entry other) {
      return other.millis.median() < millis.median() ? other : this;
    }
  }

  /** Whether a library is measured against: not ours, and not the plain loops. */
  static boolean isPeer(String library) {
    return !library.equals(UnrollLayer.LIBRARY) && !library.equals(NaiveLayer.LIBRARY);
  }

  /** The fastest way of one library, by the median; null when it took no part. */
  public @Nullable Entry best(String library) {
    return entries.stream()
        .filter(e -> e.library().equals(library))
        .reduce(Entry::faster)
        .orElse(null);
  }

  /** GFLOP/s of one library's fastest way; 0 when it took no part. */
  public double rate(String library) {
    Entry entry = best(library);
    return entry == null ? 0 : task.flops() / entry.millis().median() / 1e6;
  }

  /**
   * What bounds the layer, in GFLOP/s: arithmetic, or for a single row the reading of weights too.
   */
  public double ceiling() {
    return loadBandwidth == null
        ? peak.median()
        : task.singleRowCeiling(loadBandwidth.median(), peak.median());
  }

  /**
   * How many times as fast as the fastest way of any peer we are, taken round by round so that the
   * machine's drift cancels, and then the median; 0 when one of the two is missing.
   */
  public double ratioToBestPeer() {
    Entry ours = best(UnrollLayer.LIBRARY);
    Entry peer =
        entries.stream().filter(e -> isPeer(e.library())).reduce(Entry::faster).orElse(null);
    if (ours == null || peer == null) {
      return 0;
    }
    double[] ratios = new double[ours.rounds.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = peer.rounds[i] / ours.rounds[i];
    }
    return Spread.median(ratios);
  }
}
