package dev.unroll.bench.recurrent;

/** What of a layer is timed. */
public enum Pass {
  /** The whole sequence from zero states, for inference. */
  FORWARD(1, "forward"),
  /** Forward, and backward to the gradients of inputs, weights and biases. */
  TRAINING(3, "forward and backward"),
  /** One step from the states of the step before. */
  STEP(1, "single step");

  private final int products;
  private final String title;

  Pass(int products, String title) {
    this.products = products;
    this.title = title;
  }

  /** Matrix products of one size for each weight matrix: backward has two for each of forward's. */
  public int products() {
    return products;
  }

  /** For headings. */
  public String title() {
    return title;
  }
}
