package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.peer.EmptyCall;
import dev.unroll.bench.peer.PeerLibraries;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.StepLatency;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.cell.WeightStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long single steps of one row take, each timed by itself: what a service that answers event by
 * event waits for, and how long in the worst of a thousand cases. The clock's own reading, a few
 * dozen nanoseconds, is inside.
 */
public final class StepTimes implements Section {

  /** The group of the measurements; the ways of a contender are the quantiles. */
  public static final String GROUP = "step latency";

  /** The group of calls that compute nothing. */
  public static final String EMPTY = "native call";

  /** The quantiles that are told, by name. */
  public static final List<String> NAMES = List.of("p50", "p99", "p99.9");

  private static final double[] SHARES = {0.5, 0.99, 0.999};
  private static final List<Integer> QUICK = List.of(32, 128, 512);
  private static final double[] CURVE = {0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999};

  /** The one size at which the courses of all libraries are drawn. */
  private static final int DRAWN = 128;

  @Override
  public void measure(Effort effort, Results out) {
    List<RecurrentContender> field =
        new ArrayList<>(List.of(new UnrollLayer(), new UnrollLayer(WeightStorage.BFLOAT16)));
    boolean peers = effort.full() && PeerLibraries.present();
    if (peers) {
      field.addAll(Layers.peers(1));
      Set<String> libraries =
          field.stream().map(RecurrentContender::library).collect(Collectors.toSet());
      for (EmptyCall empty : PeerLibraries.emptyCalls(1)) {
        if (!libraries.contains(empty.library())) {
          continue;
        }
        double[] micros = Arrays.stream(empty.nanos()).map(nanos -> nanos / 1e3).toArray();
        out.add(Measurement.time(EMPTY, empty.what(), empty.library(), "us", micros));
      }
    }
    StepLatency latency = new StepLatency(effort.full() ? 6 : 10);
    List<Cell> cells = effort.full() ? List.of(Cell.values()) : List.of(Cell.LSTM);
    for (Cell cell : cells) {
      for (int units : effort.full() ? StepLatency.UNITS : QUICK) {
        add(latency.measure(StepLatency.task(cell, units, 1), field), out);
      }
    }
  }

  private static void add(StepLatency.Result result, Results out) {
    result.leftOut().forEach(out::note);
    int units = result.task().shape().units();
    String subject = result.task().cell() + " I" + units + " H" + units;
    for (StepLatency.Entry entry : result.entries()) {
      for (int i = 0; i < SHARES.length; i++) {
        out.add(
            Measurement.time(
                GROUP,
                subject,
                Measurement.contender(entry.library(), NAMES.get(i)),
                "us",
                new double[] {entry.quantile(SHARES[i]) / 1e3}));
      }
      if (result.task().cell() == Cell.LSTM && units == DRAWN) {
        out.add(
            new Curve(
                GROUP,
                subject + ", " + entry.library(),
                "nines",
                "us",
                Arrays.stream(CURVE).map(share -> -Math.log10(1 - share)).toArray(),
                Arrays.stream(CURVE).map(share -> entry.quantile(share) / 1e3).toArray()));
      }
    }
  }
}
