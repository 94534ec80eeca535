package dev.unroll.testing.reference;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The gradient of a loss by everything that goes into a layer.
 *
 * @param inputs dx, dh0 and dc0; 0 beyond the length of a sequence
 * @param weights dW, dR and the rest, summed over sequences and steps
 * @param <V> the kind of number
 */
public record CellGradients<V extends Real<V>>(CellInputs<V> inputs, CellWeights<V> weights) {

  /** All that are not empty, by name: dx, dh0, dc0, dW, dR, db, dbR, dP, dp. */
  public Map<String, Tensor<V>> named() {
    Map<String, Tensor<V>> named = new LinkedHashMap<>();
    inputs.named().forEach((name, tensor) -> named.put("d" + name, tensor));
    weights.named().forEach((name, tensor) -> named.put("d" + name, tensor));
    return named;
  }
}
