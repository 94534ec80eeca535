package dev.unroll.bench.lstm;

import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.LoadBandwidth;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.WarmUp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times LSTM layers in turns, each proven first, beside the FMA peak. */
public final class LstmComparison {

  private static final long TURN_NANOS = 15_000_000L;
  private static final int PEAK_RUNS = 15;

  /**
   * One shape, measured.
   *
   * @param peak GFLOP/s of the FMA peak, measured in the same rounds
   * @param loadBandwidth GB/s at which this core reads a block of the size of the recurrent
   *     weights, measured in the same rounds; only for a single row
   */
  public record Result(
      LstmShape shape, Spread peak, @Nullable Spread loadBandwidth, List<Entry> entries) {

    /**
     * What bounds the layer, in GFLOP/s: arithmetic, or for a single row the reading of weights.
     */
    public double ceiling() {
      return loadBandwidth == null
          ? peak.median()
          : shape.singleRowCeiling(loadBandwidth.median(), peak.median());
    }
  }

  /** One contender's GFLOP/s, counting the products alone. */
  public record Entry(String name, double[] rounds, Spread gflops) {}

  private final FmaPeak peak;
  private final int rounds;

  public LstmComparison(FmaPeak peak, int rounds) {
    this.peak = peak;
    this.rounds = rounds;
  }

  /** Measures one shape. */
  public Result measure(LstmShape shape, List<LstmContender> contenders) {
    LstmData data = new LstmData(shape);
    long[] calls = new long[contenders.size()];
    contenders.forEach(data::prepareAndCheck);
    WarmUp.run(contenders.stream().<Runnable>map(c -> c::run).toList());
    for (int i = 0; i < calls.length; i++) {
      double nanos = time(contenders.get(i), 2);
      calls[i] = Math.max(1, (long) (TURN_NANOS / nanos));
    }
    LoadBandwidth bandwidth =
        shape.batch() == 1 && peak.vectorBits() > 0
            ? new LoadBandwidth(shape.recurrentBytes())
            : null;
    if (bandwidth != null) {
      bandwidth.warmUp();
    }
    double[][] rates = new double[calls.length][rounds];
    double[] peaks = new double[rounds];
    double[] loads = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      for (int i = 0; i < calls.length; i++) {
        rates[i][r] = shape.flops() / time(contenders.get(i), calls[i]);
      }
      peaks[r] = peak.measure(PEAK_RUNS).median();
      loads[r] = bandwidth == null ? 0 : bandwidth.sampleBest();
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < calls.length; i++) {
      entries.add(new Entry(contenders.get(i).name(), rates[i], Spread.of(rates[i])));
    }
    return new Result(
        shape, Spread.of(peaks), bandwidth == null ? null : Spread.of(loads), entries);
  }

  private static double time(LstmContender contender, long calls) {
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      contender.run();
    }
    return (double) (System.nanoTime() - start) / calls;
  }
}
