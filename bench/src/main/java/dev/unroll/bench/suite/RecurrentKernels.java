package dev.unroll.bench.suite;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our layers alone, for what is measured without competitors. Weights are drawn as an initializer
 * would, and each kernel is proven by its own promise: one call over the sequence and one call for
 * each step give the same bits.
 */
public final class RecurrentKernels {

  private final CellSpec spec;
  private final int steps;
  private final int batch;
  private final WeightSet weights;
  private final float[] x;
  private final float[] y;
  private final float[] h;
  private final float @Nullable [] c;

  /** A layer of this kind over T steps of N rows. */
  public RecurrentKernels(CellSpec spec, int steps, int batch) {
    this.spec = spec;
    this.steps = steps;
    this.batch = batch;
    SplittableRandom random = new SplittableRandom(0x5eed);
    weights = WeightSet.zeros(spec);
    double bound = 1 / Math.sqrt(spec.hiddenSize());
    weights.arrays().forEach(array -> fill(random, array, bound));
    x = new float[steps * batch * spec.inputSize()];
    fill(random, x, 1);
    y = new float[steps * batch * spec.outputSize()];
    h = new float[batch * spec.outputSize()];
    c = spec.hasCell() ? new float[batch * spec.hiddenSize()] : null;
  }

  private static void fill(SplittableRandom random, float[] array, double bound) {
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextDouble(-bound, bound);
    }
  }

  /** Floating-point operations of the products of one forward pass over all steps. */
  public double flops() {
    return 2.0 * steps * batch * spec.gates() * spec.hiddenSize() * (spec.inputSize() + outputs());
  }

  private int outputs() {
    return spec.outputSize();
  }

  private void clear() {
    Arrays.fill(h, 0f);
    if (c != null) {
      Arrays.fill(c, 0f);
    }
  }

  /** The whole sequence from zero states. */
  public Runnable forward() {
    Cell cell = Cell.of(PackedCell.pack(weights));
    Runnable run =
        () -> {
          clear();
          cell.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
        };
    run.run();
    prove(cell, h.clone());
    return run;
  }

  private void prove(Cell cell, float[] last) {
    clear();
    for (int t = 0; t < steps; t++) {
      cell.step(batch, x, t * batch * spec.inputSize(), h, 0, c, 0);
    }
    if (Arrays.mismatch(h, last) >= 0 || h[0] == 0) {
      throw new IllegalStateException(
          spec + ": " + steps + " steps one by one do not give what one call gives");
    }
  }

  /** The next step of the sequence; after the last comes the first, from the states so far. */
  public Runnable step() {
    forward(); // Proves it.
    Cell cell = Cell.of(PackedCell.pack(weights));
    int stride = batch * spec.inputSize();
    int[] next = {0};
    return () -> {
      cell.step(batch, x, next[0] * stride, h, 0, c, 0);
      next[0] = next[0] + 1 == steps ? 0 : next[0] + 1;
    };
  }

  /** Forward, and backward to the gradients of inputs and weights. */
  public Runnable training() {
    forward();
    float[] expected = y.clone();
    CellTrainer trainer = CellTrainer.of(spec);
    trainer.load(weights);
    WeightSet gradients = WeightSet.zeros(spec);
    float[] dy = new float[y.length];
    fill(new SplittableRandom(9), dy, 1);
    float[] dh = new float[h.length];
    float[] dc = c == null ? null : new float[c.length];
    float[] dx = new float[x.length];
    Runnable run =
        () -> {
          clear();
          trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
          Arrays.fill(dh, 0f);
          if (dc != null) {
            Arrays.fill(dc, 0f);
          }
          trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
        };
    run.run();
    if (!Arrays.equals(expected, y) || dx[0] == 0) {
      throw new IllegalStateException(spec + ": training runs another forward pass than inference");
    }
    return run;
  }

  /** One step of 8 rows of 128 units on inputs [8][128], from states that are like the inputs. */
  static Runnable stepOn(CellSpec spec, float[] inputs) {
    RecurrentKernels kernels = new RecurrentKernels(spec, 1, 8);
    Cell cell = Cell.of(PackedCell.pack(kernels.weights));
    float[] c = kernels.c;
    return () -> {
      System.arraycopy(inputs, 0, kernels.h, 0, inputs.length);
      if (c != null) {
        Arrays.fill(c, inputs[0]);
      }
      cell.step(8, inputs, 0, kernels.h, 0, c, 0);
    };
  }

  /** Forward and backward over 8 steps of 8 rows of 128 units on inputs [8][8][128]. */
  static Runnable trainingOn(CellSpec spec, float[] inputs) {
    RecurrentKernels kernels = new RecurrentKernels(spec, 8, 8);
    System.arraycopy(inputs, 0, kernels.x, 0, inputs.length);
    return kernels.training();
  }
}
