package dev.unroll.cell;

import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.CellKernels;
import dev.unroll.internal.spi.KernelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The stages of one step, backward, of every kind of cell: from dh and dc after the step, and its
 * block, to the gradients of the sums in the block, dc before the step, and what dh before the step
 * gets from this one.
 */
final class BackwardStages {

  private final PackedCell cell;
  private final CellBlock block;
  private final CellKernels kernels;
  private final CellGradKernels grads;
  private final int padded;
  private final int units;
  private final CellMasks masks;

  private BackwardStages(PackedCell cell, CellBlock block, CellMasks masks, KernelSet twin) {
    this.cell = cell;
    this.block = block;
    this.masks = masks;
    kernels = twin.cell();
    grads = twin.cellGrad();
    padded = cell.padded();
    units = cell.spec().hiddenSize();
  }

  static Stage[] of(PackedCell cell, CellBlock block, CellMasks masks, KernelSet twin) {
    BackwardStages stages = new BackwardStages(cell, block, masks, twin);
    List<Stage> list =
        switch (cell.spec().kind()) {
          case ELMAN -> stages.elman();
          case LSTM -> stages.lstm();
          case GRU -> cell.spec().resetBefore() ? stages.gruBefore() : stages.gruAfter();
        };
    return list.toArray(Stage[]::new);
  }

  private List<Stage> elman() {
    List<Stage> list = new ArrayList<>();
    if (cell.spec().preActivation()) {
      list.add(copyGrad());
      list.add(compact());
      list.add(preActivation());
    } else {
      list.add(activationGrad());
      list.add(compact());
      list.add(recurrent());
    }
    return list;
  }

  private List<Stage> lstm() {
    CellSpec spec = cell.spec();
    int i = block.i();
    int f = block.f();
    int g = block.g();
    int o = block.o();
    int t = block.tanhC();
    boolean coupled = spec.coupledGates();
    boolean projected = spec.projectionSize() > 0;
    List<Stage> list = new ArrayList<>();
    if (projected) {
      list.add(projection());
    }
    list.add(outputGrad(o, t, projected));
    if (spec.peepholes()) {
      list.add(peephole(o, coupled ? 1 : 2));
    }
    if (spec.clipped()) {
      list.add(clip(spec.cellClip()));
    }
    list.add(coupled ? coupledCellGrad(i, g) : cellGrad(i, f, g));
    if (spec.peepholes()) {
      list.add(peephole(i, 0));
      if (!coupled) {
        list.add(peephole(f, 1));
      }
    }
    if (block.zoned()) {
      list.add(masks::join);
    }
    list.add(compact());
    list.add(recurrent());
    return list;
  }

  private List<Stage> gruAfter() {
    return List.of(outputGrad(), resetAfter(), compact(), recurrent());
  }

  private List<Stage> gruBefore() {
    return List.of(outputGrad(), candidate(), resetBefore(), compact(), recurrent());
  }

  /** What R hands back, added to dh before the step. */
  private Stage recurrent() {
    int first = block.recurrentSlot() / padded * units;
    int ld = cell.paddedOutput();
    if (masks.dropsRecurrent()) {
      return cell.spec().resetBefore() ? maskedAfterReset(first) : masked(first);
    }
    return f ->
        f.addProduct(
            cell.backward().recurrent, f.z, f.z0 + first, f.ldz, f.dPrevious, f.dPrevious0, ld);
  }

  /** The same through the mask of h. */
  private Stage masked(int first) {
    int ld = cell.paddedOutput();
    PackedPart back = cell.backward().recurrent;
    return f -> {
      f.product(back, f.z, f.z0 + first, f.ldz, f.scratch, f.scratch0, ld);
      addMasked(f, f.scratch0, ld);
    };
  }

  /** The same, going on with the chains that {@link #resetBefore} began behind its operand. */
  private Stage maskedAfterReset(int first) {
    PackedPart back = cell.backward().recurrent;
    return f -> {
      int to = f.scratch0 + padded;
      f.addProduct(back, f.z, f.z0 + first, f.ldz, f.scratch, to, 2 * padded);
      addMasked(f, to, 2 * padded);
    };
  }

  private void addMasked(Frame f, int from, int ld) {
    int out = cell.paddedOutput();
    float[] mask = masks.recurrent();
    kernels.multiplyAdd(
        f.rows, out, mask, f.row0 * out, out, f.scratch, from, ld, f.dPrevious, f.dPrevious0, out);
  }

  /** Without the padding between them, all gates are one matrix, whose products skip none. */
  private Stage compact() {
    int slots = block.gradSlots();
    if (padded == units) {
      return f -> {};
    }
    return f -> {
      for (int row = 0; row < f.rows; row++) {
        int at = f.z0 + row * f.ldz;
        for (int slot = 1; slot < slots; slot++) {
          System.arraycopy(f.z, at + slot * padded, f.z, at + slot * units, units);
        }
      }
    };
  }

  private Stage activationGrad() {
    return switch (cell.spec().activation()) {
      case TANH -> f -> grads.tanhGrad(f.rows, padded, f.dh, f.dh0, padded, f.z, f.z0, f.ldz);
      case SIGMOID -> f -> grads.sigmoidGrad(f.rows, padded, f.dh, f.dh0, padded, f.z, f.z0, f.ldz);
      case RELU -> f -> grads.reluGrad(f.rows, padded, f.dh, f.dh0, padded, f.z, f.z0, f.ldz);
      case IDENTITY -> copyGrad();
    };
  }

  private Stage copyGrad() {
    return f -> {
      for (int row = 0; row < f.rows; row++) {
        System.arraycopy(f.dh, f.dh0 + row * padded, f.z, f.z0 + row * f.ldz, padded);
      }
    };
  }

  /** dh before the step gets f'(h) (R^T dz); f' follows from f(h), which the tape keeps. */
  private Stage preActivation() {
    Stage grad =
        switch (cell.spec().activation()) {
          case TANH ->
              f ->
                  grads.tanhGrad(
                      f.rows,
                      padded,
                      f.scratch,
                      f.scratch0,
                      2 * padded,
                      f.scratch,
                      f.scratch0 + padded,
                      2 * padded);
          case SIGMOID ->
              f ->
                  grads.sigmoidGrad(
                      f.rows,
                      padded,
                      f.scratch,
                      f.scratch0,
                      2 * padded,
                      f.scratch,
                      f.scratch0 + padded,
                      2 * padded);
          case RELU ->
              f ->
                  grads.reluGrad(
                      f.rows,
                      padded,
                      f.scratch,
                      f.scratch0,
                      2 * padded,
                      f.scratch,
                      f.scratch0 + padded,
                      2 * padded);
          case IDENTITY ->
              f -> {
                for (int row = 0; row < f.rows; row++) {
                  int at = f.scratch0 + row * 2 * padded;
                  System.arraycopy(f.scratch, at, f.scratch, at + padded, padded);
                }
              };
        };
    float[] ones = new float[padded];
    Arrays.fill(ones, 1);
    return f -> {
      int ld = 2 * padded;
      f.product(cell.backward().recurrent, f.z, f.z0, f.ldz, f.scratch, f.scratch0, ld);
      if (masks.dropsRecurrent()) {
        kernels.multiply(
            f.rows,
            padded,
            masks.recurrent(),
            f.row0 * padded,
            padded,
            f.scratch,
            f.scratch0,
            ld,
            f.scratch,
            f.scratch0,
            ld);
      }
      for (int row = 0; row < f.rows; row++) {
        System.arraycopy(
            f.h, f.h0 + row * f.ldh, f.scratch, f.scratch0 + row * ld + padded, padded);
      }
      grad.run(f);
      kernels.multiplyAdd(
          f.rows,
          padded,
          f.scratch,
          f.scratch0 + padded,
          ld,
          ones,
          0,
          0,
          f.dPrevious,
          f.dPrevious0,
          padded);
    };
  }

  private Stage projection() {
    int ld = cell.paddedOutput();
    return f -> f.product(requireProjection(), f.dh, f.dh0, ld, f.scratch, f.scratch0, 2 * padded);
  }

  private PackedPart requireProjection() {
    return java.util.Objects.requireNonNull(cell.backward().projection);
  }

  private Stage outputGrad(int o, int t, boolean projected) {
    if (projected) {
      return f ->
          grads.lstmOutputGrad(
              f.rows,
              padded,
              f.z,
              f.z0,
              f.ldz,
              o,
              t,
              f.scratch,
              f.scratch0,
              2 * padded,
              f.dc,
              f.dc0,
              padded);
    }
    return f ->
        grads.lstmOutputGrad(
            f.rows, padded, f.z, f.z0, f.ldz, o, t, f.dh, f.dh0, padded, f.dc, f.dc0, padded);
  }

  /** What a gate that sees the cell hands back to it. */
  private Stage peephole(int slot, int row) {
    float[] p = cell.peepholes();
    int p0 = row * padded;
    return f ->
        kernels.multiplyAdd(f.rows, padded, f.z, f.z0 + slot, f.ldz, p, p0, 0, f.dc, f.dc0, padded);
  }

  private Stage clip(float limit) {
    return f ->
        grads.clipGrad(f.rows, padded, limit, f.nextC, f.nextC0, f.ldNextC, f.dc, f.dc0, padded);
  }

  private Stage cellGrad(int i, int forget, int g) {
    return f ->
        grads.lstmCellGrad(
            f.rows, padded, f.z, f.z0, f.ldz, i, forget, g, f.c, f.c0, f.ldc, f.dc, f.dc0, padded);
  }

  private Stage coupledCellGrad(int i, int g) {
    return f ->
        grads.lstmCoupledCellGrad(
            f.rows, padded, f.z, f.z0, f.ldz, i, g, f.c, f.c0, f.ldc, f.dc, f.dc0, padded);
  }

  private Stage outputGrad() {
    int z = block.z();
    int n = block.n();
    return f ->
        grads.gruOutputGrad(
            f.rows,
            padded,
            f.z,
            f.z0,
            f.ldz,
            z,
            n,
            f.h,
            f.h0,
            f.ldh,
            f.dh,
            f.dh0,
            padded,
            f.dPrevious,
            f.dPrevious0,
            padded);
  }

  private Stage resetAfter() {
    int r = block.r();
    int nh = block.nh();
    int n = block.n();
    return f -> grads.gruResetAfterGrad(f.rows, padded, f.z, f.z0, f.ldz, r, nh, n);
  }

  private Stage candidate() {
    int n = block.n();
    PackedPart back = java.util.Objects.requireNonNull(cell.backward().candidate);
    return f -> f.product(back, f.z, f.z0 + n, f.ldz, f.scratch, f.scratch0, 2 * padded);
  }

  private Stage resetBefore() {
    int r = block.r();
    if (masks.dropsRecurrent()) {
      // What goes to r h goes through the mask of h as well: its chains begin apart.
      return f -> {
        int to = f.scratch0 + padded;
        for (int row = 0; row < f.rows; row++) {
          int at = to + row * 2 * padded;
          Arrays.fill(f.scratch, at, at + padded, 0f);
        }
        resetBefore(f, r, f.scratch, to, 2 * padded);
      };
    }
    return f -> resetBefore(f, r, f.dPrevious, f.dPrevious0, padded);
  }

  private void resetBefore(Frame f, int r, float[] carry, int carry0, int ldcarry) {
    grads.gruResetBeforeGrad(
        f.rows,
        padded,
        f.z,
        f.z0,
        f.ldz,
        r,
        f.read,
        f.h0,
        f.ldh,
        f.scratch,
        f.scratch0,
        2 * padded,
        carry,
        carry0,
        ldcarry);
  }
}
