package dev.unroll.bench.activations;

import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.WarmUp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

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
  private static final int PROBE_CALLS = 20;

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
    if (jdk != null) {
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
    }
    if (seen.add(function)) {
      WarmUp.run(field.stream().<Runnable>map(f -> () -> f.apply(x, y)).toList());
    }
    for (int i = 0; i < calls.length; i++) {
      double nanos = time(field.get(i), x, y, PROBE_CALLS);
      calls[i] = Math.max(1, (long) (TURN_NANOS / nanos));
    }
    double[][] nanos = new double[field.size()][rounds];
    SplittableRandom random = new SplittableRandom(7);
    for (int r = 0; r < rounds; r++) {
      Placement place = new Placement(x, random);
      for (int i = 0; i < calls.length; i++) {
        time(field.get(i), place.x, place.y, 2);
        nanos[i][r] = time(field.get(i), place.x, place.y, calls[i]) / values;
      }
    }
    List<ActivationResult.Entry> entries = new ArrayList<>();
    for (int i = 0; i < calls.length; i++) {
      entries.add(new ActivationResult.Entry(names.get(i), nanos[i], Spread.of(nanos[i]), ulps[i]));
    }
    return new ActivationResult(function, kind, values, entries);
  }

  /**
   * Where the arrays of a round lie. A kernel's speed depends on how its vectors straddle cache
   * lines and on the distance between input and output, which a Java program cannot choose: each
   * round has its own, the same for all contenders.
   */
  private record Placement(float[] before, float[] x, float[] between, float[] y) {
    Placement(float[] inputs, SplittableRandom random) {
      this(
          new float[random.nextInt(64)],
          inputs.clone(),
          new float[random.nextInt(2048)],
          new float[inputs.length]);
    }
  }

  private static double time(ArrayFunction function, float[] x, float[] y, long calls) {
    long start = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      function.apply(x, y);
    }
    return (double) (System.nanoTime() - start) / calls;
  }
}
