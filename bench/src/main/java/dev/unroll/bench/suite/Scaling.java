package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.Operands;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.List;

/** One product with one thread and with more, in turns: what more threads bring. */
public final class Scaling implements Section {

  /** The group of the measurements; the contender is the number of threads. */
  public static final String GROUP = "scaling";

  private static final long TURN_NANOS = 25_000_000L;

  @Override
  public void measure(Effort effort, Results out) {
    List<Integer> counts = Peaks.threadCounts();
    if (counts.size() == 1) {
      out.note("One processor: nothing to scale over.");
      return;
    }
    for (Shape shape : List.of(new Shape(512, 512, 512), new Shape(32, 2048, 512))) {
      List<UnrollMatmul> field = new ArrayList<>();
      Operands operands = new Operands(shape);
      for (int threads : counts) {
        UnrollMatmul contender = new UnrollMatmul(Packing.BEFORE);
        operands.prepareAndCheck(contender, threads);
        field.add(contender);
      }
      WarmUp.run(field.stream().<Runnable>map(c -> c::run).toList());
      double[][] rates = new double[field.size()][effort.rounds()];
      for (int r = 0; r < effort.rounds(); r++) {
        for (int i = 0; i < rates.length; i++) {
          turn(field.get(i), TURN_NANOS / 2); // Wakes its threads and outlasts those of the last.
          rates[i][r] = shape.flops() / turn(field.get(i), TURN_NANOS);
        }
      }
      for (int i = 0; i < rates.length; i++) {
        out.add(
            Measurement.rate(
                    GROUP,
                    "matmul " + shape,
                    counts.get(i) + (counts.get(i) == 1 ? " thread" : " threads"),
                    Measurement.GFLOPS,
                    rates[i])
                .with("threads", counts.get(i)));
      }
      field.forEach(UnrollMatmul::close);
    }
  }

  /** Nanoseconds of each product. */
  private static double turn(UnrollMatmul contender, long atLeast) {
    long start = System.nanoTime();
    long calls = 0;
    long nanos;
    do {
      contender.run();
      calls++;
      nanos = System.nanoTime() - start;
    } while (nanos < atLeast);
    return (double) nanos / calls;
  }
}
