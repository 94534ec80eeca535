package dev.unroll.layer;

import dev.unroll.cell.SequenceLayout;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call gave, time-major whichever layout ran; with canaries around all that is written, and
 * inputs that must not change.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by assertSameBits alone
record StackRun(
    float[] y,
    float[] h,
    float[] c,
    float[] dx,
    float[] dh,
    float[] dc,
    @Nullable StackWeights gradients) {

  private static final float[] NONE = {};
  private static final int OFFSET = 3;

  static StackRun serve(StackCase of, SequenceLayout layout) {
    return serve(of, layout, Stack.of(PackedStack.pack(of.weights())));
  }

  static StackRun serve(StackCase of, SequenceLayout layout, Parallelism threads) {
    return serve(of, layout, Stack.of(PackedStack.pack(of.weights()), threads));
  }

  static StackRun serve(StackCase of, SequenceLayout layout, Stack plan) {
    return run(of, layout, plan, null, null);
  }

  static StackRun train(StackCase of, SequenceLayout layout) {
    return train(of, layout, Parallelism.none());
  }

  static StackRun train(StackCase of, SequenceLayout layout, Parallelism threads) {
    return train(of, layout, StackTrainer.of(of.spec(), threads));
  }

  static StackRun train(StackCase of, SequenceLayout layout, StackTrainer trainer) {
    trainer.load(of.weights());
    return run(of, layout, null, trainer, StackWeights.zeros(of.spec()));
  }

  /** Forward, or there and back. */
  private static StackRun run(
      StackCase of,
      SequenceLayout layout,
      @Nullable Stack plan,
      @Nullable StackTrainer trainer,
      @Nullable StackWeights gradients) {
    StackSpec spec = of.spec();
    int steps = of.steps();
    int batch = of.batch();
    boolean cells = spec.hasCell();
    int[] lengths = of.lengths();
    Reproducer where = of.where().with("layout", layout);
    float[] x = StackCase.in(layout, of.x(), steps, batch, spec.inputSize());
    GuardedFloats in = GuardedFloats.vector(x.length, OFFSET).set(x);
    GuardedFloats y = GuardedFloats.vector(steps * batch * spec.outputSize(), 1);
    GuardedFloats h = guarded(of.h(0));
    GuardedFloats c = guarded(cells ? of.c(0) : NONE);
    Snapshot before = Snapshot.of("x", in.array());
    float @Nullable [] cs = cells ? c.array() : null;
    if (plan != null) {
      plan.forward(
          layout,
          steps,
          batch,
          lengths,
          in.array(),
          OFFSET,
          y.array(),
          1,
          h.array(),
          OFFSET,
          cs,
          OFFSET);
    }
    if (trainer != null) {
      trainer.forward(
          layout,
          steps,
          batch,
          lengths,
          in.array(),
          OFFSET,
          y.array(),
          1,
          h.array(),
          OFFSET,
          cs,
          OFFSET);
    }
    y.assertAllWritten(where.with("array", "y"));
    y.assertGuardsIntact(where.with("array", "y"));
    h.assertGuardsIntact(where.with("array", "h"));
    c.assertGuardsIntact(where.with("array", "c"));
    GuardedFloats dx = guarded(NONE);
    GuardedFloats dh = guarded(NONE);
    GuardedFloats dc = guarded(NONE);
    if (trainer != null && gradients != null) {
      dx = GuardedFloats.vector(x.length, 2);
      dh = guarded(of.h(2));
      dc = guarded(cells ? of.c(2) : NONE);
      float[] dy = StackCase.in(layout, of.dy(), steps, batch, spec.outputSize());
      Snapshot dyBefore = Snapshot.of("dy", dy);
      trainer.backward(
          in.array(),
          OFFSET,
          dy,
          0,
          dh.array(),
          OFFSET,
          cells ? dc.array() : null,
          OFFSET,
          dx.array(),
          2,
          gradients,
          false);
      dyBefore.assertUnmodified(where);
      dx.assertAllWritten(where.with("array", "dx"));
      dx.assertGuardsIntact(where.with("array", "dx"));
      dh.assertGuardsIntact(where.with("array", "dh"));
      dc.assertGuardsIntact(where.with("array", "dc"));
    }
    before.assertUnmodified(where);
    return new StackRun(
        StackCase.from(layout, y.toDense(), steps, batch, spec.outputSize()),
        h.toDense(),
        c.toDense(),
        trainer == null
            ? NONE
            : StackCase.from(layout, dx.toDense(), steps, batch, spec.inputSize()),
        dh.toDense(),
        dc.toDense(),
        gradients);
  }

  private static GuardedFloats guarded(float[] values) {
    return GuardedFloats.vector(values.length, OFFSET).set(values);
  }

  /** What the row of a batch got, as if it had been alone. */
  StackRun row(StackCase of, int n) {
    StackSpec spec = of.spec();
    int length = of.lengths()[n];
    int batch = of.batch();
    int parts = spec.parts();
    int p = spec.stateSize();
    int units = spec.hiddenSize();
    return new StackRun(
        StackCase.rowOf(y, length, batch, spec.outputSize(), n),
        StackCase.rowOf(h, parts, batch, p, n),
        c.length == 0 ? c : StackCase.rowOf(c, parts, batch, units, n),
        dx.length == 0 ? dx : StackCase.rowOf(dx, length, batch, spec.inputSize(), n),
        dh.length == 0 ? dh : StackCase.rowOf(dh, parts, batch, p, n),
        dc.length == 0 ? dc : StackCase.rowOf(dc, parts, batch, units, n),
        null);
  }

  /** y, h, c, dx, dh, dc, and the gradients where both have them. */
  void assertSameBits(StackRun other, Reproducer where) {
    same(y, other.y, where.with("array", "y"));
    same(h, other.h, where.with("array", "h"));
    same(c, other.c, where.with("array", "c"));
    same(dx, other.dx, where.with("array", "dx"));
    same(dh, other.dh, where.with("array", "dh"));
    same(dc, other.dc, where.with("array", "dc"));
    if (gradients != null && other.gradients != null) {
      List<float[]> mine = gradients.arrays();
      for (int i = 0; i < mine.size(); i++) {
        same(mine.get(i), other.gradients.arrays().get(i), where.with("gradient", i));
      }
    }
  }

  private static void same(float[] a, float[] b, Reproducer where) {
    if (a.length != b.length) {
      throw new AssertionError(a.length + " and " + b.length + " elements: " + where.line());
    }
    FloatAssert.assertBitsEqual(a, 0, b, 0, a.length, where);
  }

  /** All arrays of the run that exist. */
  List<float[]> arrays() {
    List<float[]> all = new ArrayList<>(List.of(y, h, c, dx, dh, dc));
    if (gradients != null) {
      all.addAll(gradients.arrays());
    }
    return all;
  }
}
