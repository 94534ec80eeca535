package dev.unroll.testing.reference;

/**
 * Where numbers of one kind come from.
 *
 * @param <V> the kind of number
 */
public interface Arithmetic<V extends Real<V>> {

  /** A number that is known exactly. */
  V of(double exact);

  /** A sum without terms yet: 0. */
  Sum<V> sum();
}
