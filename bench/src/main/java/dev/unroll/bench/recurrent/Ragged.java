package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A batch of sequences of different lengths, beside a full one with as many steps in all. */
public final class Ragged {

  private Ragged() {}

  /** How the lengths are spread. */
  public enum Lengths {
    /** T / N, 2 T / N, ... T. */
    LINEAR,
    /** From 1 to T, all alike. */
    UNIFORM,
    /** Exponential with mean T / 3. */
    GEOMETRIC,
    /** T and T / 4 in turns. */
    TWO;

    int[] of(int rows, int steps) {
      SplittableRandom random = new SplittableRandom(3);
      int[] lengths = new int[rows];
      for (int i = 0; i < rows; i++) {
        int length =
            switch (this) {
              case LINEAR -> (i + 1) * steps / rows;
              case UNIFORM -> 1 + random.nextInt(steps);
              case GEOMETRIC -> (int) Math.ceil(-steps / 3.0 * Math.log(1 - random.nextDouble()));
              case TWO -> i % 2 == 0 ? steps : steps / 4;
            };
        lengths[i] = Math.max(1, Math.min(steps, length));
      }
      for (int i = rows - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = lengths[i];
        lengths[i] = lengths[j];
        lengths[j] = swapped;
      }
      return lengths;
    }
  }

  /**
   * One batch.
   *
   * @param alive rows that still run, on average over the steps
   * @param forward nanoseconds of a valid step
   * @param forwardRatio that over the full batch's, the median over the turns
   * @param training with the backward pass
   */
  public record Result(
      String lengths,
      String cell,
      int rows,
      double alive,
      double forward,
      double forwardRatio,
      double training,
      double trainingRatio) {}

  /** An LSTM and a GRU over a batch with these lengths. */
  public static List<Result> measure(Lengths kind, int rows, int steps, int units, int rounds) {
    int[] lengths = kind.of(rows, steps);
    int valid = Arrays.stream(lengths).sum();
    int longest = Arrays.stream(lengths).max().orElse(1);
    int full = Math.max(1, Math.round((float) valid / longest));
    List<Result> results = new ArrayList<>();
    for (CellSpec cell : List.of(CellSpec.lstm(units, units), CellSpec.gru(units, units))) {
      Run ragged = new Run(cell, rows, steps, lengths);
      Run even = new Run(cell, full, longest, null);
      WarmUp.run(List.of(ragged::forward, even::forward, ragged::training, even::training));
      double[][] nanos = new double[2][rounds];
      double[][] ratios = new double[2][rounds];
      for (int r = 0; r < rounds; r++) {
        nanos[0][r] = time(ragged::forward) / valid;
        ratios[0][r] = nanos[0][r] * full * longest / time(even::forward);
        nanos[1][r] = time(ragged::training) / valid;
        ratios[1][r] = nanos[1][r] * full * longest / time(even::training);
      }
      results.add(
          new Result(
              kind.name().toLowerCase(Locale.ROOT),
              cell.kind().name(),
              rows,
              (double) valid / longest,
              Spread.median(nanos[0]),
              Spread.median(ratios[0]),
              Spread.median(nanos[1]),
              Spread.median(ratios[1])));
    }
    return results;
  }

  private static double time(Runnable run) {
    run.run(); // Brings its operands back into the caches.
    long start = System.nanoTime();
    run.run();
    return System.nanoTime() - start;
  }

  /** One batch with its operands. */
  private static final class Run {
    private final int rows;
    private final int steps;
    private final int @Nullable [] lengths;
    private final Stack stack;
    private final StackTrainer trainer;
    private final StackWeights gradients;
    private final float[] x;
    private final float[] y;
    private final float[] dy;
    private final float[] dx;
    private final float[] h;
    private final float @Nullable [] c;

    Run(CellSpec cell, int rows, int steps, int @Nullable [] lengths) {
      this.rows = rows;
      this.steps = steps;
      this.lengths = lengths;
      StackSpec spec = StackSpec.of(cell, 1);
      StackWeights weights = StackWeights.zeros(spec);
      SplittableRandom random = new SplittableRandom(1);
      weights.arrays().forEach(array -> fill(random, array, 0.05));
      stack = Stack.of(PackedStack.pack(weights));
      trainer = StackTrainer.of(spec);
      trainer.load(weights);
      gradients = StackWeights.zeros(spec);
      x = new float[steps * rows * cell.inputSize()];
      y = new float[steps * rows * cell.outputSize()];
      dy = new float[y.length];
      dx = new float[x.length];
      fill(random, x, 1);
      fill(random, dy, 1);
      h = new float[rows * cell.outputSize()];
      c = spec.hasCell() ? new float[rows * cell.hiddenSize()] : null;
      prove();
    }

    /** Outputs are zeros on padding and nowhere else, and training runs the same forward pass. */
    private void prove() {
      forward();
      float[] expected = y.clone();
      int width = y.length / steps / rows;
      for (int t = 0; t < steps; t++) {
        for (int n = 0; n < rows; n++) {
          boolean padding = lengths != null && t >= lengths[n];
          if (padding != (y[(t * rows + n) * width] == 0)) {
            throw new IllegalStateException("row " + n + " is wrong at step " + t);
          }
        }
      }
      training();
      if (!Arrays.equals(expected, y)) {
        throw new IllegalStateException("training runs another forward pass than inference");
      }
    }

    private static void fill(SplittableRandom random, float[] array, double bound) {
      for (int i = 0; i < array.length; i++) {
        array[i] = (float) random.nextDouble(-bound, bound);
      }
    }

    private void clear() {
      Arrays.fill(h, 0f);
      if (c != null) {
        Arrays.fill(c, 0f);
      }
    }

    void forward() {
      clear();
      stack.forward(SequenceLayout.TIME_MAJOR, steps, rows, lengths, x, y, h, c);
    }

    void training() {
      clear();
      trainer.forward(SequenceLayout.TIME_MAJOR, steps, rows, lengths, x, y, h, c);
      clear();
      trainer.backward(x, 0, dy, 0, h, 0, c, 0, dx, 0, gradients, false);
    }
  }
}
