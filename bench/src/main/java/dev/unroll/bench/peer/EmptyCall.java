package dev.unroll.bench.peer;

import dev.unroll.bench.probe.WarmUp;
import java.util.List;

/**
 * A call into a library that computes nothing: what going there and back costs.
 *
 * @param library whose
 * @param what which function, through which interface
 * @param call makes the call once
 */
public record EmptyCall(String library, String what, Runnable call) {

  private static final int SAMPLES = 51;
  private static final int CALLS = 1000;

  /** Nanoseconds of a call: samples of the mean of a thousand, warmed up. */
  public double[] nanos() {
    WarmUp.run(List.of(call));
    double[] nanos = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long start = System.nanoTime();
      for (int c = 0; c < CALLS; c++) {
        call.run();
      }
      nanos[i] = (double) (System.nanoTime() - start) / CALLS;
    }
    return nanos;
  }
}
