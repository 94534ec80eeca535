package dev.unroll.layer;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.Direction;
import dev.unroll.cell.PackedCell;
import java.util.Arrays;

/** A stack over one sequence, put together from single steps of single cells. */
final class ByHand {

  private ByHand() {}

  /** The one row of a case, without padding. */
  static StackRun serve(StackCase of) {
    StackSpec spec = of.spec();
    int steps = of.steps();
    int p = spec.stateSize();
    int units = spec.hiddenSize();
    int width = spec.outputSize();
    float[] h = of.h(0);
    float[] c = spec.hasCell() ? of.c(0) : new float[0];
    float[] u = of.x();
    for (int layer = 0; layer < spec.layers(); layer++) {
      CellSpec cellSpec = spec.cell(layer);
      int in = cellSpec.inputSize();
      float[] v = new float[steps * width];
      for (int direction = 0; direction < spec.directions(); direction++) {
        int part = layer * spec.directions() + direction;
        boolean reverse = spec.direction(part) == Direction.REVERSE;
        Cell cell = Cell.of(PackedCell.pack(of.weights().part(part)));
        float[] state = Arrays.copyOfRange(h, part * p, (part + 1) * p);
        for (int i = 0; i < steps; i++) {
          int t = reverse ? steps - 1 - i : i;
          cell.step(1, u, t * in, state, 0, spec.hasCell() ? c : null, part * units);
          boolean sum = spec.merge() == StackSpec.Merge.SUM;
          int at = t * width + (sum ? 0 : direction * p);
          for (int j = 0; j < p; j++) {
            v[at + j] = sum && direction == 1 ? v[at + j] + state[j] : state[j];
          }
        }
        System.arraycopy(state, 0, h, part * p, p);
      }
      if (spec.residuals() && in == width) {
        for (int i = 0; i < v.length; i++) {
          v[i] += u[i];
        }
      }
      u = v;
    }
    float[] none = {};
    return new StackRun(u, h, c, none, none, none, null);
  }
}
