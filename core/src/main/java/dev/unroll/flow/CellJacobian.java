package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Jacobians of a recurrent cell, from the production kernels.
 *
 * <p><b>Formula.</b> The state s is h, followed by c where the cell has one; J = ds_T/ds_0 along
 * given inputs. Its rows are the results of one backward pass: the batch holds the same sequence
 * once for each element of the state, and row i starts from the i-th unit vector.
 *
 * <p><b>Shapes.</b> S = P, or P + H with a cell state. x is [T][I], h has P and c has H elements. J
 * is S x S.
 *
 * <p><b>Accuracy.</b> That of gradients in f32, see {@link CellTrainer}; the operators calculate in
 * double from there.
 */
public final class CellJacobian {

  private final WeightSet weights;
  private final CellSpec spec;
  private final int size;
  private final CellTrainer trainer;
  private final WeightSet unused;

  /**
   * Jacobians of a cell with these weights, as they are now.
   *
   * @throws NullPointerException when {@code weights} is null
   * @throws IllegalArgumentException when their cell has zoneout or variational dropout: the rows
   *     of the batch would draw masks of their own
   */
  public CellJacobian(WeightSet weights) {
    this.weights = requireNonNull(weights, "weights");
    spec = weights.spec();
    if (spec.stochastic()) {
      throw new IllegalArgumentException(
          "weights are of " + spec + ", must be of a cell without zoneout and variational dropout");
    }
    size = spec.outputSize() + (spec.hasCell() ? spec.hiddenSize() : 0);
    trainer = CellTrainer.of(spec);
    trainer.load(weights);
    unused = WeightSet.zeros(spec);
  }

  /** S, the length of the state. */
  public int size() {
    return size;
  }

  /**
   * ds_T/ds_0 through all steps at once; moves the state on.
   *
   * @param h the state before; receives the one after
   * @param c the cell state, likewise; null for a kind without cells
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when {@code steps} is below 1, or an array has another length
   *     than the sizes say
   */
  public LinearOperator through(int steps, float[] x, float[] h, float @Nullable [] c) {
    int in = spec.inputSize();
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + ", must be at least 1");
    }
    length("x", requireNonNull(x, "x"), (long) steps * in);
    length("h", requireNonNull(h, "h"), spec.outputSize());
    if (spec.hasCell()) {
      length("c", requireNonNull(c, "c"), spec.hiddenSize());
    }
    return new DenseOperator(size, size, matrix(steps, x, h, c));
  }

  /**
   * The factors ds_t/ds_{t-1} of the steps, in the order of time; moves the state on.
   *
   * @throws NullPointerException as {@link #through}
   * @throws IllegalArgumentException as {@link #through}
   */
  public List<LinearOperator> steps(int steps, float[] x, float[] h, float @Nullable [] c) {
    int in = spec.inputSize();
    length("x", requireNonNull(x, "x"), (long) steps * in);
    List<LinearOperator> factors = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      factors.add(through(1, Arrays.copyOfRange(x, t * in, (t + 1) * in), h, c));
    }
    return factors;
  }

  private static void length(String name, float[] data, long wanted) {
    if (data.length != wanted) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + wanted);
    }
  }

  private double[] matrix(int steps, float[] x, float[] h, float @Nullable [] c) {
    int out = spec.outputSize();
    int units = spec.hiddenSize();
    float[] xs = repeated(x);
    float[] hs = repeated(h);
    float[] cs = c == null ? null : repeated(c);
    float[] dh = new float[size * out];
    float[] dc = c == null ? null : new float[size * units];
    for (int i = 0; i < size; i++) {
      if (i < out) {
        dh[i * out + i] = 1;
      } else if (dc != null) {
        dc[i * units + i - out] = 1;
      }
    }
    float[] y = new float[size * steps * out];
    trainer.forward(SequenceLayout.BATCH_MAJOR, steps, size, xs, y, hs, cs);
    trainer.backward(xs, 0, null, 0, dh, 0, dc, 0, null, 0, unused, false);
    System.arraycopy(hs, 0, h, 0, out);
    double[] matrix = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < out; j++) {
        matrix[i * size + j] = dh[i * out + j];
      }
      for (int j = 0; dc != null && j < units; j++) {
        matrix[i * size + out + j] = dc[i * units + j];
      }
    }
    if (c != null && cs != null) {
      System.arraycopy(cs, 0, c, 0, units);
    }
    return matrix;
  }

  /** The same row for each element of the state. */
  private float[] repeated(float[] row) {
    float[] all = new float[Math.multiplyExact(size, row.length)];
    for (int i = 0; i < size; i++) {
      System.arraycopy(row, 0, all, i * row.length, row.length);
    }
    return all;
  }

  @Override
  public String toString() {
    return "CellJacobian[" + weights + "]";
  }
}
