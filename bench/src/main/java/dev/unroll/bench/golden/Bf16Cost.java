package dev.unroll.bench.golden;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.Sequence;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.cell.WeightStorage;
import dev.unroll.kernel.Bfloat16;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What weights stored as bfloat16 cost in accuracy: the outputs of a golden file with its weights
 * as they are and rounded, each beside PyTorch's in double precision.
 *
 * <p>The cells that store bfloat16 run layer by layer, in both directions, and must give the bits
 * that a stack of floats gives with weights that were rounded beforehand.
 */
public final class Bf16Cost {

  /**
   * An output.
   *
   * @param name in the file
   * @param values how many it has
   * @param largest the largest absolute value that PyTorch computed
   * @param floats the largest difference with the weights as they are
   * @param halves the largest difference with weights stored as bfloat16
   */
  public record Row(String name, int values, double largest, double floats, double halves) {}

  private final GoldenRun golden;
  private final int[] lengths;
  private final int steps;
  private final int batch;
  private final float[] x;

  Bf16Cost(GoldenRun golden, int[] lengths) throws IOException {
    this.golden = golden;
    this.lengths = lengths;
    x = golden.file().floats("x");
    steps = golden.golden().shape("x")[0];
    batch = golden.golden().shape("x")[1];
  }

  /** What a pass leaves; {@code cn} is null where no cell has one. */
  private record Outputs(float[] y, float[] hn, float @Nullable [] cn) {

    Map<String, float[]> byName() {
      Map<String, float[]> all = new LinkedHashMap<>();
      all.put("y", y);
      all.put("hn", hn);
      if (cn != null) {
        all.put("cn", cn);
      }
      return all;
    }
  }

  /**
   * Runs both and compares them.
   *
   * @throws IllegalStateException when stored and beforehand rounded weights differ in a bit
   */
  List<Row> rows() throws IOException {
    StackWeights weights = golden.weights();
    StackWeights rounded = golden.weights();
    rounded.parts().forEach(Bf16Cost::round);
    Map<String, float[]> floats = stack(weights).byName();
    Map<String, float[]> halves = cells(weights).byName();
    Map<String, float[]> expected = stack(rounded).byName();
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, float[]> entry : halves.entrySet()) {
      String name = entry.getKey();
      if (!sameBits(entry.getValue(), expected.get(name))) {
        throw new IllegalStateException(
            golden.name() + ": " + name + " has not the bits of f32 arithmetic on rounded weights");
      }
      if (golden.golden().has(name)) {
        double[] exact = golden.golden().values(name);
        double largest = Arrays.stream(exact).map(Math::abs).max().orElse(0);
        double plain = difference(floats.get(name), exact);
        rows.add(new Row(name, exact.length, largest, plain, difference(entry.getValue(), exact)));
      }
    }
    return rows;
  }

  /** Matrices alone, as {@link WeightStorage#BFLOAT16} does. */
  private static void round(WeightSet weights) {
    round(weights.inputWeights());
    round(weights.recurrentWeights());
    round(weights.projection());
  }

  private static void round(float @Nullable [] values) {
    for (int i = 0; values != null && i < values.length; i++) {
      values[i] = Bfloat16.round(values[i]);
    }
  }

  private Outputs stack(StackWeights weights) throws IOException {
    StackSpec spec = weights.spec();
    Outputs out = outputs(spec);
    Stack.of(PackedStack.pack(weights))
        .forward(SequenceLayout.TIME_MAJOR, steps, batch, lengths, x, out.y(), out.hn(), out.cn());
    return out;
  }

  /** The cells of a stack, one after the other. */
  private Outputs cells(StackWeights weights) throws IOException {
    StackSpec spec = weights.spec();
    Outputs out = outputs(spec);
    float[] from = x;
    float[] to = x;
    for (int part = 0; part < spec.parts(); part++) {
      CellSpec cell = spec.cell(spec.layer(part));
      int output = cell.outputSize();
      int width = spec.directions() * output;
      int direction = part % spec.directions();
      if (direction == 0) {
        from = to;
        to = spec.layer(part) == spec.layers() - 1 ? out.y() : new float[steps * batch * width];
      }
      Cell.of(PackedCell.pack(weights.part(part), WeightStorage.BFLOAT16))
          .forward(
              steps,
              batch,
              lengths,
              spec.direction(part),
              sequence(cell.inputSize(), from, 0, cell.inputSize()),
              sequence(output, to, direction * output, width),
              out.hn(),
              part * batch * output,
              out.cn(),
              part * batch * cell.hiddenSize());
    }
    return out;
  }

  private Sequence sequence(int width, float[] data, int offset, int ld) {
    return new Sequence().strided(SequenceLayout.TIME_MAJOR, steps, batch, width, data, offset, ld);
  }

  private Outputs outputs(StackSpec spec) throws IOException {
    return new Outputs(
        new float[steps * batch * spec.outputSize()],
        golden.file().floats("h0"),
        spec.hasCell() ? golden.file().floats("c0") : null);
  }

  private static boolean sameBits(float[] first, float @Nullable [] second) {
    if (second == null || first.length != second.length) {
      return false;
    }
    for (int i = 0; i < first.length; i++) {
      if (Float.floatToRawIntBits(first[i]) != Float.floatToRawIntBits(second[i])) {
        return false;
      }
    }
    return true;
  }

  private double difference(float @Nullable [] got, double[] exact) throws IOException {
    if (got == null || got.length != exact.length) {
      throw new IOException(golden.name() + " has an output of another size than its layers");
    }
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(got[i] - exact[i]));
    }
    return largest;
  }
}
