package dev.unroll.cell;

import dev.unroll.internal.scalar.ScalarActivations;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;

/**
 * What a pass over a sequence gave, in one layout whichever was run.
 *
 * @param y [T][N][H]
 * @param h the last states, [N][H]
 * @param c the last cell states, [N][H]
 */
record LstmRun(float[] y, float[] h, float[] c) {

  /** The twin of this process, one thread. */
  static LstmRun forward(LstmSpec spec, SequenceLayout layout) {
    KernelSet twin = Kernels.get();
    return forward(spec, layout, Lstm.of(spec.pack()), spec.x(), spec.h0(), spec.c0(), twin);
  }

  /** Another twin, on so many threads. */
  static LstmRun forward(
      LstmSpec spec, SequenceLayout layout, KernelSet twin, Parallelism threads) {
    Lstm plan = Lstm.of(spec.pack(twin), threads, twin);
    return forward(spec, layout, plan, spec.x(), spec.h0(), spec.c0(), twin);
  }

  /**
   * Any plan, any data, given time-major; with canaries around all that is written, and inputs that
   * must not change.
   */
  static LstmRun forward(
      LstmSpec spec,
      SequenceLayout layout,
      Lstm plan,
      float[] x,
      float[] h0,
      float[] c0,
      KernelSet twin) {
    LstmSpec.Offsets at = spec.offsets();
    int batch = spec.batch();
    int units = spec.units();
    int steps = spec.steps();
    Reproducer where = spec.reproducer(twin).with("layout", layout);
    float[] ordered =
        layout == SequenceLayout.TIME_MAJOR ? x : swapAxes(x, steps, batch, spec.inputs());
    GuardedFloats in = GuardedFloats.vector(ordered.length, at.x()).set(ordered);
    GuardedFloats y = GuardedFloats.vector(steps * batch * units, at.y());
    GuardedFloats h = GuardedFloats.vector(batch * units, at.h()).set(h0);
    GuardedFloats c = GuardedFloats.vector(batch * units, at.c()).set(c0);
    Snapshot before = Snapshot.of("x", in.array());
    plan.forward(
        layout,
        steps,
        batch,
        in.array(),
        at.x(),
        y.array(),
        at.y(),
        h.array(),
        at.h(),
        c.array(),
        at.c());
    before.assertUnmodified(where);
    y.assertAllWritten(where.with("array", "y"));
    y.assertGuardsIntact(where.with("array", "y"));
    h.assertGuardsIntact(where.with("array", "h"));
    c.assertGuardsIntact(where.with("array", "c"));
    float[] out = y.toDense();
    return new LstmRun(
        layout == SequenceLayout.TIME_MAJOR ? out : swapAxes(out, batch, steps, units),
        h.toDense(),
        c.toDense());
  }

  /** The same data by {@code step}, with the same guards. */
  static LstmRun steps(LstmSpec spec, Lstm plan, KernelSet twin) {
    LstmSpec.Offsets at = spec.offsets();
    int batch = spec.batch();
    int width = batch * spec.units();
    Reproducer where = spec.reproducer(twin);
    GuardedFloats in =
        GuardedFloats.vector(spec.steps() * batch * spec.inputs(), at.x()).set(spec.x());
    GuardedFloats h = GuardedFloats.vector(width, at.h()).set(spec.h0());
    GuardedFloats c = GuardedFloats.vector(width, at.c()).set(spec.c0());
    Snapshot before = Snapshot.of("x", in.array());
    float[] y = new float[spec.steps() * width];
    for (int t = 0; t < spec.steps(); t++) {
      int x0 = at.x() + t * batch * spec.inputs();
      plan.step(batch, in.array(), x0, h.array(), at.h(), c.array(), at.c());
      System.arraycopy(h.array(), at.h(), y, t * width, width);
    }
    before.assertUnmodified(where);
    h.assertGuardsIntact(where.with("array", "h"));
    c.assertGuardsIntact(where.with("array", "c"));
    return new LstmRun(y, h.toDense(), c.toDense());
  }

  /**
   * What the bits have to be: one unit of one row at a time, each gate one chain of fma that starts
   * from the bias and takes x, then h, both in ascending order.
   */
  static LstmRun chain(LstmSpec spec) {
    int units = spec.units();
    int width = spec.batch() * units;
    float[] w = spec.ifgo(spec.w(), spec.inputs());
    float[] r = spec.ifgo(spec.r(), units);
    float[] bias = spec.ifgo(bias(spec), 1);
    float[] x = spec.x();
    float[] y = new float[spec.steps() * width];
    float[] h = spec.h0();
    float[] c = spec.c0();
    float[] z = new float[4];
    for (int t = 0; t < spec.steps(); t++) {
      for (int n = 0; n < spec.batch(); n++) {
        int x0 = (t * spec.batch() + n) * spec.inputs();
        for (int unit = 0; unit < units; unit++) {
          for (int gate = 0; gate < 4; gate++) {
            int row = gate * units + unit;
            float start =
                FmaChain.dot(bias[row], x, x0, 1, w, row * spec.inputs(), 1, spec.inputs());
            z[gate] = FmaChain.dot(start, h, n * units, 1, r, row * units, 1, units);
          }
          int at = n * units + unit;
          float candidate = ScalarActivations.sigmoid(z[0]) * ScalarActivations.tanh(z[2]);
          c[at] = Math.fma(ScalarActivations.sigmoid(z[1]), c[at], candidate);
          y[t * width + at] = ScalarActivations.sigmoid(z[3]) * ScalarActivations.tanh(c[at]);
        }
      }
      h = Arrays.copyOfRange(y, t * width, (t + 1) * width);
    }
    return new LstmRun(y, h, c);
  }

  /** Two biases are added and rounded once; a lone one keeps the sign of its zeros. */
  private static float[] bias(LstmSpec spec) {
    float[] first = spec.inputBiasOrNull();
    float[] second = spec.recurrentBiasOrNull();
    if (first == null) {
      return second == null ? new float[4 * spec.units()] : second;
    }
    if (second == null) {
      return first;
    }
    float[] sum = new float[first.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = first[i] + second[i];
    }
    return sum;
  }

  void assertSameBits(LstmRun expected, Reproducer where) {
    assertSameBits("y", y, expected.y, where);
    assertSameBits("h", h, expected.h, where);
    assertSameBits("c", c, expected.c, where);
  }

  private static void assertSameBits(String name, float[] got, float[] expected, Reproducer where) {
    if (got.length != expected.length) {
      throw new AssertionError(name + ": " + got.length + " and " + expected.length + " elements");
    }
    FloatAssert.assertBitsEqual(got, 0, expected, 0, got.length, where.with("array", name));
  }

  /** The results of some rows of the batch. */
  LstmRun rows(LstmSpec spec, int... rows) {
    return new LstmRun(
        rows(y, spec.steps(), spec.batch(), spec.units(), rows),
        rows(h, 1, spec.batch(), spec.units(), rows),
        rows(c, 1, spec.batch(), spec.units(), rows));
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
