package dev.unroll.testing.reference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layer is run on, or the gradient by each of it. T steps, N sequences, I inputs, H units, P
 * outputs.
 *
 * @param x inputs, [T, N, I]
 * @param h0 initial state, [N, P]
 * @param c0 initial cell state, [N, H]; none for a cell without it
 * @param lengths steps of each sequence, N times 0 to T; what follows them in x is not read
 * @param masks of zoneout and variational dropout
 * @param <V> the kind of number
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
public record CellInputs<V extends Real<V>>(
    Tensor<V> x, Tensor<V> h0, Tensor<V> c0, int[] lengths, CellMasks masks) {

  /** Checks the lengths. */
  public CellInputs {
    if (lengths.length != x.size(1)) {
      throw new IllegalArgumentException("lengths: " + lengths.length + ", not N " + x.size(1));
    }
    for (int length : lengths) {
      if (length < 0 || length > x.size(0)) {
        throw new IllegalArgumentException("length: " + length + ", not 0 to " + x.size(0));
      }
    }
  }

  /** Without zoneout and variational dropout. */
  public CellInputs(Tensor<V> x, Tensor<V> h0, Tensor<V> c0, int[] lengths) {
    this(x, h0, c0, lengths, CellMasks.NONE);
  }

  /** The same with these masks. */
  public CellInputs<V> with(CellMasks newMasks) {
    return new CellInputs<>(x, h0, c0, lengths, newMasks);
  }

  /** Sequences that all have T steps. */
  public CellInputs(Tensor<V> x, Tensor<V> h0, Tensor<V> c0) {
    this(x, h0, c0, full(x));
  }

  private static int[] full(Tensor<?> x) {
    int[] lengths = new int[x.size(1)];
    Arrays.fill(lengths, x.size(0));
    return lengths;
  }

  /** T. */
  public int steps() {
    return x.size(0);
  }

  /** N. */
  public int batch() {
    return x.size(1);
  }

  /** Zeros of the same shapes, with the same lengths. */
  public CellInputs<V> zeros(Arithmetic<V> by) {
    return new CellInputs<>(
        Tensor.zeros(by, x.shape()),
        Tensor.zeros(by, h0.shape()),
        Tensor.zeros(by, c0.shape()),
        lengths,
        masks);
  }

  /** The same values, as exact numbers of another kind. */
  public <U extends Real<U>> CellInputs<U> to(Arithmetic<U> by) {
    return new CellInputs<>(x.to(by), h0.to(by), c0.to(by), lengths, masks);
  }

  /** Those that are not empty, by name, in the order of the components. */
  public Map<String, Tensor<V>> named() {
    Map<String, Tensor<V>> named = new LinkedHashMap<>();
    named.put("x", x);
    named.put("h0", h0);
    named.put("c0", c0);
    named.values().removeIf(Tensor::isEmpty);
    return named;
  }
}
