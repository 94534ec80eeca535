package dev.unroll.flow.attractor;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradient descent on a landscape, with the gradient's norm clipped or not.
 *
 * <p><b>Formula.</b> {@code (w, b) -= rate * g}, g being grad E, or {@code grad E * threshold /
 * |grad E|} where it is longer than the threshold.
 *
 * @param path where it went, the start first
 */
public record Descent(List<Step> path) {

  /**
   * A stop on the way.
   *
   * @param w weight
   * @param b bias
   * @param point error and gradient there
   */
  public record Step(double w, double b, Landscape.Point point) {}

  /**
   * Descends.
   *
   * @param rate the learning rate
   * @param threshold the largest gradient norm; infinity for plain descent
   */
  public static Descent run(
      Landscape landscape, double w, double b, double rate, double threshold, int steps) {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException("threshold is " + threshold + ", must be above 0");
    }
    List<Step> path = new ArrayList<>(steps + 1);
    Step at = new Step(w, b, landscape.at(w, b));
    path.add(at);
    for (int i = 0; i < steps; i++) {
      double slope = at.point().slope();
      double factor = slope > threshold ? rate * threshold / slope : rate;
      double nextW = at.w() - factor * at.point().dw();
      double nextB = at.b() - factor * at.point().db();
      at = new Step(nextW, nextB, landscape.at(nextW, nextB));
      path.add(at);
    }
    return new Descent(List.copyOf(path));
  }

  /** Where it ended. */
  public Step last() {
    return path.getLast();
  }

  /** The length of the longest step. */
  public double longestStep() {
    double longest = 0;
    for (int i = 1; i < path.size(); i++) {
      Step from = path.get(i - 1);
      Step to = path.get(i);
      longest = Math.max(longest, Math.hypot(to.w() - from.w(), to.b() - from.b()));
    }
    return longest;
  }

  /** The largest error on the way. */
  public double largestError() {
    return path.stream().mapToDouble(step -> step.point().error()).max().orElse(Double.NaN);
  }
}
