package dev.unroll.bench.health;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.RecurrentKernels;
import dev.unroll.cell.CellSpec;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * All headline kernels in one JVM that has run every kernel at many shapes, in random order, before
 * and between the measurements, as an application does: profiles of types and branches are those of
 * everybody then.
 */
public final class Polluted implements Section {

  /** The contender of a kernel in such a JVM. */
  public static final String POLLUTED = "polluted";

  private static final long SAMPLE_NANOS = 12_000_000L;
  private static final long BETWEEN_NANOS = 10_000_000L;
  private static final long LEAST_NANOS = 4_000_000_000L;
  private static final long MOST_NANOS = 40_000_000_000L;

  private final Random random = new Random(0x5eed);

  @Override
  public void measure(Effort effort, Results out) {
    List<Headline.Task> tasks = new ArrayList<>();
    List<Runnable> others = new ArrayList<>();
    for (Headline headline : Headline.values()) {
      Headline.Task task = headline.create();
      tasks.add(task);
      others.add(task.run());
    }
    addOthers(others);
    if (!WarmUp.whileCompiling(() -> pollute(others, BETWEEN_NANOS), LEAST_NANOS, MOST_NANOS)) {
      out.note("The compiler was still busy when the measurements in a busy JVM began.");
    }
    int rounds = effort.full() ? 9 : 5;
    double[][] rates = new double[tasks.size()][rounds];
    for (int r = 0; r < rounds; r++) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < rates.length; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      for (int i : order) {
        pollute(others, BETWEEN_NANOS);
        Alone.sample(tasks.get(i), BETWEEN_NANOS / 5); // Its operands come back into the caches.
        rates[i][r] = Alone.sample(tasks.get(i), SAMPLE_NANOS);
      }
    }
    Headline[] headlines = Headline.values();
    for (int i = 0; i < rates.length; i++) {
      out.add(
          Measurement.rate(
              Alone.GROUP, headlines[i].title(), POLLUTED, tasks.get(i).unit(), rates[i]));
    }
  }

  private void pollute(List<Runnable> runs, long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      runs.get(random.nextInt(runs.size())).run();
    }
  }

  private void addOthers(List<Runnable> runs) {
    int[][] shapes = {
      {1, 17, 33}, {2, 64, 5}, {3, 48, 100}, {7, 31, 64}, {13, 96, 40}, {50, 80, 90}
    };
    for (int[] s : shapes) {
      float[] a = values(s[0] * s[2]);
      float[] b = values(s[2] * s[1]);
      float[] c = new float[s[0] * s[1]];
      PackedMatrix packed = PackedMatrix.pack(s[2], s[1], b);
      Matmul plan = Matmul.plain();
      runs.add(() -> plan.multiply(s[0], a, packed, c));
      runs.add(() -> plan.multiply(s[0], s[1], s[2], a, b, c));
    }
    for (int length : new int[] {1, 7, 64, 1001}) {
      float[] x = values(length);
      float[] y = new float[length];
      runs.add(() -> Activations.tanh(x, y));
      runs.add(() -> Activations.sigmoid(x, y));
      runs.add(() -> Activations.exp(x, y));
      runs.add(() -> Activations.relu(x, y));
      runs.add(() -> Activations.tanhGradFromOutput(x, y));
    }
    for (int units : new int[] {5, 32, 50}) {
      runs.add(new RecurrentKernels(CellSpec.lstm(3, units), 6, 2).forward());
      runs.add(new RecurrentKernels(CellSpec.gru(9, units), 4, 1).step());
      runs.add(new RecurrentKernels(CellSpec.elman(4, units), 5, 3).training());
    }
  }

  private float[] values(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
