package dev.unroll.testing.reference;

/**
 * A sum of numbers and of products, in the making. What it stands for has no order: an error bound
 * covers every order of summation, with and without fma.
 *
 * @param <V> the kind of number
 */
public interface Sum<V extends Real<V>> {

  /** Adds a number. */
  Sum<V> add(V term);

  /** Adds the product {@code a b}. */
  Sum<V> add(V a, V b);

  /** Subtracts the product {@code a b}. */
  Sum<V> subtract(V a, V b);

  /** What has been added so far. */
  V total();
}
