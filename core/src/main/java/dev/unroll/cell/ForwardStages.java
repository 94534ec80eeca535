package dev.unroll.cell;

import dev.unroll.internal.spi.CellKernels;
import dev.unroll.internal.spi.KernelSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stages of one step, forward, of every kind of cell: the formulas of {@link CellSpec}. */
final class ForwardStages {

  private final PackedCell cell;
  private final CellBlock block;
  private final CellKernels kernels;
  private final int padded;

  private ForwardStages(PackedCell cell, CellBlock block, KernelSet twin) {
    this.cell = cell;
    this.block = block;
    kernels = twin.cell();
    padded = cell.padded();
  }

  /**
   * All stages of a step.
   *
   * @param masks in training; null when serving
   */
  static Stage[] of(PackedCell cell, CellBlock block, @Nullable CellMasks masks, KernelSet twin) {
    ForwardStages stages = new ForwardStages(cell, block, twin);
    List<Stage> list = new ArrayList<>();
    if (masks != null && masks.dropsRecurrent()) {
      list.add(stages.drop(masks));
    }
    list.addAll(
        switch (cell.spec().kind()) {
          case ELMAN -> stages.elman();
          case LSTM -> stages.lstm();
          case GRU -> cell.spec().resetBefore() ? stages.gruBefore() : stages.gruAfter();
        });
    stages.zone(list, masks);
    return list.toArray(Stage[]::new);
  }

  /** Zoneout: masks in training, the expectation when serving. */
  private void zone(List<Stage> list, @Nullable CellMasks masks) {
    float hidden = cell.spec().hiddenZoneout();
    float cells = cell.spec().cellZoneout();
    if (hidden > 0) {
      list.add(masks != null ? masks::zoneHidden : expectHidden(hidden));
    }
    if (cells > 0) {
      list.add(masks != null ? masks::zoneCells : expectCells(cells));
    }
  }

  private Stage expectHidden(float rate) {
    int out = cell.paddedOutput();
    return f ->
        kernels.interpolate(
            f.rows, out, rate, f.h, f.h0, f.ldh, f.next, f.next0, f.ldh, f.h, f.state0, f.ldh);
  }

  private Stage expectCells(float rate) {
    return f ->
        kernels.interpolate(
            f.rows,
            padded,
            rate,
            f.c,
            f.c0,
            f.ldc,
            f.nextC,
            f.nextC0,
            f.ldNextC,
            f.stateC,
            f.stateC0,
            f.ldStateC);
  }

  /** What the product with R reads: h times its mask. */
  private Stage drop(CellMasks masks) {
    int out = cell.paddedOutput();
    return f ->
        kernels.multiply(
            f.rows,
            out,
            masks.recurrent(),
            f.row0 * out,
            out,
            f.h,
            f.h0,
            f.ldh,
            f.read,
            f.h0,
            f.ldh);
  }

  /** From a state to what the product with R reads, in place of the state after a step. */
  static Stage enter(PackedCell cell, CellBlock block, KernelSet twin) {
    boolean pre = cell.spec().preActivation();
    return pre ? new ForwardStages(cell, block, twin).activateNext() : f -> {};
  }

  private List<Stage> elman() {
    List<Stage> list = new ArrayList<>();
    list.add(recurrent());
    if (cell.spec().preActivation()) {
      // The state is the sum; the next product reads f of it.
      list.add(move(0));
      list.add(activateNext());
    } else {
      list.add(activate());
      list.add(move(0));
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
    List<Stage> list = new ArrayList<>();
    list.add(recurrent());
    if (spec.peepholes()) {
      list.add(peephole(i, 0));
      if (!coupled) {
        list.add(peephole(f, 1));
      }
    }
    list.add(coupled ? sigmoid(i, 1) : sigmoid(i, 2));
    list.add(tanh(g));
    list.add(coupled ? coupledCell(i, g, t) : cell(i, f, g, t));
    if (spec.cellClip() != Float.POSITIVE_INFINITY) {
      list.add(clip(spec.cellClip(), t));
    }
    if (spec.peepholes()) {
      list.add(outputPeephole(o, coupled ? 1 : 2));
    }
    list.add(sigmoid(o, 1));
    list.add(tanh(t));
    if (spec.projectionSize() > 0) {
      int m = block.m();
      list.add(multiply(o, t, m));
      list.add(project(m));
    } else {
      list.add(output(o, t));
    }
    return list;
  }

  private List<Stage> gruAfter() {
    int nh = block.nh();
    int n = block.n();
    return List.of(
        candidateBias(nh),
        recurrent(),
        sigmoid(block.r(), 2),
        candidate(block.r(), nh, n),
        tanh(n),
        gruOutput());
  }

  private List<Stage> gruBefore() {
    int rh = block.rh();
    int n = block.n();
    return List.of(
        recurrent(),
        sigmoid(block.r(), 2),
        reset(block.r(), rh),
        candidateProduct(rh, n),
        tanh(n),
        gruOutput());
  }

  private Stage recurrent() {
    int slot = block.recurrentSlot();
    return f -> f.addProduct(cell.recurrent(), f.read, f.h0, f.ldh, f.z, f.z0 + slot, f.ldz);
  }

  private Stage sigmoid(int slot, int slots) {
    return f -> kernels.sigmoid(f.rows, slots * padded, f.z, f.z0 + slot, f.ldz);
  }

  private Stage tanh(int slot) {
    return f -> kernels.tanh(f.rows, padded, f.z, f.z0 + slot, f.ldz);
  }

  private Stage activate() {
    return switch (cell.spec().activation()) {
      case TANH -> tanh(0);
      case SIGMOID -> sigmoid(0, 1);
      case RELU -> f -> kernels.relu(f.rows, padded, f.z, f.z0, f.ldz);
      case IDENTITY -> f -> {};
    };
  }

  private Stage activateNext() {
    return switch (cell.spec().activation()) {
      case TANH -> f -> kernels.tanh(f.rows, padded, f.next, f.next0, f.ldh);
      case SIGMOID -> f -> kernels.sigmoid(f.rows, padded, f.next, f.next0, f.ldh);
      case RELU -> f -> kernels.relu(f.rows, padded, f.next, f.next0, f.ldh);
      case IDENTITY -> f -> {};
    };
  }

  /** The state after the step. */
  private Stage move(int slot) {
    return f -> {
      for (int row = 0; row < f.rows; row++) {
        System.arraycopy(f.z, f.z0 + slot + row * f.ldz, f.next, f.next0 + row * f.ldh, padded);
      }
    };
  }

  private Stage peephole(int slot, int row) {
    float[] p = cell.peepholes();
    int p0 = row * padded;
    return f ->
        kernels.multiplyAdd(f.rows, padded, p, p0, 0, f.c, f.c0, f.ldc, f.z, f.z0 + slot, f.ldz);
  }

  private Stage outputPeephole(int slot, int row) {
    float[] p = cell.peepholes();
    int p0 = row * padded;
    return f ->
        kernels.multiplyAdd(
            f.rows, padded, p, p0, 0, f.nextC, f.nextC0, f.ldNextC, f.z, f.z0 + slot, f.ldz);
  }

  private Stage cell(int i, int forget, int g, int copy) {
    return f ->
        kernels.lstmCell(
            f.rows, padded, f.z, f.z0, f.ldz, i, forget, g, copy, f.c, f.c0, f.ldc, f.nextC,
            f.nextC0, f.ldNextC);
  }

  private Stage coupledCell(int i, int g, int copy) {
    return f ->
        kernels.lstmCoupledCell(
            f.rows, padded, f.z, f.z0, f.ldz, i, g, copy, f.c, f.c0, f.ldc, f.nextC, f.nextC0,
            f.ldNextC);
  }

  private Stage clip(float limit, int copy) {
    return f ->
        kernels.clip(f.rows, padded, limit, f.nextC, f.nextC0, f.ldNextC, f.z, f.z0 + copy, f.ldz);
  }

  private Stage multiply(int a, int b, int y) {
    return f ->
        kernels.multiply(
            f.rows, padded, f.z, f.z0 + a, f.ldz, f.z, f.z0 + b, f.ldz, f.z, f.z0 + y, f.ldz);
  }

  private Stage output(int o, int t) {
    return f ->
        kernels.multiply(
            f.rows, padded, f.z, f.z0 + o, f.ldz, f.z, f.z0 + t, f.ldz, f.next, f.next0, f.ldh);
  }

  private Stage project(int m) {
    return f -> f.product(cell.projection(), f.z, f.z0 + m, f.ldz, f.next, f.next0, f.ldh);
  }

  private Stage candidateBias(int slot) {
    float[] bias = cell.candidateBias();
    return f -> {
      for (int row = 0; row < f.rows; row++) {
        System.arraycopy(bias, 0, f.z, f.z0 + slot + row * f.ldz, padded);
      }
    };
  }

  /** n = fma(r, nh, n), n being the part of the inputs. */
  private Stage candidate(int r, int nh, int n) {
    return f ->
        kernels.multiplyAdd(
            f.rows, padded, f.z, f.z0 + r, f.ldz, f.z, f.z0 + nh, f.ldz, f.z, f.z0 + n, f.ldz);
  }

  private Stage reset(int r, int rh) {
    return f ->
        kernels.multiply(
            f.rows, padded, f.z, f.z0 + r, f.ldz, f.read, f.h0, f.ldh, f.z, f.z0 + rh, f.ldz);
  }

  private Stage candidateProduct(int rh, int n) {
    return f -> f.addProduct(cell.candidate(), f.z, f.z0 + rh, f.ldz, f.z, f.z0 + n, f.ldz);
  }

  private Stage gruOutput() {
    int z = block.z();
    int n = block.n();
    return f ->
        kernels.gruOutput(
            f.rows, padded, f.z, f.z0, f.ldz, z, n, f.h, f.h0, f.ldh, f.next, f.next0, f.ldh);
  }
}
