package dev.unroll.bench.matmul;

import dev.unroll.bench.probe.Spread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shape, measured.
 *
 * @param peak GFLOP/s of the FMA peak, measured in the same rounds on one core, times the threads
 * @param loadBandwidth GB/s at which this core reads a block of the size of the weights, measured
 *     in the same rounds; only for a single row
 * @param leftOut what was wrong with the products of peers that have therefore no entry
 */
public record MatmulResult(
    Shape shape,
    Spread peak,
    @Nullable Spread loadBandwidth,
    List<Entry> entries,
    List<String> leftOut) {

  /** The name that our own contenders give as their library. */
  public static final String OURS = "Unroll";

  /** The name of the loop that is no competitor. */
  public static final String NAIVE = "naive";

  /**
   * One contender's figures.
   *
   * @param rounds GFLOP/s in each round
   * @param gflops the same, summarised
   */
  public record Entry(
      String library,
      String variant,
      MatmulContender.Packing packing,
      double[] rounds,
      Spread gflops) {

    private Entry faster(Entry other) {
      return other.gflops.median() > gflops.median() ? other : this;
    }
  }

  /** Whether a library is measured against: not ours, and not the naive loop. */
  static boolean isPeer(String library) {
    return !library.equals(OURS) && !library.equals(NAIVE);
  }

  /** The fastest way of one library, by the median; null when it took no part. */
  public @Nullable Entry best(String library) {
    return entries.stream()
        .filter(e -> e.library().equals(library))
        .reduce(Entry::faster)
        .orElse(null);
  }

  /** Our fastest way with this packing; null when there is none. */
  public @Nullable Entry ours(MatmulContender.Packing packing) {
    return entries.stream()
        .filter(e -> e.library().equals(OURS) && e.packing() == packing)
        .reduce(Entry::faster)
        .orElse(null);
  }

  /**
   * The fastest way of any peer that {@linkplain MatmulContender.Packing#comparesWith compares}
   * with ours; null when there is none.
   */
  public @Nullable Entry bestPeer(MatmulContender.Packing packing) {
    return entries.stream()
        .filter(e -> isPeer(e.library()))
        .filter(e -> packing.comparesWith(e.packing()))
        .reduce(Entry::faster)
        .orElse(null);
  }

  /**
   * Our rate over that of the {@linkplain #bestPeer best peer}, taken round by round so that the
   * machine's drift cancels, and then the median; 0 when one of the two is missing.
   *
   * @param packing whether our weights were packed beforehand
   */
  public double ratioToBestPeer(MatmulContender.Packing packing) {
    Entry ours = ours(packing);
    Entry best = bestPeer(packing);
    if (ours == null || best == null) {
      return 0;
    }
    double[] ratios = new double[ours.rounds.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours.rounds[i] / best.rounds[i];
    }
    return Spread.median(ratios);
  }
}
