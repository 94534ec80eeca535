package dev.unroll.flow.attractor;

/** An error as a function of one neuron's weight and bias. */
public interface Landscape {

  /**
   * A point of it.
   *
   * @param error E
   * @param dw dE/dw
   * @param db dE/db
   * @param state x_T
   */
  record Point(double error, double dw, double db, double state) {

    /** |grad E|. */
    public double slope() {
      return Math.hypot(dw, db);
    }
  }

  /** The error and its gradient. */
  Point at(double w, double b);
}
