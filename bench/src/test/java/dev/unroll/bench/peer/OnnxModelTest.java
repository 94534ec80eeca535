package dev.unroll.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.Layer;
import dev.unroll.bench.recurrent.LayerShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The models that ONNX Runtime is given, byte by byte and read back. */
class OnnxModelTest {

  /** Field numbers and wire types written out by hand from onnx.proto. */
  @Test
  void theIdentityIsTheseBytes() {
    String expected =
        "0808" // ir_version 8
            + "3a3e" // graph, 62 bytes
            + "0a10" // node
            + "0a0158" // input X
            + "120159" // output Y
            + "22084964656e74697479" // op_type Identity
            + "12086964656e74697479" // name identity
            + "5a0f0a0158120a0a0808011204" // input X: tensor of floats
            + "0a020801" // one dimension of 1
            + "620f0a0159120a0a0808011204" // output Y
            + "0a020801"
            + "42040a00100e"; // opset 14 of the default domain
    assertEquals(expected, HexFormat.of().formatHex(OnnxModel.identity()));
  }

  @Test
  void largeNumbersTakeSeveralBytes() {
    byte[] bytes = new ProtoMessage().integer(20, 300).integer(1, 0).toByteArray();
    assertEquals("a001ac020800", HexFormat.of().formatHex(bytes));
  }

  @ParameterizedTest
  @EnumSource
  void aLayerReadsBackAsItWasMeant(Cell cell) {
    LayerShape shape = new LayerShape(3, 2, 5, 4);
    Layer layer = Layer.random(cell, shape);
    List<Field> model = fields(OnnxModel.recurrent(layer, shape, false));
    List<Field> graph = fields(only(model, 7).bytes());
    List<Field> node = fields(only(graph, 1).bytes());
    assertEquals(List.of("X", "W", "R", "B"), strings(node, 1));
    assertEquals(List.of("Y"), strings(node, 2));
    assertEquals(List.of(cell.name()), strings(node, 4));
    List<Long> attributes =
        all(node, 5).stream().map(a -> only(fields(a.bytes()), 3).value()).toList();
    assertEquals(cell == Cell.GRU ? List.of(4L, 1L) : List.of(4L), attributes);

    List<Field> tensors = all(graph, 5);
    int rows = cell.gates() * 4;
    assertTensor("W", List.of(1L, (long) rows, 5L), tensors.get(0));
    assertTensor("R", List.of(1L, (long) rows, 4L), tensors.get(1));
    assertTensor("B", List.of(1L, 2L * rows), tensors.get(2));
    int[] order = OnnxModel.gateOrder(cell);
    float[] w = floats(tensors.get(0));
    for (int gate = 0; gate < order.length; gate++) {
      assertArrayEquals(
          Arrays.copyOfRange(layer.w(), order[gate] * 20, (order[gate] + 1) * 20),
          Arrays.copyOfRange(w, gate * 20, (gate + 1) * 20));
    }
    assertEquals(List.of(3L, 2L, 5L), dims(only(graph, 11)));
    assertEquals(List.of(3L, 1L, 2L, 4L), dims(only(graph, 12)));
  }

  @ParameterizedTest
  @EnumSource
  void aStepHasItsStatesAsInputsAndOutputs(Cell cell) {
    LayerShape shape = new LayerShape(1, 2, 5, 4);
    List<Field> model = fields(OnnxModel.recurrent(Layer.random(cell, shape), shape, true));
    List<Field> graph = fields(only(model, 7).bytes());
    List<Field> node = fields(only(graph, 1).bytes());
    boolean lstm = cell == Cell.LSTM;
    assertEquals(
        lstm
            ? List.of("X", "W", "R", "B", "", "initial_h", "initial_c")
            : List.of("X", "W", "R", "B", "", "initial_h"),
        strings(node, 1));
    assertEquals(lstm ? List.of("", "Y_h", "Y_c") : List.of("", "Y_h"), strings(node, 2));
    assertEquals(lstm ? 3 : 2, all(graph, 11).size());
    assertEquals(List.of(1L, 2L, 4L), dims(all(graph, 12).getFirst()));
  }

  private static void assertTensor(String name, List<Long> dims, Field tensor) {
    List<Field> fields = fields(tensor.bytes());
    assertEquals(List.of(name), strings(fields, 8));
    assertEquals(dims, all(fields, 1).stream().map(Field::value).toList());
    assertEquals(1, only(fields, 2).value());
    long count = dims.stream().reduce(1L, (a, b) -> a * b);
    assertEquals(4 * count, only(fields, 9).bytes().length);
  }

  private static float[] floats(Field tensor) {
    byte[] raw = only(fields(tensor.bytes()), 9).bytes();
    float[] values = new float[raw.length / 4];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static List<Long> dims(Field value) {
    List<Field> type = fields(only(fields(value.bytes()), 2).bytes());
    List<Field> tensor = fields(only(type, 1).bytes());
    return all(fields(only(tensor, 2).bytes()), 1).stream()
        .map(dim -> only(fields(dim.bytes()), 1).value())
        .toList();
  }

  private record Field(int number, long value, byte[] bytes) {}

  private static List<Field> all(List<Field> fields, int number) {
    return fields.stream().filter(f -> f.number() == number).toList();
  }

  private static Field only(List<Field> fields, int number) {
    List<Field> found = all(fields, number);
    assertEquals(1, found.size(), "fields of number " + number);
    return found.getFirst();
  }

  private static List<String> strings(List<Field> fields, int number) {
    return all(fields, number).stream()
        .map(f -> new String(f.bytes(), StandardCharsets.UTF_8))
        .toList();
  }

  /** Reads one message of the wire format, which must end where its bytes end. */
  private static List<Field> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      long value = varint(in);
      byte[] bytes = {};
      if ((tag & 7) == 2) {
        bytes = new byte[(int) value];
        in.get(bytes);
      } else {
        assertEquals(0, tag & 7, "wire type");
      }
      fields.add(new Field((int) (tag >>> 3), value, bytes));
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
