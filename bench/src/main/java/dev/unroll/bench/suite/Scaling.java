package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.Operands;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.Proof;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.List;

/** One kernel with one thread and with more, in turns: what more threads bring. */
public final class Scaling implements Section {

  /** The group of the measurements; the contender is the number of threads. */
  public static final String GROUP = "scaling";

  private static final long TURN_NANOS = 25_000_000L;

  private static final List<Shape> SHAPES =
      List.of(new Shape(512, 512, 512), new Shape(1024, 1024, 1024), new Shape(32, 2048, 512));

  /** A batch, whose rows are split, and one row, whose units are. */
  private static final List<LayerShape> LAYERS =
      List.of(new LayerShape(20, 32, 128, 256), new LayerShape(20, 1, 256, 512));

  @Override
  public void measure(Effort effort, Results out) {
    List<Integer> counts = Peaks.threadCounts();
    if (counts.size() == 1) {
      out.note("One processor: nothing to scale over.");
      return;
    }
    for (Shape shape : SHAPES) {
      List<UnrollMatmul> field = new ArrayList<>();
      Operands operands = new Operands(shape);
      for (int threads : counts) {
        UnrollMatmul contender = new UnrollMatmul(Packing.BEFORE);
        operands.prepareAndCheck(contender, threads);
        field.add(contender);
      }
      List<Runnable> runs = field.stream().<Runnable>map(c -> c::run).toList();
      measure("matmul " + shape, shape.flops(), runs, counts, effort, out);
      field.forEach(UnrollMatmul::close);
    }
    for (LayerShape shape : LAYERS) {
      for (Pass pass : List.of(Pass.FORWARD, Pass.TRAINING)) {
        List<UnrollLayer> field = new ArrayList<>();
        for (int threads : counts) {
          UnrollLayer contender = new UnrollLayer();
          new Proof(new Task(Cell.LSTM, shape, pass, threads)).prepareAndCheck(contender);
          field.add(contender);
        }
        Task task = new Task(Cell.LSTM, shape, pass, 1);
        List<Runnable> runs = field.stream().<Runnable>map(c -> c::run).toList();
        measure(task + ", " + pass.title(), task.flops(), runs, counts, effort, out);
        field.forEach(UnrollLayer::close);
      }
    }
  }

  private static void measure(
      String subject,
      double flops,
      List<Runnable> field,
      List<Integer> counts,
      Effort effort,
      Results out) {
    WarmUp.run(field);
    double[][] rates = new double[field.size()][effort.rounds()];
    for (int r = 0; r < effort.rounds(); r++) {
      for (int i = 0; i < rates.length; i++) {
        turn(field.get(i), TURN_NANOS / 2); // Wakes its threads and outlasts those of the last.
        rates[i][r] = flops / turn(field.get(i), TURN_NANOS);
      }
    }
    for (int i = 0; i < rates.length; i++) {
      out.add(
          Measurement.rate(
                  GROUP,
                  subject,
                  counts.get(i) + (counts.get(i) == 1 ? " thread" : " threads"),
                  Measurement.GFLOPS,
                  rates[i])
              .with("threads", counts.get(i)));
    }
  }

  /** Nanoseconds of each run. */
  private static double turn(Runnable contender, long atLeast) {
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
