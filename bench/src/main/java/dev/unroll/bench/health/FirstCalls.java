package dev.unroll.bench.health;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The first calls of one headline kernel in a fresh JVM; the main class of that JVM. Only what an
 * application would do is inside: making operands, which includes packing weights, and calling.
 */
public final class FirstCalls {

  /** How long calls are watched at most. */
  private static final long MOST_NANOS = 4_000_000_000L;

  /** How long the latest calls must have been at full speed for the watch to end. */
  private static final long FAST_NANOS = 200_000_000L;

  private static final long BLOCK_NANOS = 500_000L;

  private FirstCalls() {}

  /**
   * What was seen.
   *
   * @param firstResult microseconds of the epoch when the first call had returned
   * @param millis the end of each block of calls, in milliseconds after the first call began
   * @param rates the rate within each block
   */
  public record Seen(long firstResult, double[] millis, double[] rates) {}

  /** The kernel's name, the file for what was seen, and 90 % of the rate at full speed. */
  public static void main(String[] arguments) throws IOException {
    Headline.Task task = Headline.valueOf(arguments[0]).create();
    long start = System.nanoTime();
    task.run().run();
    long firstNanos = System.nanoTime() - start;
    long firstResult = micros(Instant.now());
    List<double[]> blocks = new ArrayList<>();
    blocks.add(new double[] {firstNanos / 1e6, task.rate(1, firstNanos)});
    double fast = Double.parseDouble(arguments[2]);
    long slow = start;
    while (System.nanoTime() - start < MOST_NANOS && System.nanoTime() - slow < FAST_NANOS) {
      long from = System.nanoTime();
      long calls = 0;
      long nanos;
      do {
        task.run().run();
        calls++;
        nanos = System.nanoTime() - from;
      } while (nanos < BLOCK_NANOS);
      double rate = task.rate(calls, nanos);
      blocks.add(new double[] {(from + nanos - start) / 1e6, rate});
      if (rate < fast) {
        slow = from + nanos;
      }
    }
    Seen seen =
        new Seen(
            firstResult,
            blocks.stream().mapToDouble(b -> b[0]).toArray(),
            blocks.stream().mapToDouble(b -> b[1]).toArray());
    Files.writeString(Path.of(arguments[1]), new Gson().toJson(seen));
    System.exit(0);
  }

  /** Microseconds of the epoch. */
  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000L;
  }
}
