package dev.unroll.bench.matmul;

import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.LoadBandwidth;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.Turns;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.report.LeftOut;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures contenders against each other in turns.
 *
 * <p>For each shape every contender first proves its product, then warms up. Then come the rounds:
 * in each, every contender and the FMA peak have one turn, one after the other, so that a change of
 * clock frequency or a noisy neighbour meets them all. Ratios are taken within a round.
 */
public final class MatmulComparison {

  /**
   * How long to measure.
   *
   * @param threads threads of every contender
   * @param rounds turns of every contender at each shape
   * @param turnMillis length of a turn; at least one product, however long
   * @param warmUpMillis warm-up of a contender at each shape
   */
  public record Plan(int threads, int rounds, int turnMillis, int warmUpMillis) {

    /** The default: enough for a median that repeats within a few per cent. */
    public static Plan standard(int threads) {
      return new Plan(threads, 7, 12, 80);
    }
  }

  /** Runs of the FMA peak in each round: about as long as a turn. */
  private static final int PEAK_RUNS = 15;

  /** What {@link #warmUp} multiplies, and for how long each. */
  private static final List<Shape> WARM_UP_SHAPES =
      List.of(
          new Shape(1, 512, 128),
          new Shape(1, 512, 300),
          new Shape(2, 512, 128),
          new Shape(4, 512, 128),
          new Shape(7, 200, 96),
          new Shape(12, 512, 128),
          new Shape(32, 512, 128),
          new Shape(64, 64, 64),
          new Shape(256, 256, 256));

  private final List<MatmulContender> contenders;
  private final FmaPeak peak;
  private final Plan plan;

  public MatmulComparison(List<MatmulContender> contenders, FmaPeak peak, Plan plan) {
    this.contenders = List.copyOf(contenders);
    this.peak = peak;
    this.plan = plan;
  }

  /**
   * Gives the compiler time before the first shape: everything that is written in Java multiplies
   * small and large, few rows and many, so that no shape is measured with code that was compiled
   * for another one alone.
   */
  public void warmUp() {
    peak.warmUp();
    for (Shape shape : WARM_UP_SHAPES) {
      List<MatmulContender> field =
          contenders.stream()
              .filter(c -> c.javaCode() && c.accepts(shape, plan.threads()))
              .toList();
      // Who is wrong has been closed and must not run.
      List<MatmulContender> right = prepareAndCheck(shape, field, new ArrayList<>());
      WarmUp.run(right.stream().<Runnable>map(c -> c::run).toList());
      right.forEach(MatmulContender::close);
    }
  }

  /**
   * Measures one shape; contenders that do not accept it, and peers that are wrong, are left out.
   */
  public MatmulResult measure(Shape shape) {
    List<MatmulContender> field =
        contenders.stream().filter(c -> c.accepts(shape, plan.threads())).toList();
    try {
      return measure(shape, field);
    } finally {
      field.forEach(MatmulContender::close);
    }
  }

  private MatmulResult measure(Shape shape, List<MatmulContender> accepting) {
    List<String> leftOut = new ArrayList<>();
    List<MatmulContender> field = prepareAndCheck(shape, accepting, leftOut);
    boolean readsWeightsOnce = shape.m() == 1 && peak.vectorBits() > 0;
    LoadBandwidth bandwidth = readsWeightsOnce ? new LoadBandwidth(shape.weightBytes()) : null;

    long[] calls = new long[field.size()];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = callsPerTurn(field.get(i));
    }
    if (bandwidth != null) {
      bandwidth.warmUp();
    }

    double[][] rates = new double[field.size()][plan.rounds()];
    double[] peaks = new double[plan.rounds()];
    double[] loads = new double[plan.rounds()];
    // Round -1 does not count: it takes what a first round has that no later one has.
    for (int r = -1; r < plan.rounds(); r++) {
      for (int who : Turns.order(calls.length, r)) {
        double rate = shape.flops() / turn(field.get(who), calls[who]);
        if (r >= 0) {
          rates[who][r] = rate;
        }
      }
      double measured = peak.measure(PEAK_RUNS).median();
      double loaded = bandwidth == null ? 0 : bandwidth.sampleBest();
      if (r >= 0) {
        peaks[r] = plan.threads() * measured;
        loads[r] = loaded;
      }
    }

    List<MatmulResult.Entry> entries = new ArrayList<>();
    for (int i = 0; i < rates.length; i++) {
      MatmulContender c = field.get(i);
      entries.add(
          new MatmulResult.Entry(
              c.library(), c.variant(), c.packing(), rates[i], Spread.of(rates[i])));
    }
    return new MatmulResult(
        shape, Spread.of(peaks), bandwidth == null ? null : Spread.of(loads), entries, leftOut);
  }

  /**
   * Gives all of them the operands. A peer whose product is wrong is closed and {@linkplain LeftOut
   * left out}.
   */
  private List<MatmulContender> prepareAndCheck(
      Shape shape, List<MatmulContender> field, List<String> leftOut) {
    Operands operands = new Operands(shape);
    List<MatmulContender> right = new ArrayList<>();
    float[] first = {};
    String firstName = "";
    for (MatmulContender c : field) {
      String name = c.library() + " " + c.variant();
      try {
        float[] product = operands.prepareAndCheck(c, plan.threads());
        if (right.isEmpty()) {
          first = product;
          firstName = name;
        } else {
          operands.compare(first, firstName, product, name);
        }
        right.add(c);
      } catch (IllegalStateException e) {
        if (!MatmulResult.isPeer(c.library())) {
          throw e;
        }
        leftOut.add(LeftOut.line(e));
        c.close();
      }
    }
    return right;
  }

  /** Runs until warm and returns how many calls fill a turn. */
  private long callsPerTurn(MatmulContender contender) {
    long budget = plan.warmUpMillis() * 1_000_000L;
    long start = System.nanoTime();
    long calls = 0;
    double fastest = Double.MAX_VALUE;
    while (System.nanoTime() - start < budget || calls < 2) {
      // Blocks of calls: reading the clock would weigh more than the smallest products.
      long block = Math.max(1, (long) (200_000 / Math.max(fastest, 1)));
      double nanos = time(contender, block);
      fastest = Math.min(fastest, nanos);
      calls += block;
    }
    return Math.max(1, (long) (plan.turnMillis() * 1e6 / fastest));
  }

  /** Nanoseconds for each product in one turn. */
  private double turn(MatmulContender contender, long calls) {
    Turns.settle(contender::run, plan.threads());
    return time(contender, calls);
  }

  private static double time(MatmulContender contender, long calls) {
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      contender.run();
    }
    return (double) (System.nanoTime() - start) / calls;
  }
}
