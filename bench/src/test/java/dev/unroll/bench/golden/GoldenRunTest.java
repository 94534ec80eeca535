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
    byte[] bytes = bytes(GoldenData.GRU_STACK);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong(0);
    String text = new String(bytes, 8, header, StandardCharsets.UTF_8);
    Matcher at =
        Pattern.compile("\"dx\":\\{[^}]*\"data_offsets\":\\[(\\d+),")
            .matcher(text.replace(" ", ""));
    assertTrue(at.find());
    int place = 8 + header + Integer.parseInt(at.group(1));
    buffer.putDouble(place, buffer.getDouble(place) + 1e-3);
    List<GoldenRun.Result> results = new GoldenRun("spoiled", bytes).run();
    for (GoldenRun.Result result : results) {
      assertEquals(!result.name().equals("dx"), result.within(), result::toString);
    }
    assertFalse(results.isEmpty());
  }
}
