package dev.unroll.testing.golden;

import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.LstmOptions;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.ReferenceStack;
import dev.unroll.testing.reference.ReferenceStack.Gradients;
import dev.unroll.testing.reference.ReferenceStack.Last;
import dev.unroll.testing.reference.ReferenceStack.Outputs;
import dev.unroll.testing.reference.ReferenceStack.Part;
import dev.unroll.testing.reference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A golden file as a stack of reference cells and what it is run on: {@code nn.LSTM}, {@code
 * nn.GRU} or {@code nn.RNN}, with the names that PyTorch gives to weights, {@code x}, {@code h0},
 * {@code c0} and maybe {@code lengths} going in, {@code dy}, {@code dhn} and {@code dcn} coming
 * back; metadata {@code kind}, {@code layers}, {@code bidirectional}, {@code nonlinearity}.
 */
public final class GoldenLayers {

  private final GoldenTensors file;
  private final boolean bidirectional;
  private final int layers;

  /** Reads what the file says about itself. */
  public GoldenLayers(GoldenTensors file) {
    this.file = file;
    this.bidirectional = Boolean.parseBoolean(file.metadata("bidirectional"));
    this.layers = Integer.parseInt(file.metadata("layers"));
  }

  /** The ends of PyTorch's names, layer by layer, forward before backward. */
  public List<String> suffixes() {
    List<String> suffixes = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      suffixes.add("_l" + layer);
      if (bidirectional) {
        suffixes.add("_l" + layer + "_reverse");
      }
    }
    return suffixes;
  }

  /** What runs. */
  public ReferenceStack stack() {
    List<ReferenceCell> cells = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      cells.add(cell(file.shape("weight_ih_l" + layer)[1]));
    }
    return ReferenceStack.of(cells, bidirectional);
  }

  private ReferenceCell cell(int inputs) {
    String kind = file.metadata("kind");
    int rows = file.shape("weight_ih_l0")[0];
    if (kind.equals("LSTM")) {
      LstmOptions options = LstmOptions.PLAIN;
      if (file.has("weight_hr_l0")) {
        options = options.withProjection(file.shape("weight_hr_l0")[0]);
      }
      return new ReferenceLstm(inputs, rows / 4, options);
    }
    if (kind.equals("GRU")) {
      return new ReferenceGru(inputs, rows / 3, ReferenceGru.Reset.AFTER);
    }
    String activation = file.metadata("nonlinearity").toUpperCase(Locale.ROOT);
    return new ReferenceElman(inputs, rows, ReferenceActivation.valueOf(activation));
  }

  /** A tensor of the file. */
  public <V extends Real<V>> Tensor<V> tensor(Arithmetic<V> by, String name) {
    return Tensor.of(by, file.values(name), file.shape(name));
  }

  /** Weights and initial states; biases that the file does not have are 0. */
  public <V extends Real<V>> List<Part<V>> parts(Arithmetic<V> by) {
    List<Part<V>> parts = new ArrayList<>();
    for (String suffix : suffixes()) {
      boolean isProjected = file.has("weight_hr" + suffix);
      CellWeights<V> weights =
          new CellWeights<>(
              tensor(by, "weight_ih" + suffix),
              tensor(by, "weight_hh" + suffix),
              bias(by, "bias_ih", suffix),
              bias(by, "bias_hh", suffix),
              isProjected ? tensor(by, "weight_hr" + suffix) : Tensor.none(),
              Tensor.none());
      parts.add(new Part<>(weights, slice(by, "h0", parts.size()), slice(by, "c0", parts.size())));
    }
    return parts;
  }

  private <V extends Real<V>> Tensor<V> bias(Arithmetic<V> by, String name, String suffix) {
    return file.has(name + suffix)
        ? tensor(by, name + suffix)
        : Tensor.zeros(by, file.shape("weight_ih" + suffix)[0]);
  }

  /**
   * All results by the names that they have in such a file, whether this one has them or not: y,
   * hn, cn, dx, dh0, dc0, and a {@code grad.} for each weight.
   */
  public <V extends Real<V>> Map<String, Tensor<V>> results(Arithmetic<V> by) {
    ReferenceStack stack = stack();
    Tensor<V> x = tensor(by, "x");
    List<Part<V>> parts = parts(by);
    Outputs<V> out = stack.forward(by, x, parts, lengths());
    Gradients<V> gradients = stack.backward(by, x, parts, lengths(), outputGradient(by));
    Map<String, Tensor<V>> results = new LinkedHashMap<>();
    results.put("y", out.y());
    results.put("hn", joined(by, out.last().stream().map(ReferenceStack.Last::hn).toList()));
    results.put("cn", joined(by, out.last().stream().map(ReferenceStack.Last::cn).toList()));
    results.put("dx", gradients.dx());
    results.put("dh0", joined(by, gradients.parts().stream().map(Part::h0).toList()));
    results.put("dc0", joined(by, gradients.parts().stream().map(Part::c0).toList()));
    for (int part = 0; part < parts.size(); part++) {
      String suffix = suffixes().get(part);
      CellWeights<V> d = gradients.parts().get(part).weights();
      results.put("grad.weight_ih" + suffix, d.w());
      results.put("grad.weight_hh" + suffix, d.r());
      results.put("grad.bias_ih" + suffix, d.inputBias());
      results.put("grad.bias_hh" + suffix, d.recurrentBias());
      results.put("grad.weight_hr" + suffix, d.projection());
    }
    results.values().removeIf(Tensor::isEmpty);
    return results;
  }

  /** The states of all parts, one after the other. */
  private static <V extends Real<V>> Tensor<V> joined(Arithmetic<V> by, List<Tensor<V>> parts) {
    if (parts.get(0).isEmpty()) {
      return Tensor.none();
    }
    Tensor<V> all = Tensor.zeros(by, parts.size(), parts.get(0).size(0), parts.get(0).size(1));
    int at = 0;
    for (Tensor<V> part : parts) {
      for (int i = 0; i < part.length(); i++) {
        all.set(part.at(i), at);
        at++;
      }
    }
    return all;
  }

  /** dy and the gradients by the last states. */
  public <V extends Real<V>> Outputs<V> outputGradient(Arithmetic<V> by) {
    List<Last<V>> last = new ArrayList<>();
    for (int part = 0; part < suffixes().size(); part++) {
      last.add(new Last<>(slice(by, "dhn", part), slice(by, "dcn", part)));
    }
    return new Outputs<>(tensor(by, "dy"), last);
  }

  /** The steps of each sequence. */
  public int[] lengths() {
    if (!file.has("lengths")) {
      int[] full = new int[file.shape("x")[1]];
      Arrays.fill(full, file.shape("x")[0]);
      return full;
    }
    return Arrays.stream(file.values("lengths")).mapToInt(length -> (int) length).toArray();
  }

  /** One layer and direction of a state; none where the file has no such state. */
  public <V extends Real<V>> Tensor<V> slice(Arithmetic<V> by, String name, int part) {
    if (!file.has(name)) {
      return Tensor.none();
    }
    int rows = file.shape(name)[1];
    int columns = file.shape(name)[2];
    int length = rows * columns;
    double[] values = Arrays.copyOfRange(file.values(name), part * length, (part + 1) * length);
    return Tensor.of(by, values, rows, columns);
  }
}
