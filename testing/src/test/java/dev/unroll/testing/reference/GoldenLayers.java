package dev.unroll.testing.reference;

import dev.unroll.testing.golden.GoldenTensors;
import dev.unroll.testing.reference.ReferenceStack.Last;
import dev.unroll.testing.reference.ReferenceStack.Outputs;
import dev.unroll.testing.reference.ReferenceStack.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A golden file as a stack of reference cells and what it is run on. */
final class GoldenLayers {

  private final GoldenTensors file;
  private final boolean bidirectional;
  private final int layers;

  GoldenLayers(GoldenTensors file) {
    this.file = file;
    this.bidirectional = Boolean.parseBoolean(file.metadata("bidirectional"));
    this.layers = Integer.parseInt(file.metadata("layers"));
  }

  /** The ends of PyTorch's names, layer by layer, forward before backward. */
  List<String> suffixes() {
    List<String> suffixes = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      suffixes.add("_l" + layer);
      if (bidirectional) {
        suffixes.add("_l" + layer + "_reverse");
      }
    }
    return suffixes;
  }

  ReferenceStack stack() {
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

  <V extends Real<V>> Tensor<V> tensor(Arithmetic<V> by, String name) {
    return Tensor.of(by, file.values(name), file.shape(name));
  }

  <V extends Real<V>> List<Part<V>> parts(Arithmetic<V> by) {
    List<Part<V>> parts = new ArrayList<>();
    for (String suffix : suffixes()) {
      boolean isProjected = file.has("weight_hr" + suffix);
      CellWeights<V> weights =
          new CellWeights<>(
              tensor(by, "weight_ih" + suffix),
              tensor(by, "weight_hh" + suffix),
              tensor(by, "bias_ih" + suffix),
              tensor(by, "bias_hh" + suffix),
              isProjected ? tensor(by, "weight_hr" + suffix) : Tensor.none(),
              Tensor.none());
      parts.add(new Part<>(weights, slice(by, "h0", parts.size()), slice(by, "c0", parts.size())));
    }
    return parts;
  }

  <V extends Real<V>> Outputs<V> outputGradient(Arithmetic<V> by) {
    List<Last<V>> last = new ArrayList<>();
    for (int part = 0; part < suffixes().size(); part++) {
      last.add(new Last<>(slice(by, "dhn", part), slice(by, "dcn", part)));
    }
    return new Outputs<>(tensor(by, "dy"), last);
  }

  int[] lengths() {
    if (!file.has("lengths")) {
      int[] full = new int[file.shape("x")[1]];
      Arrays.fill(full, file.shape("x")[0]);
      return full;
    }
    return Arrays.stream(file.values("lengths")).mapToInt(length -> (int) length).toArray();
  }

  /** One layer and direction of a state; none where the file has no such state. */
  <V extends Real<V>> Tensor<V> slice(Arithmetic<V> by, String name, int part) {
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
