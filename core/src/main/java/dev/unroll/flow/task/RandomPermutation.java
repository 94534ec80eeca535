package dev.unroll.flow.task;

import java.util.Random;

/**
 * Random permutation: the first symbol, 0 or 1, comes once more at the end; all others are noise.
 *
 * <p><b>Formula.</b> 100 symbols; the first of L is {@code U{0, 1}}, the others {@code U{2 .. 99}}.
 * At each step the next symbol is to be predicted, after the last one the first; only that answer
 * counts, so guessing between 0 and 1 is right half of the time.
 */
public final class RandomPermutation {

  /** Symbols. */
  public static final int ALPHABET = 100;

  private final Random random;

  /**
   * @param seed of all sequences to come
   */
  public RandomPermutation(long seed) {
    random = new Random(seed);
  }

  /**
   * New sequences.
   *
   * @throws IllegalArgumentException when length or batch is below 1
   */
  public LabelledSteps next(int length, int batch) {
    Task.atLeast("length", length, 1);
    Task.atLeast("batch", batch, 1);
    int[] symbols = new int[Math.multiplyExact(length, batch)];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = i < batch ? random.nextInt(2) : 2 + random.nextInt(ALPHABET - 2);
    }
    int[] labels = new int[symbols.length];
    System.arraycopy(symbols, batch, labels, 0, symbols.length - batch);
    System.arraycopy(symbols, 0, labels, symbols.length - batch, batch);
    boolean[] counted = new boolean[length];
    counted[length - 1] = true;
    return new LabelledSteps(length, batch, ALPHABET, ALPHABET, symbols, labels, counted);
  }
}
