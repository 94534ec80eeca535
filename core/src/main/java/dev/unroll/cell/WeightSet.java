package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec.Bias;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a cell as plain arrays, in the {@link WeightFormat} of a framework, which is
 * part of what they are: to run, they are packed, and packing knows the order; to change it, ask
 * {@link #to}.
 *
 * <p><b>Shapes.</b> G gates of H rows each, output size P (H without a projection): W is GH x I, R
 * is GH x P, a bias has GH elements, peepholes H for each gate that has one, a projection is P x H;
 * row-major without gaps. Formats that transpose hold W as I x GH, R as P x GH and the projection
 * as H x P.
 *
 * <p>The arrays are the caller's: nothing is copied, and an optimizer may change them between two
 * packings. The same type holds gradients.
 */
public final class WeightSet {

  private final CellSpec spec;
  private final WeightFormat format;
  private final float[] inputWeights;
  private final float[] recurrentWeights;
  private final float @Nullable [] inputBias;
  private final float @Nullable [] recurrentBias;
  private final float @Nullable [] peepholes;
  private final float @Nullable [] projection;
  private final List<float[]> arrays;

  private WeightSet(
      CellSpec spec,
      WeightFormat format,
      float[] inputWeights,
      float[] recurrentWeights,
      float @Nullable [] inputBias,
      float @Nullable [] recurrentBias,
      float @Nullable [] peepholes,
      float @Nullable [] projection) {
    this.spec = spec;
    this.format = format;
    this.inputWeights = inputWeights;
    this.recurrentWeights = recurrentWeights;
    this.inputBias = inputBias;
    this.recurrentBias = recurrentBias;
    this.peepholes = peepholes;
    this.projection = projection;
    List<float[]> all = new ArrayList<>(List.of(inputWeights, recurrentWeights));
    for (float[] more :
        new float @Nullable [][] {inputBias, recurrentBias, peepholes, projection}) {
      if (more != null) {
        all.add(more);
      }
    }
    arrays = List.copyOf(all);
  }

  /**
   * Parameters of a cell without peepholes and projection.
   *
   * @throws NullPointerException when the spec, the format or a weight matrix is null
   * @throws IllegalArgumentException when an array is missing, is not wanted, or has another length
   *     than the spec says
   */
  public static WeightSet of(
      CellSpec spec,
      WeightFormat format,
      float[] inputWeights,
      float[] recurrentWeights,
      float @Nullable [] inputBias,
      float @Nullable [] recurrentBias) {
    return of(spec, format, inputWeights, recurrentWeights, inputBias, recurrentBias, null, null);
  }

  /**
   * Parameters of any cell.
   *
   * @param inputBias null when the spec has no bias
   * @param recurrentBias null unless the spec has two
   * @param peepholes null unless the spec has them
   * @param projection null unless the spec has one
   * @throws NullPointerException when the spec, the format or a weight matrix is null
   * @throws IllegalArgumentException when an array is missing, is not wanted, or has another length
   *     than the spec says
   */
  public static WeightSet of(
      CellSpec spec,
      WeightFormat format,
      float[] inputWeights,
      float[] recurrentWeights,
      float @Nullable [] inputBias,
      float @Nullable [] recurrentBias,
      float @Nullable [] peepholes,
      float @Nullable [] projection) {
    requireNonNull(spec, "spec");
    requireNonNull(format, "format");
    long rows = (long) spec.gates() * spec.hiddenSize();
    length("inputWeights", requireNonNull(inputWeights, "inputWeights"), rows, spec.inputSize());
    length(
        "recurrentWeights",
        requireNonNull(recurrentWeights, "recurrentWeights"),
        rows,
        spec.outputSize());
    wanted("inputBias", inputBias, spec.bias() != Bias.NONE, rows, 1);
    wanted("recurrentBias", recurrentBias, spec.bias() == Bias.DOUBLE, rows, 1);
    int seeing = WeightFormat.PYTORCH.peepholes(spec).length();
    wanted("peepholes", peepholes, spec.peepholes(), seeing, spec.hiddenSize());
    boolean projected = spec.projectionSize() > 0;
    wanted("projection", projection, projected, spec.projectionSize(), spec.hiddenSize());
    return new WeightSet(
        spec,
        format,
        inputWeights,
        recurrentWeights,
        inputBias,
        recurrentBias,
        peepholes,
        projection);
  }

  /** All parameters 0: gradients to accumulate into, or parameters to fill. */
  public static WeightSet zeros(CellSpec spec) {
    int rows = spec.gates() * spec.hiddenSize();
    int seeing = WeightFormat.PYTORCH.peepholes(spec).length() * spec.hiddenSize();
    return of(
        spec,
        WeightFormat.PYTORCH,
        new float[Math.multiplyExact(rows, spec.inputSize())],
        new float[Math.multiplyExact(rows, spec.outputSize())],
        spec.bias() == Bias.NONE ? null : new float[rows],
        spec.bias() == Bias.DOUBLE ? new float[rows] : null,
        spec.peepholes() ? new float[seeing] : null,
        spec.projectionSize() > 0
            ? new float[Math.multiplyExact(spec.projectionSize(), spec.hiddenSize())]
            : null);
  }

  private static void wanted(
      String name, float @Nullable [] data, boolean wanted, long rows, int columns) {
    if (wanted != (data != null)) {
      throw new IllegalArgumentException(
          name + (wanted ? " is null, but the spec has it" : " is given, but the spec has none"));
    }
    if (data != null) {
      length(name, data, rows, columns);
    }
  }

  private static void length(String name, float[] data, long rows, int columns) {
    if (data.length != rows * columns) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + rows + " x " + columns);
    }
  }

  /** What these are the parameters of. */
  public CellSpec spec() {
    return spec;
  }

  /** How they are stacked. */
  public WeightFormat format() {
    return format;
  }

  /** W, not a copy. */
  public float[] inputWeights() {
    return inputWeights;
  }

  /** R, not a copy. */
  public float[] recurrentWeights() {
    return recurrentWeights;
  }

  /** The bias on the side of the inputs, not a copy; null without one. */
  public float @Nullable [] inputBias() {
    return inputBias;
  }

  /** The bias on the side of the states, not a copy; null without one. */
  public float @Nullable [] recurrentBias() {
    return recurrentBias;
  }

  /** The peepholes, not a copy; null without any. */
  public float @Nullable [] peepholes() {
    return peepholes;
  }

  /** The projection, not a copy; null without one. */
  public float @Nullable [] projection() {
    return projection;
  }

  /** The arrays that exist, in the order of the accessors: for optimizers and norms. */
  public List<float[]> arrays() {
    return arrays;
  }

  /**
   * The same parameters in another format; copies, also when it is the same one.
   *
   * <p>A format with one bias gets the sum of two, rounded once, as packing rounds it: results keep
   * their bits. A format with two gets zeros for one that is missing, of the sign that changes no
   * sum. Where that changes the number of biases, the spec of the result says so.
   */
  public WeightSet to(WeightFormat target) {
    return WeightConversion.convert(this, requireNonNull(target, "target"));
  }

  /**
   * The parameters of a layer of ONNX, one direction of it, in copies: see {@link FrameworkArrays}.
   * {@code linear_before_reset} is a GRU that resets after the product, {@code input_forget} are
   * coupled gates.
   *
   * @param b null when the spec has no bias; else the spec has two
   * @param p null unless the spec has peepholes
   * @throws NullPointerException when {@code spec}, {@code w} or {@code r} is null
   * @throws IllegalArgumentException when ONNX has no such cell, or an array is missing, is not
   *     wanted, or has another length than the spec says
   */
  public static WeightSet ofOnnx(
      CellSpec spec, float[] w, float[] r, float @Nullable [] b, float @Nullable [] p) {
    return FrameworkArrays.fromOnnx(spec, w, r, b, p);
  }

  /**
   * The arrays of ONNX for these parameters.
   *
   * @throws IllegalArgumentException when ONNX has no such cell
   */
  public FrameworkArrays toOnnx() {
    return FrameworkArrays.toOnnx(this);
  }

  /**
   * The parameters of a layer of Keras, in copies: see {@link FrameworkArrays}. {@code reset_after}
   * is a GRU that resets after the product, with two biases if any; all others have one.
   *
   * @param bias null when the spec has none
   * @throws NullPointerException when {@code spec} or a kernel is null
   * @throws IllegalArgumentException when Keras has no such cell, or an array is missing, is not
   *     wanted, or has another length than the spec says
   */
  public static WeightSet ofKeras(
      CellSpec spec, float[] kernel, float[] recurrentKernel, float @Nullable [] bias) {
    return FrameworkArrays.fromKeras(spec, kernel, recurrentKernel, bias);
  }

  /**
   * The arrays of Keras for these parameters.
   *
   * @throws IllegalArgumentException when Keras has no such cell
   */
  public FrameworkArrays toKeras() {
    return FrameworkArrays.toKeras(this);
  }

  /**
   * The parameters of a layer of oneDNN, one direction of it, in copies: see {@link
   * FrameworkArrays}. Its GRU with linear before reset resets after the product, with two biases if
   * any; all others have one.
   *
   * @param bias null when the spec has none
   * @param weightsPeephole null unless the spec has peepholes
   * @param weightsProjection null unless the spec has a projection
   * @throws NullPointerException when {@code spec} or a weight matrix is null
   * @throws IllegalArgumentException when oneDNN has no such cell, or an array is missing, is not
   *     wanted, or has another length than the spec says
   */
  public static WeightSet ofOneDnn(
      CellSpec spec,
      float[] weightsLayer,
      float[] weightsIter,
      float @Nullable [] bias,
      float @Nullable [] weightsPeephole,
      float @Nullable [] weightsProjection) {
    return FrameworkArrays.fromOneDnn(
        spec, weightsLayer, weightsIter, bias, weightsPeephole, weightsProjection);
  }

  /**
   * The arrays of oneDNN for these parameters.
   *
   * @throws IllegalArgumentException when oneDNN has no such cell
   */
  public FrameworkArrays toOneDnn() {
    return FrameworkArrays.toOneDnn(this);
  }

  @Override
  public String toString() {
    return "WeightSet[" + spec + ", " + format + "]";
  }
}
