package dev.unroll.testing.reference;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of one layer and direction, or the gradient by each of them. G gates in PyTorch's
 * order (LSTM i, f, g, o; GRU r, z, n; Elman one), H units, I inputs, P outputs.
 *
 * @param w input weights, weight_ih, [G H, I]
 * @param r recurrent weights, weight_hh, [G H, P]
 * @param inputBias bias_ih, [G H]
 * @param recurrentBias bias_hh, [G H]
 * @param projection weight_hr, [P, H]; none without projection
 * @param peepholes one row of H for each gate that sees the cell, in the order of the gates; none
 *     without peepholes
 * @param <V> the kind of number
 */
public record CellWeights<V extends Real<V>>(
    Tensor<V> w,
    Tensor<V> r,
    Tensor<V> inputBias,
    Tensor<V> recurrentBias,
    Tensor<V> projection,
    Tensor<V> peepholes) {

  /** Weights without projection and peepholes. */
  public CellWeights(Tensor<V> w, Tensor<V> r, Tensor<V> inputBias, Tensor<V> recurrentBias) {
    this(w, r, inputBias, recurrentBias, Tensor.none(), Tensor.none());
  }

  /** Zeros of the same shapes. */
  public CellWeights<V> zeros(Arithmetic<V> by) {
    return new CellWeights<>(
        Tensor.zeros(by, w.shape()),
        Tensor.zeros(by, r.shape()),
        Tensor.zeros(by, inputBias.shape()),
        Tensor.zeros(by, recurrentBias.shape()),
        Tensor.zeros(by, projection.shape()),
        Tensor.zeros(by, peepholes.shape()));
  }

  /** The same values, as exact numbers of another kind. */
  public <U extends Real<U>> CellWeights<U> to(Arithmetic<U> by) {
    return new CellWeights<>(
        w.to(by),
        r.to(by),
        inputBias.to(by),
        recurrentBias.to(by),
        projection.to(by),
        peepholes.to(by));
  }

  /** Those that are not empty, by name, in the order of the components. */
  public Map<String, Tensor<V>> named() {
    Map<String, Tensor<V>> named = new LinkedHashMap<>();
    named.put("W", w);
    named.put("R", r);
    named.put("b", inputBias);
    named.put("bR", recurrentBias);
    named.put("P", projection);
    named.put("p", peepholes);
    named.values().removeIf(Tensor::isEmpty);
    return named;
  }
}
