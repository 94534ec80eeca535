package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks that the plans of a cell share. */
final class CellChecks {

  private CellChecks() {}

  /** All arrays of a forward call. */
  static void forward(
      CellSpec spec,
      int steps,
      int batch,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    long rows = (long) steps * batch;
    long xs = rows * spec.inputSize();
    long ys = rows * spec.outputSize();
    Checks.range("x", x, xOffset, xs);
    Checks.range("y", y, yOffset, ys);
    states(spec, steps, batch, x, xOffset, h, hOffset, c, cOffset);
    Checks.apart("y", y, yOffset, ys, "x", x, xOffset, xs);
    Checks.apart("y", y, yOffset, ys, "h", h, hOffset, (long) batch * spec.outputSize());
    if (c != null) {
      Checks.apart("y", y, yOffset, ys, "c", c, cOffset, (long) batch * spec.hiddenSize());
    }
  }

  /** The sequences of a forward call over such rows; the states are checked already. */
  static void forward(
      CellSpec spec,
      int steps,
      Rows rows,
      Sequence x,
      Sequence y,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    given("x", x).check("x", rows, steps, spec.inputSize());
    given("y", y).check("y", rows, steps, spec.outputSize());
    long hs = (long) rows.batch() * spec.outputSize();
    y.apart("y", rows, "x", x);
    y.apart("y", rows, true, "h", h, hOffset, hs);
    x.apart("x", rows, false, "h", h, hOffset, hs);
    if (c != null) {
      long cs = (long) rows.batch() * spec.hiddenSize();
      y.apart("y", rows, true, "c", c, cOffset, cs);
      x.apart("x", rows, false, "c", c, cOffset, cs);
    }
  }

  /** A sequence that is wanted. */
  static Sequence given(String name, Sequence sequence) {
    if (!requireNonNull(sequence, name).given()) {
      throw new IllegalArgumentException(name + " has no array");
    }
    return sequence;
  }

  /** h and c alone. */
  static void states(
      CellSpec spec, int batch, float[] h, int hOffset, float @Nullable [] c, int cOffset) {
    pair(spec, "h", "c", batch, h, hOffset, c, cOffset);
  }

  /** The arrays of a step. */
  static void states(
      CellSpec spec,
      int steps,
      int batch,
      float[] x,
      int xOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    long xs = (long) steps * batch * spec.inputSize();
    Checks.range("x", x, xOffset, xs);
    pair(spec, "h", "c", batch, h, hOffset, c, cOffset);
    Checks.apart("h", h, hOffset, (long) batch * spec.outputSize(), "x", x, xOffset, xs);
    if (c != null) {
      Checks.apart("c", c, cOffset, (long) batch * spec.hiddenSize(), "x", x, xOffset, xs);
    }
  }

  /** h and c, or their gradients. */
  static void pair(
      CellSpec spec,
      String hName,
      String cName,
      int batch,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    long hs = (long) batch * spec.outputSize();
    Checks.range(hName, h, hOffset, hs);
    if (!spec.hasCell()) {
      if (c != null) {
        throw new IllegalArgumentException(
            cName + " is given, must be null: " + spec.kind() + " has no cell state");
      }
      return;
    }
    long cs = (long) batch * spec.hiddenSize();
    Checks.range(cName, requireNonNull(c, cName), cOffset, cs);
    Checks.apart(hName, h, hOffset, hs, cName, c, cOffset, cs);
  }

  /** All arguments of a backward call; absent sequences are not given. */
  static void backward(
      CellSpec spec,
      int steps,
      Rows rows,
      Sequence x,
      Sequence dy,
      float[] dh,
      int dhOffset,
      float @Nullable [] dc,
      int dcOffset,
      Sequence dx,
      WeightSet gradients) {
    requireNonNull(gradients, "gradients");
    if (!gradients.spec().equals(spec) || gradients.format() != WeightFormat.PYTORCH) {
      throw new IllegalArgumentException(
          "gradients are " + gradients + ", must be of " + spec + " in format PYTORCH");
    }
    given("x", x).check("x", rows, steps, spec.inputSize());
    dy.check("dy", rows, steps, spec.outputSize());
    dx.check("dx", rows, steps, spec.inputSize());
    pair(spec, "dh", "dc", rows.batch(), dh, dhOffset, dc, dcOffset);
    long hs = (long) rows.batch() * spec.outputSize();
    long cs = (long) rows.batch() * spec.hiddenSize();
    x.apart("x", rows, false, "dh", dh, dhOffset, hs);
    dy.apart("dy", rows, false, "dh", dh, dhOffset, hs);
    dx.apart("dx", rows, "x", x);
    dx.apart("dx", rows, true, "dh", dh, dhOffset, hs);
    dx.apart("dx", rows, "dy", dy);
    if (dc != null) {
      x.apart("x", rows, false, "dc", dc, dcOffset, cs);
      dy.apart("dy", rows, false, "dc", dc, dcOffset, cs);
      dx.apart("dx", rows, true, "dc", dc, dcOffset, cs);
    }
    List<float[]> arrays = gradients.arrays();
    for (int i = 0; i < arrays.size(); i++) {
      float[] array = arrays.get(i);
      for (int j = 0; j < i; j++) {
        float[] other = arrays.get(j);
        Checks.apart("gradients", array, 0, array.length, "gradients", other, 0, other.length);
      }
      x.apart("x", rows, false, "gradients", array, 0, array.length);
      dy.apart("dy", rows, false, "gradients", array, 0, array.length);
      dx.apart("dx", rows, false, "gradients", array, 0, array.length);
      Checks.apart("gradients", array, 0, array.length, "dh", dh, dhOffset, hs);
      if (dc != null) {
        Checks.apart("gradients", array, 0, array.length, "dc", dc, dcOffset, cs);
      }
    }
  }
}
