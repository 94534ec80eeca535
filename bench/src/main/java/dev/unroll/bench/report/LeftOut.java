package dev.unroll.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Peers whose results are wrong: what is wrong is not timed, and one library's defect does not cost
 * the figures of the others.
 */
public final class LeftOut {

  private LeftOut() {}

  /** What is said of a peer that is left out. */
  public static String line(IllegalStateException wrong) {
    return "Left out: " + wrong.getMessage();
  }

  /** A line for each that was left out; empty when all were right. */
  public static String text(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }
}
