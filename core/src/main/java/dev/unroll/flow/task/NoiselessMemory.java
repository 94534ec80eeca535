package dev.unroll.flow.task;

import java.util.Arrays;
import java.util.Random;

/**
 * Noiseless memorisation: a few symbols are shown, then blanks, then a trigger, and the symbols are
 * to be repeated.
 *
 * <p><b>Formula.</b> P symbols of V values, L blanks, one trigger, P blanks during which the answer
 * is given: {@code T = 2 P + L + 1} steps. Inputs: values 0 to V-1, blank V, trigger V+1. Outputs:
 * values 0 to V-1, nothing V, which is the right answer at all other steps. All steps count; a
 * sequence is wrong when any of them is.
 *
 * <p>5-bit: V = 2, P = 5, 32 patterns, all of them in one batch. 20-bit: V = 5, P = 10, 5^10 =
 * 9765625 patterns, 23.2 bits in truth.
 */
public final class NoiselessMemory {

  private final int values;
  private final int positions;
  private final Random random;

  private NoiselessMemory(int values, int positions, long seed) {
    this.values = values;
    this.positions = positions;
    random = new Random(seed);
  }

  /** Five symbols of two values. */
  public static NoiselessMemory fiveBit(long seed) {
    return new NoiselessMemory(2, 5, seed);
  }

  /** Ten symbols of five values. */
  public static NoiselessMemory twentyBit(long seed) {
    return new NoiselessMemory(5, 10, seed);
  }

  /** V^P, the number of different sequences. */
  public long patterns() {
    return Math.round(StrictMath.pow(values, positions));
  }

  /** New sequences, their patterns drawn at random. */
  public LabelledSteps next(int blanks, int batch) {
    Task.atLeast("blanks", blanks, 1);
    Task.atLeast("batch", batch, 1);
    int[] pattern = new int[positions * batch];
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = random.nextInt(values);
    }
    return steps(blanks, batch, pattern);
  }

  /**
   * Each pattern once; for 5 bits the batch of the paper.
   *
   * @throws IllegalArgumentException when there are more patterns than fit into an array
   */
  public LabelledSteps all(int blanks) {
    Task.atLeast("blanks", blanks, 1);
    if (patterns() * (2L * positions + blanks + 1) > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "blanks is " + blanks + ", too many for all " + patterns() + " patterns in one array");
    }
    int batch = (int) patterns();
    int[] pattern = new int[positions * batch];
    for (int n = 0; n < batch; n++) {
      int left = n;
      for (int position = 0; position < positions; position++) {
        pattern[position * batch + n] = left % values;
        left /= values;
      }
    }
    return steps(blanks, batch, pattern);
  }

  private LabelledSteps steps(int blanks, int batch, int[] pattern) {
    int length = 2 * positions + blanks + 1;
    int[] symbols = new int[Math.multiplyExact(length, batch)];
    int[] labels = new int[symbols.length];
    Arrays.fill(symbols, values);
    Arrays.fill(labels, values);
    System.arraycopy(pattern, 0, symbols, 0, pattern.length);
    int trigger = (positions + blanks) * batch;
    Arrays.fill(symbols, trigger, trigger + batch, values + 1);
    System.arraycopy(pattern, 0, labels, trigger + batch, pattern.length);
    boolean[] counted = new boolean[length];
    Arrays.fill(counted, true);
    return new LabelledSteps(length, batch, values + 2, values + 1, symbols, labels, counted);
  }
}
