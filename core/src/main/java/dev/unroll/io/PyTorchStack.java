package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.WeightFormat;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Activation;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code nn.LSTM}, {@code nn.GRU} and {@code nn.RNN} whole: see {@link PyTorch#stack}. */
final class PyTorchStack {

  private static final String INPUT = "weight_ih";
  private static final String RECURRENT = "weight_hh";
  private static final String PROJECTION = "weight_hr";
  private static final String INPUT_BIAS = "bias_ih";
  private static final String RECURRENT_BIAS = "bias_hh";
  private static final String REVERSE = "_reverse";

  private final Safetensors file;
  private final String prefix;

  private PyTorchStack(Safetensors file, String prefix) {
    this.file = Objects.requireNonNull(file, "file");
    this.prefix = Objects.requireNonNull(prefix, "prefix");
  }

  static StackWeights read(Safetensors file, String prefix, @Nullable Activation function)
      throws IOException {
    return new PyTorchStack(file, prefix).read(function);
  }

  private StackWeights read(@Nullable Activation function) throws IOException {
    CellSpec first = first(function);
    int layers = 1;
    while (file.contains(name(INPUT, suffix(layers, false)))) {
      layers++;
    }
    StackSpec spec = StackSpec.of(first, layers);
    if (file.contains(name(INPUT, suffix(0, true)))) {
      spec = spec.bidirectional(StackSpec.Merge.CONCATENATE);
    }
    List<WeightSet> parts = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (int direction = 0; direction < spec.directions(); direction++) {
        parts.add(part(spec.cell(layer), suffix(layer, direction == 1)));
      }
    }
    return StackWeights.of(spec, parts);
  }

  private static String suffix(int layer, boolean reverse) {
    return "_l" + layer + (reverse ? REVERSE : "");
  }

  private String name(String what, String suffix) {
    return prefix + what + suffix;
  }

  /** The cell of the first layer, from the shapes of its weights. */
  private CellSpec first(@Nullable Activation function) throws SafetensorsException {
    TensorInfo w = matrix(INPUT);
    TensorInfo r = matrix(RECURRENT);
    long rows = r.dimension(0);
    String projection = name(PROJECTION, suffix(0, false));
    long units = r.dimension(1);
    if (file.contains(projection)) {
      units = matrix(PROJECTION).dimension(1);
    }
    int inputs = (int) w.dimension(1);
    CellSpec spec;
    if (rows == 4 * units) {
      spec = CellSpec.lstm(inputs, (int) units);
      if (file.contains(projection)) {
        spec = spec.withProjection((int) r.dimension(1));
      }
    } else if (rows == 3 * units) {
      spec = CellSpec.gru(inputs, (int) units);
    } else if (rows == units) {
      spec = CellSpec.elman(inputs, (int) units);
      if (function == null) {
        throw new SafetensorsException(
            file.source()
                + ": tensor "
                + r
                + " is of an nn.RNN, whose nonlinearity is not stored: name it in the call");
      }
      spec = spec.withActivation(function);
    } else {
      throw new SafetensorsException(
          file.source()
              + ": tensor "
              + r
              + " must have 4 (LSTM), 3 (GRU) or 1 (RNN) times as many rows as units, "
              + units);
    }
    return file.contains(name(INPUT_BIAS, suffix(0, false)))
            || file.contains(name(RECURRENT_BIAS, suffix(0, false)))
        ? spec
        : spec.withBias(Bias.NONE);
  }

  private TensorInfo matrix(String what) throws SafetensorsException {
    TensorInfo info = file.info(name(what, suffix(0, false)));
    if (info.rank() != 2 || info.elements() == 0 || info.elements() > Integer.MAX_VALUE) {
      throw new SafetensorsException(
          file.source()
              + ": tensor "
              + info
              + " must be a matrix of at least 1 and less than 2^31 elements");
    }
    return info;
  }

  private WeightSet part(CellSpec spec, String suffix) throws IOException {
    int rows = spec.gates() * spec.hiddenSize();
    boolean biased = spec.bias() == Bias.DOUBLE;
    boolean projected = spec.projectionSize() > 0;
    wanted(biased, INPUT_BIAS, suffix);
    wanted(biased, RECURRENT_BIAS, suffix);
    wanted(projected, PROJECTION, suffix);
    return WeightSet.of(
        spec,
        WeightFormat.PYTORCH,
        floats(INPUT, suffix, rows, spec.inputSize()),
        floats(RECURRENT, suffix, rows, spec.outputSize()),
        biased ? floats(INPUT_BIAS, suffix, rows) : null,
        biased ? floats(RECURRENT_BIAS, suffix, rows) : null,
        null,
        projected ? floats(PROJECTION, suffix, spec.projectionSize(), spec.hiddenSize()) : null);
  }

  /** That a tensor is there, or is not, as in the first layer. */
  private void wanted(boolean wanted, String what, String suffix) throws SafetensorsException {
    String name = name(what, suffix);
    if (file.contains(name) != wanted) {
      throw new SafetensorsException(
          file.source()
              + ": there is "
              + (wanted ? "no" : "a")
              + " tensor "
              + quote(name)
              + "; allowed are tensors of its kind in all layers and directions, or in none");
    }
  }

  private float[] floats(String what, String suffix, long... shape) throws IOException {
    String name = name(what, suffix);
    file.require(name, shape);
    return file.floats(name);
  }
}
