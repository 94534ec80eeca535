package dev.unroll.testing.arbitraries;

import dev.unroll.testing.data.TwoRanges;
import java.math.BigInteger;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Sizes, offsets and leading dimensions where kernels go wrong: around tiles and lane counts. */
@SuppressWarnings("exports") // whoever calls this has jqwik
public final class ShapeArbitraries {

  private static final int[] PRIMES = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 61, 97, 127};

  private ShapeArbitraries() {}

  /**
   * Sizes from 0 to {@code max}. Three in four are 0, 1, a prime, or within 1 of a multiple (1, 2,
   * 3, 4 times) of one of {@code units}, the numbers of lanes, rows or columns a kernel works in;
   * the rest is uniform. Shrinks to 0.
   */
  public static Arbitrary<Integer> sizes(int max, int... units) {
    return sizesFrom(0, max, units);
  }

  /** The same from {@code min} on; shrinks to {@code min}. */
  public static Arbitrary<Integer> sizesFrom(int min, int max, int... units) {
    return Arbitraries.integers()
        .between(min, max)
        .withDistribution(distribution(min, max, units))
        .shrinkTowards(min)
        .edgeCases(edges -> edges.includeOnly(min, max));
  }

  /** Offsets from 0 to 19: aligned and not, for lanes of 4, 8 and 16 floats. Shrinks to 0. */
  public static Arbitrary<Integer> offsets() {
    return sizes(19, 4, 8, 16);
  }

  /**
   * Paddings, what a leading dimension has beyond the row length, from 0 to 19, half of them 0.
   * Shrinks to 0.
   */
  public static Arbitrary<Integer> paddings() {
    return Arbitraries.integers()
        .between(0, 19)
        .withDistribution(preferring(new Integer[] {0, 0, 1}))
        .edgeCases(edges -> edges.includeOnly(0, 1));
  }

  /**
   * Lengths of the sequences of a ragged batch: {@code batch} sizes, each from 0 to {@code
   * maxSteps}, often the same, 0 or the longest. Shrinks to few sequences, then to empty ones.
   */
  public static Arbitrary<int[]> lengths(Arbitrary<Integer> batch, int maxSteps) {
    return batch.flatMap(
        size ->
            Arbitraries.integers()
                .between(0, maxSteps)
                .withDistribution(preferring(new Integer[] {0, 1, maxSteps, maxSteps}))
                .shrinkTowards(0)
                .array(int[].class)
                .ofSize(size));
  }

  /**
   * Two ranges of {@code length} elements: in two arrays, the same in one, side by side in one, or
   * overlapping in part. Shrinks to two arrays without offsets.
   */
  public static Arbitrary<TwoRanges> twoRanges(Arbitrary<Integer> length) {
    return Combinators.combine(length, Bits.index(5), offsets(), sizesFrom(1, 19))
        .as(
            (n, kind, offset, shift) ->
                switch (kind) {
                  case 0 -> new TwoRanges(false, offset, shift - 1, n);
                  case 1 -> new TwoRanges(true, offset, offset, n);
                  case 2 -> new TwoRanges(true, offset, offset + n, n);
                  case 3 -> new TwoRanges(true, offset + n, offset, n);
                  default -> {
                    int apart = n < 2 ? n : 1 + shift % (n - 1);
                    yield shift % 2 == 0
                        ? new TwoRanges(true, offset, offset + apart, n)
                        : new TwoRanges(true, offset + apart, offset, n);
                  }
                });
  }

  /** The distribution of {@link #sizesFrom}. */
  static RandomDistribution distribution(int min, int max, int... units) {
    return preferring(likely(min, max, units));
  }

  private static Integer[] likely(int min, int max, int... units) {
    TreeSet<Integer> sizes = new TreeSet<>();
    sizes.add(0);
    sizes.add(1);
    for (int prime : PRIMES) {
      sizes.add(prime);
    }
    for (int unit : units) {
      for (int times = 1; times <= 4; times++) {
        for (int step = -1; step <= 1; step++) {
          sizes.add(unit * times + step);
        }
      }
    }
    sizes.add(max);
    sizes.removeIf(size -> size < min || size > max);
    return sizes.toArray(new Integer[0]);
  }

  /**
   * Three in four from the table, the rest uniform. A distribution rather than a choice among
   * generators, so that shrinking knows all integers and not only those of the table.
   */
  private static RandomDistribution preferring(Integer[] likely) {
    RandomDistribution uniform = RandomDistribution.uniform();
    return (genSize, min, max, center) -> {
      RandomDistribution.RandomNumericGenerator other =
          uniform.createGenerator(genSize, min, max, center);
      return random ->
          random.nextInt(4) == 0
              ? other.next(random)
              : BigInteger.valueOf(likely[random.nextInt(likely.length)]);
    };
  }
}
