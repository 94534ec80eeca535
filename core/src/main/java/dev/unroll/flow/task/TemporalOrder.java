package dev.unroll.flow.task;

import java.util.Random;

/**
 * In which order did the events come? Among distractors an A or a B is shown two (or three) times;
 * the class is the whole order.
 *
 * <p><b>Formula.</b> Six symbols: A = 0, B = 1, distractors 2 to 5, uniform. For length L, event e
 * stands at step {@code s_e L / 10 + U{0 .. L/10 - 1}}, integer divisions, with s = (1, 5) for two
 * events and (1, 3, 6) for three. Each event is v_e = 0 or 1 with equal chance; the class is the
 * sum of {@code v_e 2^e}. Guessing costs ln 4 or ln 8 and errs on 3/4 or 7/8 of the sequences.
 *
 * <p>The text of the authors' program says that the first event lies in [1, L/10]; its code, and
 * the paper, place it in [L/10, 2L/10), as here.
 */
public final class TemporalOrder {

  /** A, B and four distractors. */
  public static final int ALPHABET = 6;

  private static final int[][] STARTS = {{1, 5}, {1, 3, 6}};

  private final int[] starts;
  private final Random random;

  /**
   * @param events 2 or 3
   * @param seed of all sequences to come
   */
  public TemporalOrder(int events, long seed) {
    if (events != 2 && events != 3) {
      throw new IllegalArgumentException("events is " + events + ", must be 2 or 3");
    }
    starts = STARTS[events - 2];
    random = new Random(seed);
  }

  /** 2^events. */
  public int classes() {
    return 1 << starts.length;
  }

  /**
   * New sequences of one length, at least 10.
   *
   * @throws IllegalArgumentException when length is below 10 or batch below 1
   */
  public SymbolBatch next(int length, int batch) {
    Task.atLeast("length", length, 10);
    Task.atLeast("batch", batch, 1);
    int[] symbols = new int[Math.multiplyExact(length, batch)];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = 2 + random.nextInt(ALPHABET - 2);
    }
    int[] labels = new int[batch];
    for (int n = 0; n < batch; n++) {
      for (int event = 0; event < starts.length; event++) {
        int step = starts[event] * length / 10 + random.nextInt(length / 10);
        int value = random.nextInt(2);
        symbols[step * batch + n] = value;
        labels[n] += value << event;
      }
    }
    return new SymbolBatch(length, batch, ALPHABET, classes(), symbols, labels);
  }
}
