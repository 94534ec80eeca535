package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.cell.CellSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long single steps of one row take, each timed by itself: what a service that answers event by
 * event waits for, and how long in the worst of a thousand cases. The clock's own reading, a few
 * dozen nanoseconds, is inside.
 */
public final class StepTimes implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "step latency";

  private static final int[] UNITS = {32, 128, 512};
  private static final double[] SHARES = {0.5, 0.99, 0.999};
  private static final String[] NAMES = {"p50", "p99", "p99.9"};
  private static final double[] CURVE = {0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999};

  @Override
  public void measure(Effort effort, Results out) {
    List<CellSpec> cells = new ArrayList<>();
    for (int units : UNITS) {
      cells.add(CellSpec.lstm(units, units));
      if (effort.full()) {
        cells.add(CellSpec.gru(units, units));
        cells.add(CellSpec.elman(units, units));
      }
    }
    for (CellSpec cell : cells) {
      int[] nanos = time(cell, effort.full() ? 20_000 : 10_000);
      String subject = cell.kind() + " N1 I" + cell.inputSize() + " H" + cell.hiddenSize();
      for (int i = 0; i < SHARES.length; i++) {
        out.add(
            Measurement.time(
                GROUP, subject, NAMES[i], "us", new double[] {at(nanos, SHARES[i]) / 1e3}));
      }
      double[] micros = new double[CURVE.length];
      for (int i = 0; i < CURVE.length; i++) {
        micros[i] = at(nanos, CURVE[i]) / 1e3;
      }
      double[] nines = Arrays.stream(CURVE).map(share -> -Math.log10(1 - share)).toArray();
      out.add(new Curve(GROUP, subject, "nines", "us", nines, micros));
    }
  }

  private static double at(int[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }

  private static int[] time(CellSpec cell, int steps) {
    Runnable step = new RecurrentKernels(cell, 64, 1).step();
    long warm = System.nanoTime() + 500_000_000L;
    while (System.nanoTime() < warm) {
      step.run();
    }
    int[] nanos = new int[steps];
    for (int s = 0; s < steps; s++) {
      long start = System.nanoTime();
      step.run();
      nanos[s] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
