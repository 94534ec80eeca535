package dev.unroll.testing.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * Cells on top of each other, in one direction or in both: layer l runs on what layer l - 1 gives.
 * With two directions a layer gives both outputs of a step, side by side or added up; the backward
 * direction starts at the last step of each sequence, not at the last step of all. A residual
 * connection adds what a layer takes to what it gives.
 *
 * @param layers the cells, from the bottom up
 */
public record ReferenceStack(List<Layer> layers) {

  /** How the two directions of a layer become one output. */
  public enum Merge {
    /** Forward, then backward: 2 P numbers. */
    CONCATENATE,
    /** Added up: P numbers. */
    SUM
  }

  /**
   * One layer.
   *
   * @param cell what runs, in each direction with weights and states of its own
   * @param bidirectional whether it runs backward too
   * @param merge what becomes of the outputs then
   * @param residual whether the input is added to the output, step by step
   */
  public record Layer(ReferenceCell cell, boolean bidirectional, Merge merge, boolean residual) {

    /** Checks that a residual connection fits. */
    public Layer {
      int outputs = cell.outputSize() * (bidirectional && merge == Merge.CONCATENATE ? 2 : 1);
      if (residual && cell.inputSize() != outputs) {
        throw new IllegalArgumentException(
            "residual from " + cell.inputSize() + " inputs to " + outputs + " outputs");
      }
    }

    /** Without a residual connection. */
    public Layer(ReferenceCell cell, boolean bidirectional, Merge merge) {
      this(cell, bidirectional, merge, false);
    }

    int directions() {
      return bidirectional ? 2 : 1;
    }

    /** What the next layer takes. */
    public int outputSize() {
      return cell.outputSize() * (bidirectional && merge == Merge.CONCATENATE ? 2 : 1);
    }
  }

  /**
   * Weights and initial states of one layer and direction, or the gradient by each of them. In
   * lists of them each layer's forward direction comes first, then its backward one, as in PyTorch.
   */
  public record Part<V extends Real<V>>(CellWeights<V> weights, Tensor<V> h0, Tensor<V> c0) {}

  /** The last states of one layer and direction, or the gradient by each of them. */
  public record Last<V extends Real<V>>(Tensor<V> hn, Tensor<V> cn) {}

  /** What a stack gives. */
  public record Outputs<V extends Real<V>>(Tensor<V> y, List<Last<V>> last) {}

  /** The gradient by everything that goes into a stack. */
  public record Gradients<V extends Real<V>>(Tensor<V> dx, List<Part<V>> parts) {}

  /** Copies the list. */
  public ReferenceStack {
    layers = List.copyOf(layers);
  }

  /** The same cell in every layer but for the number of inputs. */
  public static ReferenceStack of(List<? extends ReferenceCell> cells, boolean bidirectional) {
    return new ReferenceStack(
        cells.stream().map(cell -> new Layer(cell, bidirectional, Merge.CONCATENATE)).toList());
  }

  /** Runs all layers. */
  public <V extends Real<V>> Outputs<V> forward(
      Arithmetic<V> by, Tensor<V> x, List<Part<V>> parts, int[] lengths) {
    List<Last<V>> last = new ArrayList<>();
    Tensor<V> input = x;
    for (Layer layer : layers) {
      Tensor<V> y = Tensor.zeros(by, x.size(0), x.size(1), layer.outputSize());
      for (int direction = 0; direction < layer.directions(); direction++) {
        Part<V> part = parts.get(last.size());
        CellOutputs<V> out =
            layer.cell.forward(by, part.weights, inputs(by, direction, input, part, lengths));
        addTo(by, y, begin(layer, direction), directed(by, direction, out.y(), lengths), lengths);
        last.add(new Last<>(out.hn(), out.cn()));
      }
      if (layer.residual) {
        addTo(by, y, 0, input, lengths);
      }
      input = y;
    }
    return new Outputs<>(input, last);
  }

  /** The gradient, from dy and the gradients by the last states. Runs forward itself. */
  public <V extends Real<V>> Gradients<V> backward(
      Arithmetic<V> by,
      Tensor<V> x,
      List<Part<V>> parts,
      int[] lengths,
      Outputs<V> outputGradient) {
    List<Tensor<V>> inputs = new ArrayList<>(List.of(x));
    for (int depth = 1; depth < layers.size(); depth++) {
      ReferenceStack below = new ReferenceStack(layers.subList(0, depth));
      inputs.add(below.forward(by, x, parts, lengths).y());
    }
    List<Part<V>> gradients = new ArrayList<>();
    Tensor<V> dy = outputGradient.y;
    int at = parts.size();
    for (int depth = layers.size() - 1; depth >= 0; depth--) {
      Layer layer = layers.get(depth);
      Tensor<V> input = inputs.get(depth);
      at -= layer.directions();
      List<Tensor<V>> dx = new ArrayList<>();
      for (int direction = 0; direction < layer.directions(); direction++) {
        Part<V> part = parts.get(at + direction);
        Last<V> last = outputGradient.last.get(at + direction);
        Tensor<V> mine = partOf(by, dy, layer, direction);
        CellGradients<V> gradient =
            layer.cell.backward(
                by,
                part.weights,
                inputs(by, direction, input, part, lengths),
                new CellOutputs<>(directed(by, direction, mine, lengths), last.hn, last.cn));
        dx.add(directed(by, direction, gradient.inputs().x(), lengths));
        gradients.add(
            direction,
            new Part<>(gradient.weights(), gradient.inputs().h0(), gradient.inputs().c0()));
      }
      Tensor<V> below = total(by, dx);
      if (layer.residual) {
        addTo(by, below, 0, dy, lengths);
      }
      dy = below;
    }
    return new Gradients<>(dy, gradients);
  }

  private static <V extends Real<V>> CellInputs<V> inputs(
      Arithmetic<V> by, int direction, Tensor<V> x, Part<V> part, int[] lengths) {
    return new CellInputs<>(directed(by, direction, x, lengths), part.h0, part.c0, lengths);
  }

  /** The valid part of each sequence back to front, for direction 1; beyond it 0. */
  private static <V extends Real<V>> Tensor<V> directed(
      Arithmetic<V> by, int direction, Tensor<V> x, int[] lengths) {
    if (direction == 0) {
      return x;
    }
    Tensor<V> reversed = Tensor.zeros(by, x.shape());
    for (int n = 0; n < lengths.length; n++) {
      for (int t = 0; t < lengths[n]; t++) {
        for (int p = 0; p < x.size(2); p++) {
          reversed.set(x.at(lengths[n] - 1 - t, n, p), t, n, p);
        }
      }
    }
    return reversed;
  }

  /** Where in a layer's output the numbers of a direction begin. */
  private static int begin(Layer layer, int direction) {
    return layer.merge == Merge.CONCATENATE ? direction * layer.cell.outputSize() : 0;
  }

  /** Padding gets nothing, whatever the part has there. */
  private static <V extends Real<V>> void addTo(
      Arithmetic<V> by, Tensor<V> y, int begin, Tensor<V> part, int[] lengths) {
    for (int n = 0; n < lengths.length; n++) {
      for (int t = 0; t < lengths[n]; t++) {
        for (int p = 0; p < part.size(2); p++) {
          Sum<V> sum = by.sum().add(y.at(t, n, begin + p)).add(part.at(t, n, p));
          y.set(sum.total(), t, n, begin + p);
        }
      }
    }
  }

  private static <V extends Real<V>> Tensor<V> partOf(
      Arithmetic<V> by, Tensor<V> dy, Layer layer, int direction) {
    int begin = begin(layer, direction);
    Tensor<V> part = Tensor.zeros(by, dy.size(0), dy.size(1), layer.cell.outputSize());
    for (int t = 0; t < dy.size(0); t++) {
      for (int n = 0; n < dy.size(1); n++) {
        for (int p = 0; p < part.size(2); p++) {
          part.set(dy.at(t, n, begin + p), t, n, p);
        }
      }
    }
    return part;
  }

  private static <V extends Real<V>> Tensor<V> total(Arithmetic<V> by, List<Tensor<V>> terms) {
    Tensor<V> total = Tensor.zeros(by, terms.get(0).shape());
    for (int at = 0; at < total.length(); at++) {
      Sum<V> sum = by.sum();
      for (Tensor<V> term : terms) {
        sum.add(term.at(at));
      }
      total.set(sum.total(), at);
    }
    return total;
  }
}
