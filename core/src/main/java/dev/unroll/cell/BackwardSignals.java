package dev.unroll.cell;

import dev.unroll.internal.check.Checks;
import java.util.Arrays;

/**
 * The error signals of a whole backward pass, kept: for whatever needs more of them than the norms
 * that a {@link BackwardProbe} hears, as the regularizer Omega does.
 *
 * <p><b>Formula.</b> dh_t = dL/dh_t, all of it, what comes from y_t and from later steps; dz_t, the
 * gradients of the sums that W is multiplied into, in the order of PyTorch's gates. The bits are
 * those of the pass, which is not changed.
 *
 * <p><b>Shapes.</b> dh is [T+1][N][P]: place 0 has the gradients of the states before the first
 * step, place t + 1 those after step t. dz is [T][N][GH]. T is what the longest row has; steps and
 * rows are the caller's, but a pass in reverse counts its steps from a row's own last one. What a
 * shorter row does not have is 0. The arrays may be longer than that, and belong to this object:
 * they hold until the next backward call.
 *
 * <p><b>Allocation.</b> None once T, N have been seen.
 */
public final class BackwardSignals {

  private int steps;
  private int batch;
  private int outputSize;
  private int sums;
  private float[] dh = {};
  private float[] dz = {};

  /** Empty, until a {@link CellTrainer} that has it goes back. */
  public BackwardSignals() {}

  /** T, of the last backward call. */
  public int steps() {
    return steps;
  }

  /** N. */
  public int batch() {
    return batch;
  }

  /** P. */
  public int outputSize() {
    return outputSize;
  }

  /** GH. */
  public int sums() {
    return sums;
  }

  /** [T+1][N][P], not a copy. */
  public float[] dh() {
    return dh;
  }

  /** [T][N][GH], not a copy. */
  public float[] dz() {
    return dz;
  }

  /**
   * Where dh after step {@code t} begins; -1 is before the first step.
   *
   * @throws IllegalArgumentException when there is no such step
   */
  public int dhAt(int t) {
    if (t < -1 || t >= steps) {
      throw new IllegalArgumentException("t is " + t + ", must be from -1 to " + (steps - 1));
    }
    return (t + 1) * batch * outputSize;
  }

  /** Where dz of step {@code t} begins. */
  public int dzAt(int t) {
    Checks.size("t", t);
    return t * batch * sums;
  }

  void begin(Rows rows, CellSpec spec) {
    steps = rows.steps();
    batch = rows.batch();
    outputSize = spec.outputSize();
    sums = spec.gates() * spec.hiddenSize();
    long states = (steps + 1L) * batch * outputSize;
    long all = (long) steps * batch * sums;
    dh = Tape.reserve(dh, states);
    dz = Tape.reserve(dz, all);
    if (rows.total() < (long) steps * batch || steps == 0) {
      Arrays.fill(dh, 0, (int) states, 0f);
      Arrays.fill(dz, 0, (int) all, 0f);
    }
  }

  /** Before the stages of a step: dh as it comes. */
  void before(Rows rows, int t, int row0, Frame f) {
    for (int r = 0; r < f.rows; r++) {
      int to = ((t + 1) * batch + rows.order(row0 + r)) * outputSize;
      System.arraycopy(f.dh, f.dh0 + r * f.ldh, dh, to, outputSize);
    }
  }

  /** After them: the gradients of the sums, which stand without gaps from {@code z0} on. */
  void after(Rows rows, int t, int row0, Frame f, int z0) {
    for (int r = 0; r < f.rows; r++) {
      int to = (t * batch + rows.order(row0 + r)) * sums;
      System.arraycopy(f.z, f.z0 + z0 + r * f.ldz, dz, to, sums);
    }
  }

  /** The gradients of the states before the first step. */
  void end(Rows rows, float[] first, int ldFirst) {
    for (int r = 0; r < batch && rows.length(r) > 0; r++) {
      System.arraycopy(first, r * ldFirst, dh, rows.order(r) * outputSize, outputSize);
    }
  }
}
