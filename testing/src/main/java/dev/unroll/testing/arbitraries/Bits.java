package dev.unroll.testing.arbitraries;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;

/** What the generators of floats and doubles have in common. */
final class Bits {

  private Bits() {}

  /** Uniform integers that shrink to {@code min}; both ends are edge cases. */
  static Arbitrary<Integer> uniform(int min, int max) {
    return Arbitraries.integers()
        .between(min, max)
        .withDistribution(RandomDistribution.uniform())
        .edgeCases(edges -> edges.includeOnly(min, max));
  }

  /** Indexes below {@code size}, each of them an edge case. */
  static Arbitrary<Integer> index(int size) {
    Integer[] all = new Integer[size];
    for (int i = 0; i < size; i++) {
      all[i] = i;
    }
    return Arbitraries.integers()
        .between(0, size - 1)
        .withDistribution(RandomDistribution.uniform())
        .edgeCases(edges -> edges.filter(i -> false).add(all));
  }

  /** One of the given values; shrinks to the first. */
  static Arbitrary<Integer> table(int... values) {
    return index(values.length).map(i -> values[i]);
  }

  /**
   * The integers from {@code min} to {@code max} in order of their distance from 0: rank 0 is the
   * nearest.
   */
  static int nearestToZero(int rank, int min, int max) {
    if (min >= 0) {
      return min + rank;
    }
    if (max <= 0) {
      return max - rank;
    }
    int both = Math.min(-min, max);
    if (rank <= 2 * both) {
      return rank % 2 == 0 ? -rank / 2 : (rank + 1) / 2;
    }
    int beyond = rank - 2 * both;
    return max > -min ? both + beyond : -both - beyond;
  }

  /** The lowest {@code bits} bits reversed, so that a small number becomes few leading bits. */
  static int reverse(int value, int bits) {
    return Integer.reverse(value) >>> (Integer.SIZE - bits);
  }

  /** The same for long. */
  static long reverse(long value, int bits) {
    return Long.reverse(value) >>> (Long.SIZE - bits);
  }
}
