package dev.unroll.flow.attractor;

/**
 * The one neuron's state while its bias moves slowly up and down again.
 *
 * @param bias the values of b, ascending
 * @param up the state at each of them on the way up
 * @param down the state at each of them on the way down
 */
public record HysteresisLoop(double[] bias, double[] up, double[] down) {

  /**
   * Sweeps the bias.
   *
   * @param neuron its own bias does not matter
   * @param from the smallest bias
   * @param to the largest bias
   * @param intervals how many equal steps there are in between
   * @param settle map steps at each bias
   */
  public static HysteresisLoop sweep(
      OneNeuron neuron, double from, double to, int intervals, int settle) {
    if (!(from < to) || intervals < 1 || settle < 1) {
      throw new IllegalArgumentException(
          "from, to, intervals, settle are %s, %s, %d, %d, must be from < to and at least 1"
              .formatted(from, to, intervals, settle));
    }
    int n = intervals + 1;
    double[] bias = new double[n];
    double[] up = new double[n];
    double[] down = new double[n];
    for (int i = 0; i < n; i++) {
      bias[i] = from + (to - from) * i / intervals;
    }
    double x = neuron.withBias(from).lowest().x();
    for (int i = 0; i < n; i++) {
      x = neuron.withBias(bias[i]).after(settle, x, 0);
      up[i] = x;
    }
    x = neuron.withBias(to).highest().x();
    for (int i = n - 1; i >= 0; i--) {
      x = neuron.withBias(bias[i]).after(settle, x, 0);
      down[i] = x;
    }
    return new HysteresisLoop(bias, up, down);
  }

  /** The interval in which the state rises most on the way up: its two ends. */
  public double[] jumpUp() {
    return steepest(up);
  }

  /** The interval in which the state falls most on the way down: its two ends, ascending. */
  public double[] jumpDown() {
    return steepest(down);
  }

  /** The integral of down - up over the bias, by the trapezoidal rule. */
  public double area() {
    double sum = 0;
    for (int i = 1; i < bias.length; i++) {
      double before = down[i - 1] - up[i - 1];
      sum += (bias[i] - bias[i - 1]) * (before + down[i] - up[i]) / 2;
    }
    return sum;
  }

  private double[] steepest(double[] x) {
    int steepest = 1;
    for (int i = 2; i < x.length; i++) {
      if (x[i] - x[i - 1] > x[steepest] - x[steepest - 1]) {
        steepest = i;
      }
    }
    return new double[] {bias[steepest - 1], bias[steepest]};
  }
}
