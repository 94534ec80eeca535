package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import dev.unroll.cell.LstmGateOrder;
import dev.unroll.cell.LstmWeights;
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
   * Reads the first layer of an {@code nn.LSTM}.
   *
   * @param file the weights
   * @param prefix what stands before the names of the parameters, as in {@code "lstm."}
   * @return the weights, packed
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type
   * @throws IOException if the file cannot be read
   */
  public static LstmWeights lstm(Safetensors file, String prefix) throws IOException {
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
   * <tr><td>{@code bias_hh_l<k>}</td><td>[4H]</td><td>second bias, added to the first</td></tr>
   * </table>
   *
   * <p>Each stacks H rows for each gate, in the order i, f, g, o ({@link LstmGateOrder#IFGO}). A
   * module made with {@code bias=False} has neither bias. A layer with a projection ({@code
   * weight_hr_l<k>}, from {@code proj_size}) is refused. The backward direction of a bidirectional
   * module ({@code _reverse}) is another layer's worth of weights and is left out; note that I of
   * the layers above is 2H then.
   *
   * @param file the weights
   * @param prefix what stands before the names of the parameters, as in {@code "lstm."}
   * @param layer counted from 0
   * @return the weights, packed
   * @throws IllegalArgumentException if the layer is negative
   * @throws SafetensorsException if a tensor is missing, has another shape or is not of a
   *     floating-point type
   * @throws IOException if the file cannot be read
   */
  public static LstmWeights lstm(Safetensors file, String prefix, int layer) throws IOException {
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
    return LstmWeights.pack(
        LstmGateOrder.IFGO,
        (int) shape.dimension(1),
        (int) hidden,
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
