package dev.unroll.bench.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.golden.GoldenData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every golden file passes, and one with a wrong number does not. */
class GoldenRunTest {

  static final List<String> LAYERS = GoldenData.LAYERS;

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = GoldenData.open(name)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @FieldSource("LAYERS")
  void everyFileIsWithinItsBounds(String name) throws IOException {
    List<GoldenRun.Result> results = new GoldenRun(name, bytes(name)).run();
    assertTrue(results.size() >= 8, () -> results.size() + " tensors");
    for (GoldenRun.Result result : results) {
      assertTrue(result.within(), result::toString);
    }
  }

  /** One value of dx, a thousandth of the largest off. */
  @Test
  void aWrongValueExceedsItsBound() throws IOException {
    byte[] bytes = spoiled(GoldenData.GRU_STACK, "dx", 1e-3);
    List<GoldenRun.Result> results = new GoldenRun("spoiled", bytes).run();
    for (GoldenRun.Result result : results) {
      assertEquals(!result.name().equals("dx"), result.within(), result::toString);
    }
    assertFalse(results.isEmpty());
  }

  /** The first value of a tensor, off by this much. */
  private static byte[] spoiled(String name, String tensor, double by) throws IOException {
    byte[] bytes = bytes(name);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong(0);
    String text = new String(bytes, 8, header, StandardCharsets.UTF_8);
    Matcher at =
        Pattern.compile("\"" + tensor + "\":\\{[^}]*\"data_offsets\":\\[(\\d+),")
            .matcher(text.replace(" ", ""));
    assertTrue(at.find());
    int place = 8 + header + Integer.parseInt(at.group(1));
    buffer.putDouble(place, buffer.getDouble(place) + by);
    return bytes;
  }

  /**
   * Floats are within the limit that gradients have too, at the size of the largest value; rounded
   * weights, whose unit is 2^16 times as large, are off by far more: were they not, nothing would
   * have been rounded.
   */
  @ParameterizedTest
  @FieldSource("LAYERS")
  void roundedWeightsShowInEveryOutput(String name) throws IOException {
    List<Bf16Cost.Row> rows = new GoldenRun(name, bytes(name)).bf16();
    boolean lstm = name.startsWith("lstm");
    assertEquals(
        lstm ? List.of("y", "hn", "cn") : List.of("y", "hn"),
        rows.stream().map(Bf16Cost.Row::name).toList());
    for (Bf16Cost.Row row : rows) {
      assertTrue(row.floats() <= 1e-6 * Math.sqrt(9 * 5) * row.largest(), row::toString);
      assertTrue(row.halves() > 1000 * row.floats(), row::toString);
    }
  }

  /** What is compared is the file: a value that is off there is off in both columns. */
  @Test
  void aWrongOutputShowsWhateverTheWeights() throws IOException {
    byte[] bytes = spoiled(GoldenData.LSTM_STACK, "hn", 0.25);
    for (Bf16Cost.Row row : new GoldenRun("spoiled", bytes).bf16()) {
      boolean off = row.name().equals("hn");
      assertEquals(off ? 0.25 : 0, row.floats(), 1e-6, row::toString);
      assertEquals(off ? 0.25 : 0, row.halves(), 4e-3, row::toString);
    }
  }
}
