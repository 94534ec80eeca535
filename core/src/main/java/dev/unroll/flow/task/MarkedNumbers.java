package dev.unroll.flow.task;

import static java.util.Objects.requireNonNull;

import java.util.Random;

/**
 * The addition and the multiplication problem: two of many numbers are marked, and their mean or
 * product is asked for at the end.
 *
 * <p><b>Formula.</b> For L the length is {@code L + U{0 .. L/10 - 1}}, one for a batch; with l that
 * length, the first mark stands at {@code U{0 .. l/10 - 1}}, the second at {@code U{l/10 .. l/2 -
 * 1}}, integer divisions. Values are uniform in [0, 1). The target is {@code (v_0 + v_1) / 2} or
 * {@code v_0 v_1}; an answer is right when it is off by 0.2 at most, on every sequence by itself,
 * whatever the mean error is.
 *
 * <p>The best constant answers have a mean squared error of 1/24 = 0.041667 (addition) and 1/9 -
 * 1/16 = 0.048611 (multiplication). For the plain sum as a target it is 1/6, not the 0.1767 that
 * one often reads.
 */
public final class MarkedNumbers {

  /** What is asked for. */
  public enum Problem {
    /** (v_0 + v_1) / 2. */
    ADDITION(1.0 / 24),
    /** v_0 v_1. */
    MULTIPLICATION(1.0 / 9 - 1.0 / 16);

    private final double baseline;

    Problem(double baseline) {
      this.baseline = baseline;
    }

    /** The mean squared error of the best constant answer. */
    public double baseline() {
      return baseline;
    }

    private double target(double first, double second) {
      return this == ADDITION ? (first + second) / 2 : first * second;
    }
  }

  private final Problem problem;
  private final Random random;

  /**
   * @param seed of all sequences to come
   */
  public MarkedNumbers(Problem problem, long seed) {
    this.problem = requireNonNull(problem, "problem");
    random = new Random(seed);
  }

  /**
   * New sequences whose common length is drawn from [length, 1.1 length).
   *
   * @throws IllegalArgumentException when length is below 10 or batch below 1
   */
  public NumberBatch next(int length, int batch) {
    Task.atLeast("length", length, 10);
    Task.atLeast("batch", batch, 1);
    int steps = length + random.nextInt(length / 10);
    float[] x = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), 2)];
    for (int i = 0; i < steps * batch; i++) {
      x[2 * i + 1] = random.nextFloat();
    }
    float[] targets = new float[batch];
    for (int n = 0; n < batch; n++) {
      int first = random.nextInt(steps / 10) * batch + n;
      int second = (steps / 10 + random.nextInt(steps / 2 - steps / 10)) * batch + n;
      x[2 * first] = 1;
      x[2 * second] = 1;
      targets[n] = (float) problem.target(x[2 * first + 1], x[2 * second + 1]);
    }
    return new NumberBatch(steps, batch, x, targets);
  }
}
