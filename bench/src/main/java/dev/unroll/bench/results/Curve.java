package dev.unroll.bench.results;

/**
 * A course of one quantity over another.
 *
 * @param group what is shown, for example {@code warm-up}
 * @param name whose course it is
 */
public record Curve(String group, String name, String xUnit, String yUnit, double[] x, double[] y) {

  public Curve {
    if (x.length != y.length || x.length == 0) {
      throw new IllegalArgumentException(
          "a curve has as many x as y, and some: " + x.length + " and " + y.length);
    }
  }
}
