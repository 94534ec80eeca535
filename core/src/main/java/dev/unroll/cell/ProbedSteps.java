package dev.unroll.cell;

import static dev.unroll.internal.spi.CellGradKernels.PARTIAL_SUMS;

import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.KernelSet;

/** What a {@link BackwardProbe} hears: collected by all threads while a chunk is walked. */
final class ProbedSteps implements BackwardProbe.Squares {

  private static final int DH = 0;
  private static final int DC = 1;
  private static final int DZ_W = 2;
  private static final int DZ_R = 3;
  private static final int X = 4;
  private static final int H = 5;
  private static final int DN = 6;
  private static final int RH = 7;
  private static final int KINDS = 8;

  private final PackedCell cell;
  private final CellBlock block;
  private final CellMasks masks;
  private final CellGradKernels kernels;
  private final float[][] squares = new float[KINDS][0];

  /** The inputs of each row, through variational dropout if there is any, and room for a vector. */
  private float[] inputs = {};

  private Rows rows = Rows.NONE;
  private int first;
  private int step;

  ProbedSteps(PackedCell cell, CellBlock block, CellMasks masks, KernelSet twin) {
    this.cell = cell;
    this.block = block;
    this.masks = masks;
    kernels = twin.cellGrad();
  }

  long bytes() {
    return (long) KINDS * 4 * squares[0].length + 4L * inputs.length;
  }

  void reserve(Rows q, int firstStep, int lastStep) {
    rows = q;
    first = firstStep;
    int count = q.start(lastStep) - q.start(firstStep);
    for (int kind = 0; kind < KINDS; kind++) {
      squares[kind] = Tape.reserve(squares[kind], count);
    }
    long inputsAndTail = (long) q.batch() * cell.spec().inputSize() + PARTIAL_SUMS;
    inputs = Tape.reserve(inputs, inputsAndTail);
  }

  private int at(int t, int row) {
    return rows.start(t) - rows.start(first) + row;
  }

  /** Before the stages of a step: dh and dc as they come. */
  void before(int t, int row0, Frame f) {
    int to = at(t, row0);
    int out = cell.spec().outputSize();
    kernels.rowSquares(f.rows, out, f.dh, f.dh0, cell.paddedOutput(), squares[DH], to);
    if (cell.spec().hasCell()) {
      int units = cell.spec().hiddenSize();
      kernels.rowSquares(f.rows, units, f.dc, f.dc0, cell.padded(), squares[DC], to);
    }
  }

  /** After them: the gradients of the sums, and what W and R were multiplied by. */
  void after(int t, int row0, Frame f, Sequence x) {
    CellSpec spec = cell.spec();
    int to = at(t, row0);
    int units = spec.hiddenSize();
    int all = spec.gates() * units;
    int w0 = f.z0 + block.inputSlot() / cell.padded() * units;
    kernels.rowSquares(f.rows, all, f.z, w0, f.ldz, squares[DZ_W], to);
    inputSquares(t, row0, f.rows, x, to);
    int out = spec.outputSize();
    kernels.rowSquares(f.rows, out, f.read, f.h0, f.ldh, squares[H], to);
    if (spec.resetBefore()) {
      recurrentBefore(f, to, units);
    } else if (spec.kind() == CellSpec.Kind.GRU) {
      kernels.rowSquares(f.rows, all, f.z, f.z0, f.ldz, squares[DZ_R], to);
      multiply(f.rows, squares[DZ_R], squares[H], to);
    } else {
      System.arraycopy(squares[DZ_W], to, squares[DZ_R], to, f.rows);
      multiply(f.rows, squares[DZ_R], squares[H], to);
    }
    multiply(f.rows, squares[DZ_W], squares[X], to);
  }

  private void inputSquares(int t, int row0, int count, Sequence x, int to) {
    int in = cell.spec().inputSize();
    if (!masks.dropsInputs() && x.inOrder(rows)) {
      int at = x.direct(rows.start(t) + row0);
      if (x.data().length - at - PARTIAL_SUMS >= count * in) {
        kernels.rowSquares(count, in, x.data(), at, in, squares[X], to);
        return;
      }
    }
    for (int row = row0; row < row0 + count; row++) {
      System.arraycopy(x.data(), x.at(rows, t, row), inputs, row * in, in);
      if (masks.dropsInputs()) {
        masks.dropInputs(row, inputs, row * in);
      }
    }
    kernels.rowSquares(count, in, inputs, row0 * in, in, squares[X], to);
  }

  /** The candidate's part of R was multiplied by r h, the rest by h. */
  private void recurrentBefore(Frame f, int to, int units) {
    kernels.rowSquares(f.rows, 2 * units, f.z, f.z0 + units, f.ldz, squares[DZ_R], to);
    multiply(f.rows, squares[DZ_R], squares[H], to);
    kernels.rowSquares(f.rows, units, f.z, f.z0, f.ldz, squares[RH], to);
    kernels.rowSquares(f.rows, units, f.z, f.z0 + 3 * units, f.ldz, squares[DN], to);
    for (int r = to; r < to + f.rows; r++) {
      squares[DZ_R][r] += squares[DN][r] * squares[RH][r];
    }
  }

  private static void multiply(int count, float[] y, float[] x, int at) {
    for (int r = at; r < at + count; r++) {
      y[r] *= x[r];
    }
  }

  /** Tells a probe of all steps of the chunk. */
  void tell(BackwardProbe probe, int last) {
    for (step = last - 1; step >= first; step--) {
      probe.step(step, this);
    }
  }

  void release() {
    rows = Rows.NONE;
  }

  @Override
  public int rows() {
    return rows.count(step);
  }

  @Override
  public int row(int i) {
    return rows.order(i);
  }

  @Override
  public int lag(int i) {
    return rows.length(i) - 1 - step;
  }

  @Override
  public float dh(int i) {
    return squares[DH][at(step, i)];
  }

  @Override
  public float dc(int i) {
    return cell.spec().hasCell() ? squares[DC][at(step, i)] : 0;
  }

  @Override
  public float dW(int i) {
    return squares[DZ_W][at(step, i)];
  }

  @Override
  public float dR(int i) {
    return squares[DZ_R][at(step, i)];
  }
}
