package dev.unroll.train;

/**
 * The running average of gradient norms, to choose a clipping threshold by.
 *
 * <p><b>Formula.</b> {@code average = sum of decay^age * norm / sum of decay^age} over the norms
 * added so far, the newest of age 0: without the second sum the first averages would be too small.
 *
 * <p><b>Special values.</b> Norms that are not finite are counted apart and do not enter the
 * average.
 *
 * <p>Source: the threshold of half to ten times this average is the heuristic of R. Pascanu, T.
 * Mikolov, Y. Bengio, ICML 2013, section 3.2.
 */
public final class AverageNorm {

  private final double decay;
  private double sum;
  private double weight;
  private long nonFinite;

  /**
   * @param decay the weight of a norm relative to the next one, at least 0 and below 1
   */
  public AverageNorm(double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay is " + decay + ", must be in [0, 1)");
    }
    this.decay = decay;
  }

  /** Adds a norm, as it was before clipping. */
  public void add(double norm) {
    if (!Double.isFinite(norm)) {
      nonFinite++;
      return;
    }
    sum = decay * sum + norm;
    weight = decay * weight + 1;
  }

  /** The average; NaN as long as no finite norm was added. */
  public double value() {
    return sum / weight;
  }

  /** How many norms were not finite. */
  public long nonFinite() {
    return nonFinite;
  }
}
