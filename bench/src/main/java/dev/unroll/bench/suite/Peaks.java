package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.probe.Clock;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Peaks of arithmetic at the vector width of this JVM: fused or not, one thread and several. */
public final class Peaks implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "arithmetic";

  private static final int RUNS = 31;

  /** The subject of the fused peak. */
  public static String fma(int bits, int threads) {
    return "fma, " + width(bits) + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  private static String width(int bits) {
    return bits > 0 ? bits + " bits" : "scalar";
  }

  /** The numbers of threads that a machine is tried with: doubling, and all processors. */
  public static List<Integer> threadCounts() {
    int most = Runtime.getRuntime().availableProcessors();
    List<Integer> counts = new ArrayList<>();
    for (int n = 1; n < most; n *= 2) {
      counts.add(n);
    }
    counts.add(most);
    return counts;
  }

  @Override
  public void measure(Effort effort, Results out) {
    FmaPeak fused = FmaPeak.create();
    FmaPeak separate = FmaPeak.separate();
    fused.warmUp();
    separate.warmUp();
    Clock clock = new Clock();
    clock.measure(1);
    double[] fusedRates = new double[RUNS];
    double[] separateRates = new double[RUNS];
    double[] gigahertz = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      fusedRates[i] = fused.measure(5).median();
      separateRates[i] = separate.measure(5).median();
      gigahertz[i] = clock.sample();
    }
    int bits = fused.vectorBits();
    double perCycle = Arrays.stream(ratios(fusedRates, gigahertz)).sorted().toArray()[RUNS / 2];
    out.add(
        rate(fma(bits, 1), fusedRates)
            .with("chains", fused.chains())
            .with("flops per cycle", perCycle));
    out.add(rate("mul and add, " + width(bits) + ", 1 thread", separateRates));
    for (int threads : threadCounts()) {
      if (threads > 1) {
        out.add(rate(fma(bits, threads), together(threads)));
      }
    }
  }

  private static Measurement rate(String subject, double[] rates) {
    return Measurement.rate(GROUP, subject, Ceilings.PROBE, Measurement.GFLOPS, rates);
  }

  private static double[] ratios(double[] a, double[] b) {
    double[] ratios = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      ratios[i] = a[i] / b[i];
    }
    return ratios;
  }

  /** Threads that start each run together; the sum of their rates. */
  private static double[] together(int threads) {
    double[][] rates = new double[threads][RUNS];
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        double[] mine = rates[t];
        running.add(
            executor.submit(
                () -> {
                  FmaPeak peak = FmaPeak.create();
                  peak.warmUp();
                  for (int i = 0; i < RUNS; i++) {
                    start.await();
                    mine[i] = peak.measure(5).median();
                  }
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring threads", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread of the probe failed", e);
    }
    double[] sums = new double[RUNS];
    for (double[] mine : rates) {
      for (int i = 0; i < RUNS; i++) {
        sums[i] += mine[i];
      }
    }
    return sums;
  }
}
