package dev.unroll.train;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.WeightSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** First values of weights; from a seed, the same on every machine. */
public final class Initializers {

  private Initializers() {}

  /** A generator whose numbers are the same everywhere. */
  public static RandomGenerator seeded(long seed) {
    return new SplittableRandom(seed);
  }

  /**
   * Evenly spread over [-limit, limit), in the order of the elements.
   *
   * @throws NullPointerException when an argument is null
   * @throws IllegalArgumentException when {@code limit} is not positive and finite
   */
  public static void uniform(float limit, RandomGenerator random, float[] values) {
    requireNonNull(random, "random");
    requireNonNull(values, "values");
    if (!(limit > 0) || Float.isInfinite(limit)) {
      throw new IllegalArgumentException("limit is " + limit + ", must be positive and finite");
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
    }
  }

  /**
   * PyTorch's rule for recurrent cells: all arrays evenly spread within 1 / sqrt(H).
   *
   * @throws NullPointerException when an argument is null
   */
  public static void recurrent(RandomGenerator random, WeightSet weights) {
    float limit = (float) (1 / Math.sqrt(weights.spec().hiddenSize()));
    for (float[] array : weights.arrays()) {
      uniform(limit, random, array);
    }
  }
}
