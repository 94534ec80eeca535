package dev.unroll.bench.activations;

import dev.unroll.Platform;
import dev.unroll.bench.probe.Spread;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Times elementwise functions in turns: in each round every contender has one, so that drift of the
 * machine meets all of them.
 */
public final class ActivationComparison {

  /** Contender names, as the tables show them. */
  public static final String OURS = "Unroll";

  public static final String JDK = "JDK vectors";
  public static final String NAIVE = "Math loop";
  public static final String COPY = "copy";

  private static final long TURN_NANOS = 4_000_000;
  private static final long WARM_UP_NANOS = 80_000_000;

  /** Warm-up of a contender that has not run before: the compiler needs its time. */
  private static final long FIRST_WARM_UP_NANOS = 500_000_000;

  private final int values;
  private final int rounds;
  private final Set<ActivationFunction> seen = EnumSet.noneOf(ActivationFunction.class);

  /**
   * A comparison over arrays of this length.
   *
   * @param values a multiple of 16, so that the platform's functions need no tail
   */
  public ActivationComparison(int values, int rounds) {
    if (values < 16 || values % 16 != 0) {
      throw new IllegalArgumentException("values must be a positive multiple of 16: " + values);
    }
    this.values = values;
    this.rounds = rounds;
  }

  /** Measures one function on one kind of data. */
  public ActivationResult measure(ActivationFunction function, DataKind kind) {
    List<String> names = new ArrayList<>();
    List<ArrayFunction> field = new ArrayList<>();
    names.add(OURS);
    field.add(function.ours());
    ArrayFunction jdk = function.jdk();
    if (jdk != null && Platform.current().vectorBits() > 0) {
      names.add(JDK);
      field.add(jdk);
    }
    names.add(NAIVE);
    field.add(function.naive());
    names.add(COPY);
    field.add(NaiveLoops::copy);

    float[] x = function.inputs(kind, values);
    float[] y = new float[values];
    double[] ulps = new double[field.size()];
    long[] calls = new long[field.size()];
    for (int i = 0; i < calls.length; i++) {
      field.get(i).apply(x, y);
      ulps[i] = names.get(i).equals(COPY) ? 0 : function.maxUlp(x, y, names.get(i));
      calls[i] = warmUp(field.get(i), x, y, seen.contains(function));
    }
    seen.add(function);
    double[][] nanos = new double[field.size()][rounds];
    for (int r = 0; r < rounds; r++) {
      for (int i = 0; i < calls.length; i++) {
        nanos[i][r] = time(field.get(i), x, y, calls[i]) / values;
      }
    }
    List<ActivationResult.Entry> entries = new ArrayList<>();
    for (int i = 0; i < calls.length; i++) {
      entries.add(new ActivationResult.Entry(names.get(i), nanos[i], Spread.of(nanos[i]), ulps[i]));
    }
    return new ActivationResult(function, kind, values, entries);
  }

  /** Runs until warm and returns how many calls fill a turn. */
  private static long warmUp(ArrayFunction function, float[] x, float[] y, boolean again) {
    long end = System.nanoTime() + (again ? WARM_UP_NANOS : FIRST_WARM_UP_NANOS);
    double fastest = Double.MAX_VALUE;
    do {
      fastest = Math.min(fastest, time(function, x, y, 4));
    } while (System.nanoTime() < end);
    return Math.max(1, (long) (TURN_NANOS / fastest));
  }

  private static double time(ArrayFunction function, float[] x, float[] y, long calls) {
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      function.apply(x, y);
    }
    return (double) (System.nanoTime() - start) / calls;
  }
}
