package dev.unroll.bench.peer;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;

/**
 * ONNX models of one node: a recurrent layer whose weights are constants, so that the run time may
 * pack them when it loads the model, and the identity.
 *
 * <p>Field numbers are those of {@code onnx.proto}, operators those of opset 14.
 */
final class OnnxModel {

  static final String X = "X";
  static final String H0 = "initial_h";
  static final String C0 = "initial_c";
  static final String Y = "Y";
  static final String LAST_H = "Y_h";
  static final String LAST_C = "Y_c";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;
  private static final int FLOAT = 1;
  private static final int INT = 2;

  private OnnxModel() {}

  /**
   * A layer over the steps and rows of the shape.
   *
   * @param states whether the states are inputs and outputs; without them the layer begins with
   *     zeros and gives the outputs of all steps
   */
  static byte[] recurrent(Layer layer, LayerShape shape, boolean states) {
    Cell cell = layer.cell();
    int units = shape.units();
    long rows = (long) cell.gates() * units;
    int[] order = gateOrder(cell);
    boolean lstm = cell == Cell.LSTM;

    ProtoMessage node = new ProtoMessage();
    for (String input : new String[] {X, "W", "R", "B"}) {
      node.string(1, input);
    }
    if (states) {
      node.string(1, "").string(1, H0);
      if (lstm) {
        node.string(1, C0);
      }
    }
    node.string(2, states ? "" : Y);
    if (states) {
      node.string(2, LAST_H);
      if (lstm) {
        node.string(2, LAST_C);
      }
    }
    node.string(4, cell.name()).message(5, attribute("hidden_size", units));
    if (cell == Cell.GRU) {
      node.message(5, attribute("linear_before_reset", 1));
    }

    float[] biases = new float[Math.toIntExact(2 * rows)];
    float[] inputBias = layer.reordered(layer.inputBias(), 1, order);
    float[] recurrentBias = layer.reordered(layer.recurrentBias(), 1, order);
    System.arraycopy(inputBias, 0, biases, 0, inputBias.length);
    System.arraycopy(recurrentBias, 0, biases, inputBias.length, recurrentBias.length);
    ProtoMessage graph =
        new ProtoMessage()
            .message(1, node)
            .string(2, "layer")
            .message(
                5,
                tensor("W", layer.reordered(layer.w(), shape.inputs(), order))
                    .integer(1, 1)
                    .integer(1, rows)
                    .integer(1, shape.inputs()))
            .message(
                5,
                tensor("R", layer.reordered(layer.r(), units, order))
                    .integer(1, 1)
                    .integer(1, rows)
                    .integer(1, units))
            .message(5, tensor("B", biases).integer(1, 1).integer(1, 2 * rows))
            .message(11, value(X, shape.steps(), shape.batch(), shape.inputs()));
    if (states) {
      graph.message(11, value(H0, 1, shape.batch(), units));
      graph.message(12, value(LAST_H, 1, shape.batch(), units));
      if (lstm) {
        graph.message(11, value(C0, 1, shape.batch(), units));
        graph.message(12, value(LAST_C, 1, shape.batch(), units));
      }
    } else {
      graph.message(12, value(Y, shape.steps(), 1, shape.batch(), units));
    }
    return model(graph);
  }

  /** One number in, the same number out: what a call costs that computes nothing. */
  static byte[] identity() {
    ProtoMessage node = new ProtoMessage().string(1, X).string(2, Y).string(4, "Identity");
    return model(
        new ProtoMessage()
            .message(1, node)
            .string(2, "identity")
            .message(11, value(X, 1))
            .message(12, value(Y, 1)));
  }

  /** ONNX's order of the gates, given by their places in PyTorch's. */
  static int[] gateOrder(Cell cell) {
    return switch (cell) {
      case LSTM -> new int[] {0, 3, 1, 2};
      case GRU -> new int[] {1, 0, 2};
      case RNN -> new int[] {0};
    };
  }

  private static byte[] model(ProtoMessage graph) {
    return new ProtoMessage()
        .integer(1, IR_VERSION)
        .message(7, graph)
        .message(8, new ProtoMessage().string(1, "").integer(2, OPSET))
        .toByteArray();
  }

  private static ProtoMessage attribute(String name, long value) {
    return new ProtoMessage().string(1, name).integer(3, value).integer(20, INT);
  }

  private static ProtoMessage tensor(String name, float[] values) {
    return new ProtoMessage().integer(2, FLOAT).string(8, name).floats(9, values);
  }

  private static ProtoMessage value(String name, long... dims) {
    ProtoMessage shape = new ProtoMessage();
    for (long dim : dims) {
      shape.message(1, new ProtoMessage().integer(1, dim));
    }
    ProtoMessage tensor = new ProtoMessage().integer(1, FLOAT).message(2, shape);
    return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensor));
  }
}
