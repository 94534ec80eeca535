package dev.unroll.testing.reference;

/**
 * What zoneout and variational dropout do to a layer, given as numbers; each of them none where a
 * layer does not have it. T steps, N sequences, I inputs, H units, P outputs.
 *
 * <pre>
 *   h_t = d_t h_{t-1} + (1 - d_t) h~_t        c_t = d'_t c_{t-1} + (1 - d'_t) c~_t
 *   W (m x_t) in place of W x_t               R (m' h_{t-1}) in place of R h_{t-1}
 * </pre>
 *
 * <p>where h~ and c~ are what the cell gives otherwise, h~ from c~. In training d is 0 or 1; a
 * layer that serves has the expectation, the rate, in all places. The update gate of a GRU passes
 * h_{t-1} without a mask. Source: D. Krueger et al., arXiv 1606.01305; Y. Gal and Z. Ghahramani,
 * arXiv 1512.05287.
 *
 * @param hidden d, from 0 to 1, [T, N, P]
 * @param cell d', [T, N, H]
 * @param input m, [N, I]
 * @param recurrent m', [N, P]
 */
public record CellMasks(
    Tensor<Plain> hidden, Tensor<Plain> cell, Tensor<Plain> input, Tensor<Plain> recurrent) {

  /** Neither of both. */
  public static final CellMasks NONE =
      new CellMasks(Tensor.none(), Tensor.none(), Tensor.none(), Tensor.none());

  /** Checks the shape of those that are there. */
  void check(ReferenceCell cellOf, CellInputs<?> inputs) {
    int steps = inputs.steps();
    int batch = inputs.batch();
    if (!hidden.isEmpty()) {
      hidden.require("hidden", steps, batch, cellOf.outputSize());
    }
    if (!cell.isEmpty()) {
      cell.require("cell", steps, batch, cellOf.hasCellState() ? cellOf.hiddenSize() : 0);
    }
    if (!input.isEmpty()) {
      input.require("input", batch, cellOf.inputSize());
    }
    if (!recurrent.isEmpty()) {
      recurrent.require("recurrent", batch, cellOf.outputSize());
    }
  }
}
