package dev.unroll.bench.fork;

import dev.unroll.bench.results.Results;

/** One part of a report: what a JVM of its own measures. */
public interface Section {

  /**
   * Measures, in this JVM.
   *
   * @param effort how thoroughly
   * @param out receives the measurements
   */
  void measure(Effort effort, Results out);
}
