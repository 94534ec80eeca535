package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
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
}
