package dev.unroll.cell;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a way back gave.
 *
 * @param dx [T][N][I]
 * @param dh of the states before the first step, [N][P]
 * @param dc of the cells before it, [N][H]; empty for a kind without
 */
record CellGradients(float[] dx, float[] dh, float[] dc, WeightSet weights) {

  /** What varies between two calls on the same data. */
  record Way(boolean withDy, boolean withDx, boolean accumulate) {

    static final Way PLAIN = new Way(true, true, false);
  }

  /** The plain chains. */
  static CellGradients plain(CellCase q, Way way, int window) {
    WeightSet gradients = way.accumulate ? q.gradients(3) : WeightSet.zeros(q.spec());
    PlainCell cell = PlainCell.forward(q, PlainMasks.of(q.spec()));
    return PlainGradients.backward(
        cell, way.withDy ? q.dy() : null, q.dh(), q.dc(), window, gradients);
  }

  /** A new trainer of any twin, its weights loaded. */
  static CellTrainer trainer(CellCase q, KernelSet twin, dev.unroll.kernel.Parallelism threads) {
    CellTrainer trainer = CellTrainer.of(q.spec(), threads, twin);
    trainer.load(q.weights());
    return trainer;
  }

  /**
   * Forward and backward by any trainer, with canaries around all that is written and inputs that
   * must not change; the forward results must be those of {@code expected}.
   */
  static CellGradients of(
      CellCase q,
      SequenceLayout layout,
      CellTrainer trainer,
      Way way,
      @Nullable CellRun expected,
      Reproducer where) {
    CellRun run = CellRun.forward(q, layout, trainer::forward, q.x(), q.h0(), q.c0(), where);
    if (expected != null) {
      run.assertSameBits(expected, where.with("pass", "training forward"));
    }
    return backward(q, layout, trainer, way, where);
  }

  /** The way back alone. */
  static CellGradients backward(
      CellCase q, SequenceLayout layout, CellTrainer trainer, Way way, Reproducer where) {
    CellCase.Offsets at = q.at();
    boolean cells = q.spec().hasCell();
    GuardedFloats x = CellRun.ordered(q, layout, q.x(), q.inputs(), at.x());
    GuardedFloats dy = CellRun.ordered(q, layout, q.dy(), q.outputs(), at.y());
    GuardedFloats dh = GuardedFloats.vector(q.batch() * q.outputs(), at.h()).set(q.dh());
    GuardedFloats dc = GuardedFloats.vector(q.dc().length, at.c()).set(q.dc());
    GuardedFloats dx = GuardedFloats.vector(q.rows() * q.inputs(), at.x());
    WeightSet gradients = q.gradients(3);
    if (!way.accumulate) {
      gradients.arrays().forEach(array -> java.util.Arrays.fill(array, Float.NaN));
    }
    List<Snapshot> read = new ArrayList<>();
    read.add(Snapshot.of("x", x.array()));
    read.add(Snapshot.of("dy", dy.array()));
    trainer.backward(
        x.array(),
        at.x(),
        way.withDy ? dy.array() : null,
        at.y(),
        dh.array(),
        at.h(),
        cells ? dc.array() : null,
        at.c(),
        way.withDx ? dx.array() : null,
        at.x(),
        gradients,
        way.accumulate);
    read.forEach(snapshot -> snapshot.assertUnmodified(where));
    dh.assertGuardsIntact(where.with("array", "dh"));
    dc.assertGuardsIntact(where.with("array", "dc"));
    dx.assertGuardsIntact(where.with("array", "dx"));
    if (way.withDx) {
      dx.assertAllWritten(where.with("array", "dx"));
    }
    float[] out = way.withDx ? dx.toDense() : new float[0];
    if (layout == SequenceLayout.BATCH_MAJOR && way.withDx) {
      out = CellRun.swapAxes(out, q.batch(), q.steps(), q.inputs());
    }
    return new CellGradients(out, dh.toDense(), dc.toDense(), gradients);
  }

  void assertSameBits(CellGradients expected, Reproducer where) {
    if (dx.length > 0) {
      CellRun.assertSameBits("dx", dx, expected.dx, where);
    }
    CellRun.assertSameBits("dh", dh, expected.dh, where);
    CellRun.assertSameBits("dc", dc, expected.dc, where);
    assertSameBits(weights, expected.weights, where);
  }

  static void assertSameBits(WeightSet got, WeightSet expected, Reproducer where) {
    assertSame("inputWeights", got.inputWeights(), expected.inputWeights(), where);
    assertSame("recurrentWeights", got.recurrentWeights(), expected.recurrentWeights(), where);
    assertSame("inputBias", got.inputBias(), expected.inputBias(), where);
    assertSame("recurrentBias", got.recurrentBias(), expected.recurrentBias(), where);
    assertSame("peepholes", got.peepholes(), expected.peepholes(), where);
    assertSame("projection", got.projection(), expected.projection(), where);
  }

  private static void assertSame(
      String name, float @Nullable [] got, float @Nullable [] expected, Reproducer where) {
    float[] none = {};
    CellRun.assertSameBits(
        name, got == null ? none : got, expected == null ? none : expected, where);
  }
}
