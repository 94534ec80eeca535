package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one layer and direction as another framework keeps them, array by array, for
 * its files and calls. Row-major, without gaps; G gates of H units.
 *
 * <table>
 * <caption>The arrays</caption>
 * <tr><th></th><th>ONNX</th><th>Keras</th><th>oneDNN</th></tr>
 * <tr><td>inputWeights</td><td>W, [GH][I]</td><td>kernel, [I][GH]</td>
 *     <td>weights_layer (ldigo), [I][GH]</td></tr>
 * <tr><td>recurrentWeights</td><td>R, [GH][H]</td><td>recurrent_kernel, [H][GH]</td>
 *     <td>weights_iter (ldigo), [H][GH]; [P][GH] with a projection</td></tr>
 * <tr><td>bias</td><td>B, [2][GH]: bW, then bR</td><td>bias, [GH]; a GRU that resets after the
 *     product [2][GH]</td><td>bias (ldgo), [GH]; a GRU that resets after the product [4H]: bR_n
 *     last</td></tr>
 * <tr><td>peepholes</td><td>P, [3H]</td><td>none</td><td>weights_peephole, [3H]</td></tr>
 * <tr><td>projection</td><td>none</td><td>none</td><td>weights_projection, [H][P]</td></tr>
 * </table>
 *
 * <p>The gates stand in the order of the {@link WeightFormat}. ONNX keeps the forget gate of
 * coupled gates and ignores it; it comes in as anything and goes out as zeros.
 *
 * @param bias null without one
 * @param peepholes null without any
 * @param projection null without one
 */
public record FrameworkArrays(
    float[] inputWeights,
    float[] recurrentWeights,
    float @Nullable [] bias,
    float @Nullable [] peepholes,
    float @Nullable [] projection) {

  private static final int ONNX_FORGET = 2;

  /** See {@link WeightSet#ofOnnx}. */
  static WeightSet fromOnnx(
      CellSpec spec, float[] w, float[] r, float @Nullable [] b, float @Nullable [] p) {
    requireNonNull(spec, "spec");
    refuse("ONNX", "a projection", spec.projectionSize() > 0);
    refuse("ONNX", "one bias", spec.bias() == Bias.SINGLE);
    int h = spec.hiddenSize();
    int blocks = spec.coupledGates() ? 4 : spec.gates();
    length("w", requireNonNull(w, "w"), blocks, h, spec.inputSize());
    length("r", requireNonNull(r, "r"), blocks, h, h);
    wanted("b", b, spec.bias() != Bias.NONE, 2L * blocks, h);
    wanted("p", p, spec.peepholes(), 3, h);
    return WeightSet.of(
        spec,
        WeightFormat.ONNX,
        withoutForget(spec, w, h * spec.inputSize()),
        withoutForget(spec, r, h * h),
        b == null ? null : withoutForget(spec, Arrays.copyOf(b, blocks * h), h),
        b == null ? null : withoutForget(spec, Arrays.copyOfRange(b, blocks * h, b.length), h),
        p == null ? null : withoutForget(spec, p, h),
        null);
  }

  static FrameworkArrays toOnnx(WeightSet weights) {
    CellSpec spec = weights.spec();
    refuse("ONNX", "a projection", spec.projectionSize() > 0);
    WeightSet onnx = weights.to(WeightFormat.ONNX);
    int h = spec.hiddenSize();
    float[] first = onnx.inputBias();
    float[] second = onnx.recurrentBias();
    float[] p = onnx.peepholes();
    return new FrameworkArrays(
        withForget(spec, onnx.inputWeights(), h * spec.inputSize()),
        withForget(spec, onnx.recurrentWeights(), h * h),
        first == null || second == null
            ? null
            : joined(withForget(spec, first, h), withForget(spec, second, h)),
        p == null ? null : withForget(spec, p, h),
        null);
  }

  /** Coupled gates ignore what ONNX has for the forget gate: block 2 of i o f c, and of i o f. */
  private static float[] withoutForget(CellSpec spec, float[] from, int block) {
    if (!spec.coupledGates()) {
      return from.clone();
    }
    float[] to = Arrays.copyOf(from, from.length - block);
    int rest = from.length - (ONNX_FORGET + 1) * block;
    System.arraycopy(from, (ONNX_FORGET + 1) * block, to, ONNX_FORGET * block, rest);
    return to;
  }

  private static float[] withForget(CellSpec spec, float[] from, int block) {
    if (!spec.coupledGates()) {
      return from;
    }
    float[] to = Arrays.copyOf(from, from.length + block);
    int at = ONNX_FORGET * block;
    System.arraycopy(from, at, to, at + block, from.length - at);
    Arrays.fill(to, at, at + block, 0f);
    return to;
  }

  /** See {@link WeightSet#ofKeras}. */
  static WeightSet fromKeras(
      CellSpec spec, float[] kernel, float[] recurrentKernel, float @Nullable [] bias) {
    requireNonNull(spec, "spec");
    refuseForKeras(spec);
    boolean two = resetsAfter(spec);
    refuse("Keras", "one bias before a reset product", two && spec.bias() == Bias.SINGLE);
    refuse("Keras", "two biases", !two && spec.bias() == Bias.DOUBLE);
    int rows = spec.gates() * spec.hiddenSize();
    length("kernel", requireNonNull(kernel, "kernel"), rows, spec.inputSize(), 1);
    length(
        "recurrentKernel",
        requireNonNull(recurrentKernel, "recurrentKernel"),
        rows,
        spec.hiddenSize(),
        1);
    wanted("bias", bias, spec.bias() != Bias.NONE, two ? 2 : 1, rows);
    return WeightSet.of(
        spec,
        WeightFormat.KERAS,
        kernel.clone(),
        recurrentKernel.clone(),
        bias == null ? null : Arrays.copyOf(bias, rows),
        bias == null || !two ? null : Arrays.copyOfRange(bias, rows, bias.length));
  }

  static FrameworkArrays toKeras(WeightSet weights) {
    CellSpec spec = weights.spec();
    refuseForKeras(spec);
    WeightSet keras = weights.to(WeightFormat.KERAS);
    float[] first = keras.inputBias();
    float[] second = keras.recurrentBias();
    if (first != null && second == null && resetsAfter(spec)) {
      second = WeightConversion.noSecondBias(spec, WeightFormat.KERAS);
    }
    return new FrameworkArrays(
        keras.inputWeights(),
        keras.recurrentWeights(),
        first == null || second == null ? first : joined(first, second),
        null,
        null);
  }

  private static void refuseForKeras(CellSpec spec) {
    refuse("Keras", "peepholes", spec.peepholes());
    refuse("Keras", "coupled gates", spec.coupledGates());
    refuse("Keras", "a projection", spec.projectionSize() > 0);
  }

  /** See {@link WeightSet#ofOneDnn}. */
  static WeightSet fromOneDnn(
      CellSpec spec,
      float[] weightsLayer,
      float[] weightsIter,
      float @Nullable [] bias,
      float @Nullable [] weightsPeephole,
      float @Nullable [] weightsProjection) {
    requireNonNull(spec, "spec");
    refuse("oneDNN", "coupled gates", spec.coupledGates());
    boolean four = resetsAfter(spec);
    refuse("oneDNN", "one bias before a reset product", four && spec.bias() == Bias.SINGLE);
    refuse("oneDNN", "two biases", !four && spec.bias() == Bias.DOUBLE);
    int h = spec.hiddenSize();
    int rows = spec.gates() * h;
    length("weightsLayer", requireNonNull(weightsLayer, "weightsLayer"), rows, spec.inputSize(), 1);
    length("weightsIter", requireNonNull(weightsIter, "weightsIter"), rows, spec.outputSize(), 1);
    wanted("bias", bias, spec.bias() != Bias.NONE, four ? 4 : spec.gates(), h);
    wanted("weightsPeephole", weightsPeephole, spec.peepholes(), 3, h);
    int projection = spec.projectionSize();
    wanted("weightsProjection", weightsProjection, projection > 0, projection, h);
    float[] second = null;
    if (bias != null && four) {
      second = WeightConversion.noSecondBias(spec, WeightFormat.ONEDNN);
      System.arraycopy(bias, rows, second, rows - h, h);
    }
    return WeightSet.of(
        spec,
        WeightFormat.ONEDNN,
        weightsLayer.clone(),
        weightsIter.clone(),
        bias == null ? null : Arrays.copyOf(bias, rows),
        second,
        weightsPeephole == null ? null : weightsPeephole.clone(),
        weightsProjection == null ? null : weightsProjection.clone());
  }

  static FrameworkArrays toOneDnn(WeightSet weights) {
    CellSpec spec = weights.spec();
    refuse("oneDNN", "coupled gates", spec.coupledGates());
    WeightSet dnn = weights.to(WeightFormat.ONEDNN);
    float[] bias = dnn.inputBias();
    if (bias != null && resetsAfter(spec)) {
      bias = fourBlocks(spec, bias, dnn.recurrentBias());
    }
    return new FrameworkArrays(
        dnn.inputWeights(), dnn.recurrentWeights(), bias, dnn.peepholes(), dnn.projection());
  }

  /** u, r and o, the first two of them sums as packing rounds them, and what is reset of o. */
  private static float[] fourBlocks(CellSpec spec, float[] first, float @Nullable [] second) {
    int h = spec.hiddenSize();
    float[] four = Arrays.copyOf(first, 4 * h);
    if (second != null) {
      for (int i = 0; i < 2 * h; i++) {
        four[i] = first[i] + second[i];
      }
      System.arraycopy(second, 2 * h, four, 3 * h, h);
    }
    return four;
  }

  private static boolean resetsAfter(CellSpec spec) {
    return spec.kind() == Kind.GRU && !spec.resetBefore();
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void refuse(String framework, String what, boolean has) {
    if (has) {
      throw new IllegalArgumentException("spec has " + what + ", but " + framework + " has not");
    }
  }

  private static void wanted(
      String name, float @Nullable [] data, boolean wanted, long blocks, int h) {
    if (wanted != (data != null)) {
      throw new IllegalArgumentException(
          name + (wanted ? " is null, but the spec has it" : " is given, but the spec has none"));
    }
    if (data != null) {
      length(name, data, blocks, h, 1);
    }
  }

  private static void length(String name, float[] data, long blocks, int h, int columns) {
    if (data.length != blocks * h * columns) {
      throw new IllegalArgumentException(
          name
              + " has "
              + data.length
              + " elements, must have "
              + blocks * h * columns
              + " for "
              + blocks
              + " x "
              + h
              + (columns == 1 ? "" : " x " + columns));
    }
  }
}
