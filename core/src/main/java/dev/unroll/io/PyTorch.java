package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.WeightFormat;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Activation;
import dev.unroll.layer.StackWeights;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's names, shapes and gate orders, mapped onto the cells.
 *
 * <p>A module saved by its {@code state_dict} names its tensors by the path of the module and then
 * the parameter: an {@code nn.LSTM} in the attribute {@code lstm} gives {@code lstm.weight_ih_l0}
 * and so on, whose prefix is {@code "lstm."}; a module saved alone has the prefix {@code ""}.
 */
public final class PyTorch {
  private static final int LSTM_GATES = 4;

  private PyTorch() {}

  /**
   * Reads a whole {@code nn.LSTM} or {@code nn.GRU}: all layers, both directions where it has them.
   *
   * <p>With G gates, H units and P outputs (H without {@code proj_size}), for layer k:
   *
   * <table>
   * <caption>What is read</caption>
   * <tr><th>name after the prefix</th><th>shape</th><th>what</th></tr>
   * <tr><td>{@code weight_ih_l<k>}</td><td>[GH, I], above the first layer [GH, DP]</td>
   *     <td>input weights W</td></tr>
   * <tr><td>{@code weight_hh_l<k>}</td><td>[GH, P]</td><td>recurrent weights R</td></tr>
   * <tr><td>{@code bias_ih_l<k>}, {@code bias_hh_l<k>}</td><td>[GH]</td>
   *     <td>both biases; neither with {@code bias=False}</td></tr>
   * <tr><td>{@code weight_hr_l<k>}</td><td>[P, H]</td><td>the projection of an LSTM</td></tr>
   * <tr><td>each with {@code _reverse} behind it</td><td></td><td>the other direction</td></tr>
   * </table>
   *
   * <p>What kind it is follows from the shapes: an LSTM has 4 gates, a GRU 3. Dropout is not stored
   * with weights: see {@link dev.unroll.layer.StackSpec#withDropout}.
   *
   * @param file the weights
   * @param prefix what stands before the names of the parameters, as in {@code "lstm."}
   * @return the weights, in PyTorch's format
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type, or if this is an {@code nn.RNN}
   * @throws IOException if the file cannot be read
   */
  public static StackWeights stack(Safetensors file, String prefix) throws IOException {
    return PyTorchStack.read(file, prefix, null);
  }

  /**
   * Reads a whole {@code nn.RNN}; also an {@code nn.LSTM} or {@code nn.GRU}, which have no choice
   * of function.
   *
   * @param function its {@code nonlinearity}, which is not stored with the weights: tanh or relu
   * @throws IllegalArgumentException if {@code function} is the identity
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type
   * @throws IOException if the file cannot be read
   */
  public static StackWeights stack(Safetensors file, String prefix, Activation function)
      throws IOException {
    return PyTorchStack.read(file, prefix, Objects.requireNonNull(function, "function"));
  }

  /**
   * Reads the first layer of an {@code nn.LSTM}.
   *
   * @param file the weights
   * @param prefix what stands before the names of the parameters, as in {@code "lstm."}
   * @return the weights, in PyTorch's format
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type
   * @throws IOException if the file cannot be read
   */
  public static WeightSet lstm(Safetensors file, String prefix) throws IOException {
    return lstm(file, prefix, 0);
  }

  /**
   * Reads one layer of an {@code nn.LSTM}, in its forward direction.
   *
   * <p>With H units and I inputs, for layer k:
   *
   * <table>
   * <caption>What is read</caption>
   * <tr><th>name after the prefix</th><th>shape</th><th>what</th></tr>
   * <tr><td>{@code weight_ih_l<k>}</td><td>[4H, I]</td><td>input weights W</td></tr>
   * <tr><td>{@code weight_hh_l<k>}</td><td>[4H, H]</td><td>recurrent weights R</td></tr>
   * <tr><td>{@code bias_ih_l<k>}</td><td>[4H]</td><td>first bias</td></tr>
   * <tr><td>{@code bias_hh_l<k>}</td><td>[4H]</td><td>second bias</td></tr>
   * </table>
   *
   * <p>Each stacks H rows for each gate, in the order i, f, g, o ({@link WeightFormat#PYTORCH}). A
   * module made with {@code bias=False} has neither bias. A layer with a projection ({@code
   * weight_hr_l<k>}, from {@code proj_size}) is refused. The other direction of a bidirectional
   * module ({@code _reverse}) is left out; note that I of the layers above is 2H then. {@link
   * #stack(Safetensors, String)} reads all of these.
   *
   * @param file the weights
   * @param prefix what stands before the names of the parameters, as in {@code "lstm."}
   * @param layer counted from 0
   * @return the weights, in PyTorch's format
   * @throws IllegalArgumentException if the layer is negative
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type
   * @throws IOException if the file cannot be read
   */
  public static WeightSet lstm(Safetensors file, String prefix, int layer) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(prefix, "prefix");
    if (layer < 0) {
      throw new IllegalArgumentException("layer is " + layer + ", must be at least 0");
    }
    String suffix = "_l" + layer;
    if (file.contains(prefix + "weight_hr" + suffix)) {
      throw new SafetensorsException(
          file.source()
              + ": tensor "
              + file.info(prefix + "weight_hr" + suffix)
              + " is a projection (proj_size); allowed are layers without one");
    }
    String inputWeights = prefix + "weight_ih" + suffix;
    TensorInfo shape = file.info(inputWeights);
    if (shape.elements() == 0
        || shape.elements() > Integer.MAX_VALUE
        || shape.rank() != 2
        || shape.dimension(0) % LSTM_GATES != 0) {
      throw new SafetensorsException(
          file.source()
              + ": tensor "
              + shape
              + " must have shape [4H, I], with H and I at least 1 and 4HI below 2^31");
    }
    long rows = shape.dimension(0);
    long hidden = rows / LSTM_GATES;
    String recurrentWeights = prefix + "weight_hh" + suffix;
    file.require(recurrentWeights, rows, hidden);
    String inputBias = prefix + "bias_ih" + suffix;
    String recurrentBias = prefix + "bias_hh" + suffix;
    if (file.contains(inputBias) != file.contains(recurrentBias)) {
      boolean has = file.contains(inputBias);
      throw new SafetensorsException(
          file.source()
              + ": there is a tensor "
              + quote(has ? inputBias : recurrentBias)
              + " but no "
              + quote(has ? recurrentBias : inputBias)
              + "; allowed are both or none");
    }
    CellSpec spec = CellSpec.lstm((int) shape.dimension(1), (int) hidden);
    return WeightSet.of(
        file.contains(inputBias) ? spec : spec.withBias(Bias.NONE),
        WeightFormat.PYTORCH,
        file.floats(inputWeights),
        file.floats(recurrentWeights),
        bias(file, inputBias, rows),
        bias(file, recurrentBias, rows));
  }

  private static float @Nullable [] bias(Safetensors file, String name, long rows)
      throws IOException {
    if (!file.contains(name)) {
      return null;
    }
    file.require(name, rows);
    return file.floats(name);
  }
}
