package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import org.jspecify.annotations.Nullable;

/** The checks that the plans of a stack share. */
final class StackChecks {

  private StackChecks() {}

  /** All arrays of a forward call. */
  static void forward(
      StackSpec spec,
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
    long xs = values(steps, batch, spec.inputSize());
    long ys = values(steps, batch, spec.outputSize());
    Checks.range("x", x, xOffset, xs);
    Checks.range("y", y, yOffset, ys);
    states(spec, "h", "c", batch, h, hOffset, c, cOffset);
    long hs = states(spec, batch, spec.stateSize());
    long cs = states(spec, batch, spec.hiddenSize());
    Checks.apart("y", y, yOffset, ys, "x", x, xOffset, xs);
    Checks.apart("y", y, yOffset, ys, "h", h, hOffset, hs);
    Checks.apart("h", h, hOffset, hs, "x", x, xOffset, xs);
    if (c != null) {
      Checks.apart("y", y, yOffset, ys, "c", c, cOffset, cs);
      Checks.apart("c", c, cOffset, cs, "x", x, xOffset, xs);
    }
  }

  /** h and c, or their gradients. */
  static void states(
      StackSpec spec,
      String hName,
      String cName,
      int batch,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    long hs = states(spec, batch, spec.stateSize());
    Checks.range(hName, h, hOffset, hs);
    if (!spec.hasCell()) {
      if (c != null) {
        throw new IllegalArgumentException(
            cName + " is given, must be null: " + spec.cell(0).kind() + " has no cell state");
      }
      return;
    }
    long cs = states(spec, batch, spec.hiddenSize());
    Checks.range(cName, requireNonNull(c, cName), cOffset, cs);
    Checks.apart(hName, h, hOffset, hs, cName, c, cOffset, cs);
  }

  /** The elements of a state of all parts. */
  private static long states(StackSpec spec, int batch, int size) {
    return values(spec.parts(), batch, size);
  }

  /** The product, or more than any array has where it would leave a long. */
  private static long values(int steps, int batch, int size) {
    long rows = (long) steps * batch;
    return rows > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : rows * size;
  }

  /** All arguments of a backward call. */
  static void backward(
      StackSpec spec,
      int steps,
      int batch,
      float[] x,
      int xOffset,
      float @Nullable [] dy,
      int dyOffset,
      float[] dh,
      int dhOffset,
      float @Nullable [] dc,
      int dcOffset,
      float @Nullable [] dx,
      int dxOffset,
      StackWeights gradients) {
    if (!requireNonNull(gradients, "gradients").spec().equals(spec)) {
      throw new IllegalArgumentException(
          "gradients are of " + gradients.spec() + ", must be of " + spec);
    }
    long xs = values(steps, batch, spec.inputSize());
    long ys = values(steps, batch, spec.outputSize());
    long hs = states(spec, batch, spec.stateSize());
    long cs = states(spec, batch, spec.hiddenSize());
    Checks.range("x", x, xOffset, xs);
    states(spec, "dh", "dc", batch, dh, dhOffset, dc, dcOffset);
    Checks.apart("dh", dh, dhOffset, hs, "x", x, xOffset, xs);
    if (dy != null) {
      Checks.range("dy", dy, dyOffset, ys);
      Checks.apart("dh", dh, dhOffset, hs, "dy", dy, dyOffset, ys);
    }
    if (dx != null) {
      Checks.range("dx", dx, dxOffset, xs);
      Checks.apart("dx", dx, dxOffset, xs, "x", x, xOffset, xs);
      Checks.apart("dx", dx, dxOffset, xs, "dh", dh, dhOffset, hs);
      if (dy != null) {
        Checks.apart("dx", dx, dxOffset, xs, "dy", dy, dyOffset, ys);
      }
    }
    if (dc != null) {
      Checks.apart("dc", dc, dcOffset, cs, "x", x, xOffset, xs);
      if (dy != null) {
        Checks.apart("dc", dc, dcOffset, cs, "dy", dy, dyOffset, ys);
      }
      if (dx != null) {
        Checks.apart("dx", dx, dxOffset, xs, "dc", dc, dcOffset, cs);
      }
    }
    for (int i = 0; i < gradients.arrays().size(); i++) {
      float[] g = gradients.arrays().get(i);
      Checks.apart("gradients", g, 0, g.length, "x", x, xOffset, xs);
      Checks.apart("gradients", g, 0, g.length, "dh", dh, dhOffset, hs);
      if (dy != null) {
        Checks.apart("gradients", g, 0, g.length, "dy", dy, dyOffset, ys);
      }
      if (dc != null) {
        Checks.apart("gradients", g, 0, g.length, "dc", dc, dcOffset, cs);
      }
      if (dx != null) {
        Checks.apart("gradients", g, 0, g.length, "dx", dx, dxOffset, xs);
      }
    }
  }
}
