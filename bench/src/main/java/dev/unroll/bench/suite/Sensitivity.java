package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.cell.CellSpec;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The same kernels on data of other kinds: hardware may need microcode for subnormal numbers, and
 * code may branch on values. Each kernel is measured on all kinds in turns.
 */
public final class Sensitivity implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "data";

  private static final long TURN_NANOS = 3_000_000L;
  private static final double[] NONE = {};

  /** What the inputs are. */
  public enum Data {
    /** Between -1 and 1. */
    NORMAL(0x1p-10, 1),
    /** All zeros. */
    ZEROS(0, 0),
    /** Magnitudes from 20 to 80. */
    SATURATED(20, 80),
    /** Magnitudes below 2^-126. */
    SUBNORMAL(0x1p-140, 0x1p-127),
    /** One value in sixteen is subnormal, the others normal. */
    MIXED(0x1p-10, 1);

    private final double low;
    private final double high;

    Data(double low, double high) {
      this.low = low;
      this.high = high;
    }

    float[] values(int length) {
      SplittableRandom random = new SplittableRandom(name().hashCode());
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        double magnitude = low == high ? low : random.nextDouble(low, high);
        if (this == MIXED && i % 16 == 5) {
          magnitude = 0x1.8p-130;
        }
        values[i] = (float) (random.nextBoolean() ? magnitude : -magnitude);
      }
      return values;
    }

    /** The kind's name in reports. */
    public String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private interface Kernel {
    Runnable on(float[] values);
  }

  @Override
  public void measure(Effort effort, Results out) {
    kernel("matmul 64,64,64", Sensitivity::product, 64 * 64, effort, out);
    kernel("tanh", Sensitivity::tanh, 8192, effort, out);
    kernel("sigmoid", Sensitivity::sigmoid, 8192, effort, out);
    kernel("exp", Sensitivity::exp, 8192, effort, out);
    for (CellSpec cell :
        List.of(CellSpec.lstm(128, 128), CellSpec.gru(128, 128), CellSpec.elman(128, 128))) {
      String name = cell.kind().name();
      kernel(
          name + " step N8 I128 H128",
          inputs -> RecurrentKernels.stepOn(cell, inputs),
          8 * 128,
          effort,
          out);
      kernel(
          name + " training T8 N8 I128 H128",
          inputs -> RecurrentKernels.trainingOn(cell, inputs),
          8 * 8 * 128,
          effort,
          out);
    }
  }

  private static Runnable product(float[] a) {
    PackedMatrix b = PackedMatrix.pack(64, 64, Data.NORMAL.values(64 * 64));
    Matmul plan = Matmul.plain();
    float[] c = new float[64 * 64];
    return () -> plan.multiply(64, a, b, c);
  }

  private static Runnable tanh(float[] x) {
    float[] y = new float[x.length];
    return () -> Activations.tanh(x, y);
  }

  private static Runnable sigmoid(float[] x) {
    float[] y = new float[x.length];
    return () -> Activations.sigmoid(x, y);
  }

  private static Runnable exp(float[] x) {
    float[] y = new float[x.length];
    return () -> Activations.exp(x, y);
  }

  private static void kernel(String name, Kernel kernel, int length, Effort effort, Results out) {
    Map<Data, Runnable> runs = new EnumMap<>(Data.class);
    Map<Data, double[]> slowdowns = new EnumMap<>(Data.class);
    int rounds = effort.rounds() + 2;
    for (Data data : Data.values()) {
      runs.put(data, kernel.on(data.values(length)));
      slowdowns.put(data, new double[rounds]);
    }
    WarmUp.run(List.copyOf(runs.values()));
    for (int r = 0; r < rounds; r++) {
      double normal = 1;
      for (Map.Entry<Data, Runnable> run : runs.entrySet()) { // Normal data come first.
        double nanos = time(run.getValue());
        normal = run.getKey() == Data.NORMAL ? nanos : normal;
        slowdowns.getOrDefault(run.getKey(), NONE)[r] = nanos / normal;
      }
    }
    slowdowns.forEach(
        (data, slowdown) ->
            out.add(Measurement.time(GROUP, name, data.title(), "times normal", slowdown)));
  }

  private static double time(Runnable run) {
    long start = System.nanoTime();
    long calls = 0;
    long nanos;
    do {
      run.run();
      calls++;
      nanos = System.nanoTime() - start;
    } while (nanos < TURN_NANOS);
    return (double) nanos / calls;
  }
}
