package dev.unroll.cell;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import org.jspecify.annotations.Nullable;

/**
 * What a pass over a sequence gave, in one layout whichever was run.
 *
 * @param y [T][N][P]
 * @param h the last states, [N][P]
 * @param c the last cell states, [N][H]; empty for a kind without
 */
record CellRun(float[] y, float[] h, float[] c) {

  /** What serving and training have in common. */
  interface Forward {
    void run(
        SequenceLayout layout,
        int steps,
        int batch,
        float[] x,
        int xOffset,
        float[] y,
        int yOffset,
        float[] h,
        int hOffset,
        float @Nullable [] c,
        int cOffset);
  }

  /** The twin of this process, one thread. */
  static CellRun forward(CellCase q, SequenceLayout layout) {
    return forward(q, layout, Cell.of(q.pack()));
  }

  /** Another twin, on so many threads. */
  static CellRun forward(CellCase q, SequenceLayout layout, KernelSet twin, Parallelism threads) {
    Cell plan = Cell.of(q.pack(twin), threads, twin);
    Reproducer where = q.where(twin).with("threads", threads.threads());
    return forward(q, layout, plan::forward, q.x(), q.h0(), q.c0(), where);
  }

  /** Any plan. */
  static CellRun forward(CellCase q, SequenceLayout layout, Cell plan) {
    return forward(q, layout, plan::forward, q.x(), q.h0(), q.c0(), q.where());
  }

  /**
   * Any plan, any data, given time-major; with canaries around all that is written, and inputs that
   * must not change.
   */
  static CellRun forward(
      CellCase q,
      SequenceLayout layout,
      Forward plan,
      float[] x,
      float[] h0,
      float[] c0,
      Reproducer from) {
    CellCase.Offsets at = q.at();
    Reproducer where = from.with("layout", layout);
    GuardedFloats in = ordered(q, layout, x, q.inputs(), at.x());
    GuardedFloats y = GuardedFloats.vector(q.rows() * q.outputs(), at.y());
    GuardedFloats h = GuardedFloats.vector(q.batch() * q.outputs(), at.h()).set(h0);
    GuardedFloats c = GuardedFloats.vector(c0.length, at.c()).set(c0);
    Snapshot before = Snapshot.of("x", in.array());
    plan.run(
        layout,
        q.steps(),
        q.batch(),
        in.array(),
        at.x(),
        y.array(),
        at.y(),
        h.array(),
        at.h(),
        q.spec().hasCell() ? c.array() : null,
        at.c());
    before.assertUnmodified(where);
    y.assertAllWritten(where.with("array", "y"));
    y.assertGuardsIntact(where.with("array", "y"));
    h.assertGuardsIntact(where.with("array", "h"));
    c.assertGuardsIntact(where.with("array", "c"));
    float[] out = y.toDense();
    boolean swapped = layout == SequenceLayout.BATCH_MAJOR;
    return new CellRun(
        swapped ? swapAxes(out, q.batch(), q.steps(), q.outputs()) : out, h.toDense(), c.toDense());
  }

  /** Time-major values in the order of a layout. */
  static GuardedFloats ordered(
      CellCase q, SequenceLayout layout, float[] values, int width, int offset) {
    boolean swapped = layout == SequenceLayout.BATCH_MAJOR;
    return GuardedFloats.vector(values.length, offset)
        .set(swapped ? swapAxes(values, q.steps(), q.batch(), width) : values);
  }

  /** The same data by {@code step}, with the same guards. */
  static CellRun steps(CellCase q, Cell plan) {
    CellCase.Offsets at = q.at();
    int batch = q.batch();
    int width = batch * q.outputs();
    Reproducer where = q.where().with("by", "step");
    GuardedFloats in = GuardedFloats.vector(q.rows() * q.inputs(), at.x()).set(q.x());
    GuardedFloats h = GuardedFloats.vector(width, at.h()).set(q.h0());
    GuardedFloats c = GuardedFloats.vector(q.c0().length, at.c()).set(q.c0());
    Snapshot before = Snapshot.of("x", in.array());
    float @Nullable [] cells = q.spec().hasCell() ? c.array() : null;
    float[] y = new float[q.steps() * width];
    for (int t = 0; t < q.steps(); t++) {
      int x0 = at.x() + t * batch * q.inputs();
      plan.step(batch, in.array(), x0, h.array(), at.h(), cells, at.c());
      System.arraycopy(h.array(), at.h(), y, t * width, width);
    }
    before.assertUnmodified(where);
    h.assertGuardsIntact(where.with("array", "h"));
    c.assertGuardsIntact(where.with("array", "c"));
    return new CellRun(y, h.toDense(), c.toDense());
  }

  /** The plain chains. */
  static CellRun chain(CellCase q) {
    return PlainCell.forward(q).run();
  }

  /** The plain chains of training. */
  static CellRun trainingChain(CellCase q) {
    return PlainCell.forward(q, PlainMasks.of(q.spec())).run();
  }

  void assertSameBits(CellRun expected, Reproducer where) {
    assertSameBits("y", y, expected.y, where);
    assertSameBits("h", h, expected.h, where);
    assertSameBits("c", c, expected.c, where);
  }

  static void assertSameBits(String name, float[] got, float[] expected, Reproducer where) {
    if (got.length != expected.length) {
      throw new AssertionError(name + ": " + got.length + " and " + expected.length + " elements");
    }
    FloatAssert.assertBitsEqual(got, 0, expected, 0, got.length, where.with("array", name));
  }

  /** The results of some rows of the batch. */
  CellRun rows(CellCase q, int... rows) {
    return new CellRun(
        rows(y, q.steps(), q.batch(), q.outputs(), rows),
        rows(h, 1, q.batch(), q.outputs(), rows),
        q.spec().hasCell() ? rows(c, 1, q.batch(), q.units(), rows) : c);
  }

  /** Some rows of [m][n][width], m times. */
  static float[] rows(float[] values, int m, int n, int width, int... rows) {
    float[] some = new float[m * rows.length * width];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < rows.length; j++) {
        int to = (i * rows.length + j) * width;
        System.arraycopy(values, (i * n + rows[j]) * width, some, to, width);
      }
    }
    return some;
  }

  /** [m][n][width] to [n][m][width]. */
  static float[] swapAxes(float[] values, int m, int n, int width) {
    float[] swapped = new float[values.length];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        System.arraycopy(values, (i * n + j) * width, swapped, (j * m + i) * width, width);
      }
    }
    return swapped;
  }
}
