package dev.unroll.testing.reference;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layer gives, or the gradient by each of it. T steps, N sequences, H units, P outputs.
 *
 * @param y state after each step, [T, N, P]; 0 beyond the length of a sequence
 * @param hn state after the last step of each sequence, [N, P]; the initial one where there is none
 * @param cn the same of the cell state, [N, H]; none for a cell without it
 * @param <V> the kind of number
 */
public record CellOutputs<V extends Real<V>>(Tensor<V> y, Tensor<V> hn, Tensor<V> cn) {

  /** The same values, as exact numbers of another kind. */
  public <U extends Real<U>> CellOutputs<U> to(Arithmetic<U> by) {
    return new CellOutputs<>(y.to(by), hn.to(by), cn.to(by));
  }

  /** Those that are not empty, by name, in the order of the components. */
  public Map<String, Tensor<V>> named() {
    Map<String, Tensor<V>> named = new LinkedHashMap<>();
    named.put("y", y);
    named.put("hn", hn);
    named.put("cn", cn);
    named.values().removeIf(Tensor::isEmpty);
    return named;
  }
}
