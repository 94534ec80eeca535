package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.results.Results;

/**
 * {@link Layers} on two threads: of all contenders, who set theirs once for a whole process. In
 * full reports, where there are two processors.
 */
public final class LayersTwoThreads implements Section {

  /** How many all use. */
  public static final int THREADS = 2;

  @Override
  public void measure(Effort effort, Results out) {
    if (effort.full() && Runtime.getRuntime().availableProcessors() >= THREADS) {
      Layers.measure(effort, out, THREADS);
    }
  }
}
