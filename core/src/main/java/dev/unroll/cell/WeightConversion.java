package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Bias;
import org.jspecify.annotations.Nullable;

/** From one {@link WeightFormat} to another: blocks of gates moved, matrices transposed. */
final class WeightConversion {

  private WeightConversion() {}

  static WeightSet convert(WeightSet from, WeightFormat target) {
    CellSpec spec = from.spec();
    WeightFormat source = from.format();
    int h = spec.hiddenSize();
    int in = spec.inputSize();
    int out = spec.outputSize();
    String sourceGates = source.gates(spec);
    String targetGates = target.gates(spec);
    float[] w = matrix(from.inputWeights(), source, sourceGates, target, targetGates, h, in);
    float[] r = matrix(from.recurrentWeights(), source, sourceGates, target, targetGates, h, out);
    float[] first = blocks(from.inputBias(), sourceGates, targetGates, h);
    float[] second = blocks(from.recurrentBias(), sourceGates, targetGates, h);
    Bias bias = spec.bias();
    if (bias == Bias.DOUBLE && !target.keepsTwoBiases(spec)) {
      first = sum(first, second);
      second = null;
      bias = Bias.SINGLE;
    } else if (bias == Bias.SINGLE && target.alwaysTwoBiases()) {
      second = noSecondBias(spec, target);
      bias = Bias.DOUBLE;
    }
    float[] peepholes = blocks(from.peepholes(), source.peepholes(spec), target.peepholes(spec), h);
    return WeightSet.of(
        spec.withBias(bias), target, w, r, first, second, peepholes, projection(from, target));
  }

  /** Gate after gate of a matrix with {@code columns} columns, in the target's order and form. */
  static float[] matrix(
      float[] from,
      WeightFormat source,
      String sourceGates,
      WeightFormat target,
      String targetGates,
      int h,
      int columns) {
    int rows = sourceGates.length() * h;
    float[] to = new float[from.length];
    for (int gate = 0; gate < targetGates.length(); gate++) {
      int block = sourceGates.indexOf(targetGates.charAt(gate));
      for (int unit = 0; unit < h; unit++) {
        int rowFrom = block * h + unit;
        int rowTo = gate * h + unit;
        for (int j = 0; j < columns; j++) {
          int at = source.transposed() ? j * rows + rowFrom : rowFrom * columns + j;
          to[target.transposed() ? j * rows + rowTo : rowTo * columns + j] = from[at];
        }
      }
    }
    return to;
  }

  private static float @Nullable [] blocks(
      float @Nullable [] from, String sourceOrder, String targetOrder, int h) {
    if (from == null) {
      return null;
    }
    float[] to = new float[from.length];
    for (int gate = 0; gate < targetOrder.length(); gate++) {
      int block = sourceOrder.indexOf(targetOrder.charAt(gate));
      System.arraycopy(from, block * h, to, gate * h, h);
    }
    return to;
  }

  /** x + y, or the one that exists: a lone bias keeps the sign of its zeros. */
  static float @Nullable [] sum(float @Nullable [] x, float @Nullable [] y) {
    if (x == null || y == null) {
      return x == null ? y : x;
    }
    float[] sum = new float[x.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + y[i];
    }
    return sum;
  }

  /**
   * A second bias that changes no bit beside a lone one: -0 is what added to any number gives that
   * number. A candidate that is reset starts its own chain, from +0 without a bias.
   */
  static float[] noSecondBias(CellSpec spec, WeightFormat format) {
    int h = spec.hiddenSize();
    float[] none = new float[spec.gates() * h];
    java.util.Arrays.fill(none, -0f);
    if (spec.kind() == CellSpec.Kind.GRU && !spec.resetBefore()) {
      int candidate = format.gates(spec).indexOf('n') * h;
      java.util.Arrays.fill(none, candidate, candidate + h, 0f);
    }
    return none;
  }

  private static float @Nullable [] projection(WeightSet from, WeightFormat target) {
    float[] projection = from.projection();
    if (projection == null) {
      return null;
    }
    int h = from.spec().hiddenSize();
    // One gate of P rows: the same move without blocks.
    return matrix(projection, from.format(), "p", target, "p", from.spec().projectionSize(), h);
  }
}
