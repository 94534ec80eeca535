package dev.unroll.cell;

/**
 * Listens to the gradient on its way back through a {@link CellTrainer}, without a second pass and
 * without changing a bit of it.
 *
 * <p>Called once for each step, the last one first, by the thread that called {@link
 * CellTrainer#backward}. All values are squares of 2-norms, a value for each row of the batch that
 * has this step; they are the library's, read them and keep copies. A square that a float cannot
 * hold is infinite or 0, like the square of a norm above 1e19 or below 1e-23.
 */
@FunctionalInterface
public interface BackwardProbe {

  /**
   * One step.
   *
   * @param step t
   * @param squares of the rows that have this step
   */
  void step(int step, Squares squares);

  /** The squares of one step; valid during the call. */
  interface Squares {

    /** The rows that have this step. */
    int rows();

    /** Which row of the batch value {@code i} is about. */
    int row(int i);

    /** The steps from this one to the last one of row {@code i}. */
    int lag(int i);

    /** Of dL/dh_t: all of it, what comes from y_t and from later steps. */
    float dh(int i);

    /** Of dL/dc_t, what comes from later steps; 0 for a kind without cells. */
    float dc(int i);

    /**
     * Of the contribution of this row and step to dW: the Frobenius norm of dz_t x_t^T, which is
     * the product of two norms.
     */
    float dW(int i);

    /** Of the contribution to dR, likewise: dz_t h_{t-1}^T. */
    float dR(int i);
  }
}
