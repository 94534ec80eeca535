package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.golden.GoldenData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
final class SafetensorsWriterTest {
  @TempDir Path directory;

  @Test
  void bytesAreThoseOfTheFormat() throws IOException {
    byte[] written = Safetensors.writer().add("attn0", new float[] {0, 1, -2}, 1, 3).toBytes();
    // 61 bytes of JSON and 3 spaces.
    String header = "{" + RawFile.entry("attn0", "F32", "[1,3]", 0, 12) + "}" + " ".repeat(3);
    byte[] data = {0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0};
    assertArrayEquals(
        RawFile.declaring(64, header.getBytes(StandardCharsets.UTF_8), data), written);
  }

  @Test
  void emptyFileIsBracesAndSpaces() throws IOException {
    assertArrayEquals(RawFile.of("{}      ", 0), Safetensors.writer().toBytes());
    assertArrayEquals(
        RawFile.of("{\"__metadata__\":{\"framework\":\"pt\"}}     ", 0),
        Safetensors.writer().metadata("framework", "pt").toBytes());
  }

  /** Types from the most strictly aligned down, names by code point within a type. */
  @Test
  void layoutDoesNotDependOnTheOrderOfAdding() throws IOException {
    List<String> types = new ArrayList<>();
    for (DType dtype : DType.values()) {
      types.add(dtype.name());
    }
    // In UTF-16 units U+1F600 sorts before U+FF5E; as characters, and in the reference, after it.
    List<String> names = new ArrayList<>(List.of("a", "B", "\uff5e", "\ud83d\ude00"));
    List<byte[]> results = new ArrayList<>();
    for (int order = 0; order < 4; order++) {
      SafetensorsWriter writer = Safetensors.writer();
      for (String type : types) {
        for (String name : names) {
          DType dtype = DType.valueOf(type);
          writer.addBytes(type + name, dtype, new byte[dtype.bytes()]).metadata(name, type);
        }
      }
      for (String name : names) {
        writer.metadata(name, "value");
      }
      results.add(writer.toBytes());
      assertArrayEquals(results.getFirst(), results.getLast());
      Collections.rotate(types, 5);
      Collections.reverse(names);
    }
    List<String> expected = new ArrayList<>();
    for (String type :
        List.of(
            "U64", "I64", "F64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "I8", "U8",
            "BOOL")) {
      for (String name : List.of("B", "a", "\uff5e", "\ud83d\ude00")) {
        expected.add(type + name);
      }
    }
    assertEquals(expected, List.copyOf(Safetensors.of(results.getFirst()).names()));
  }

  /** Everything but the metadata, whose order the reference leaves to chance, is reproduced. */
  @Test
  void rewritesAGoldenFileByteForByte() throws IOException {
    for (String name : List.of(GoldenData.LSTM, GoldenData.DIGITS_LSTM)) {
      byte[] golden = SafetensorsTest.golden(name);
      Safetensors file = Safetensors.of(golden);
      SafetensorsWriter writer = Safetensors.writer();
      for (TensorInfo tensor : file.tensors()) {
        writer.addBytes(tensor.name(), tensor.dtype(), file.bytes(tensor.name()), tensor.shape());
      }
      file.metadata().forEach(writer::metadata);
      byte[] written = writer.toBytes();
      assertEquals(golden.length, written.length);
      assertEquals(afterMetadata(golden), afterMetadata(written));
      assertEquals(file.metadata(), Safetensors.of(written).metadata());
    }
  }

  private static String afterMetadata(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return text.substring(text.indexOf("\"},") + 3);
  }

  @Test
  void escapesWhatJsonDemands() throws IOException {
    String text = "\"\\/\b\f\n\r\t\u0001\u001f\u007fé\u2028漢😀";
    byte[] written = Safetensors.writer().metadata(text, "").add(text, new int[1]).toBytes();
    String header = new String(written, 8, written.length - 12, StandardCharsets.UTF_8);
    assertTrue(
        header.startsWith(
            "{\"__metadata__\":{\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007fé\u2028漢😀\":\"\"},"),
        header);
    assertArrayEquals(new int[1], Safetensors.of(written).ints(text));
  }

  @Test
  void roundsHalvesToNearestEven() throws IOException {
    float[] values = new float[1 << 18];
    for (int i = 0; i < values.length; i++) {
      // Every exponent and sign, the bits around the rounding position in all combinations.
      int bits = (i >>> 9) << 23 | (i & 0x1FF) << 10;
      bits |= (i & 1) == 0 ? 0 : (i & 2) == 0 ? 1 : 0x3FF;
      values[i] = Float.intBitsToFloat(bits);
    }
    Safetensors file =
        Safetensors.of(
            Safetensors.writer()
                .add("f16", DType.F16, values, values.length)
                .add("bf16", DType.BF16, values, values.length)
                .toBytes());
    float[] f16 = file.floats("f16");
    float[] bf16 = file.floats("bf16");
    for (int i = 0; i < values.length; i++) {
      assertNearestEven(values[i], f16[i], 11, -14, 65504);
      assertNearestEven(values[i], bf16[i], 8, -126, 0x1.FEp127);
    }
  }

  /** Judges a rounding by the definition: within half a unit, even in a tie. */
  private static void assertNearestEven(
      float value, float rounded, int precision, int minExponent, double largest) {
    if (Float.isNaN(value)) {
      assertTrue(Float.isNaN(rounded));
      return;
    }
    assertEquals(Math.copySign(1f, value), Math.copySign(1f, rounded));
    double magnitude = Math.abs((double) value);
    int topExponent = Math.getExponent(largest);
    int exponent = Math.clamp(Math.getExponent(magnitude), minExponent, topExponent);
    double unit = Math.scalb(1.0, exponent - precision + 1);
    if (magnitude >= largest + unit / 2) {
      assertTrue(Float.isInfinite(rounded), () -> value + " to " + rounded);
      return;
    }
    double error = Math.abs(magnitude - Math.abs((double) rounded));
    assertTrue(error <= unit / 2, () -> value + " to " + rounded);
    if (error == unit / 2) {
      // Even in the unit of the value, also when the result went up to the next power of two.
      assertEquals(0, Math.abs((double) rounded) / unit % 2, () -> value + " to " + rounded);
    }
  }

  @Test
  void widensFloatsToDoublesExactly() throws IOException {
    float[] values = {1 / 3f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY};
    Safetensors file =
        Safetensors.of(Safetensors.writer().add("x", DType.F64, values, 5).toBytes());
    assertArrayEquals(values, file.floats("x"));
    assertEquals(new BigDecimal(values[0]), new BigDecimal(file.doubles("x")[0]));
  }

  @Test
  void tensorsLargerThanAChunkAreWhole() throws IOException {
    double[] doubles = new double[20_001];
    long[] longs = new long[20_001];
    int[] ints = new int[40_001];
    boolean[] booleans = new boolean[70_001];
    float[] floats = new float[40_001];
    Arrays.setAll(doubles, i -> i + 0.5);
    Arrays.setAll(longs, i -> i * 0x1_0000_0001L);
    Arrays.setAll(ints, i -> -i);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i / 3f;
      booleans[i] = i % 3 == 0;
    }
    Path path = directory.resolve("large");
    Safetensors.writer()
        .add("doubles", doubles, 20_001)
        .add("longs", longs, 20_001)
        .add("ints", ints, 40_001)
        .add("booleans", booleans, 70_001)
        .add("floats", floats, 40_001)
        .addBytes("bytes", DType.U8, Files.readAllBytes(writeSome(70_001)), 70_001)
        .write(path);
    try (Safetensors file = Safetensors.open(path)) {
      assertArrayEquals(doubles, file.doubles("doubles"));
      assertArrayEquals(longs, file.longs("longs"));
      assertArrayEquals(ints, file.ints("ints"));
      assertArrayEquals(booleans, file.booleans("booleans"));
      assertArrayEquals(floats, file.floats("floats"));
      assertArrayEquals(Files.readAllBytes(writeSome(70_001)), file.bytes("bytes"));
    }
  }

  private Path writeSome(int bytes) throws IOException {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (i * 7);
    }
    return Files.write(directory.resolve("some"), data);
  }

  @Test
  void refusesWhatNoReaderMayAccept() {
    SafetensorsWriter writer = Safetensors.writer().add("used", new float[1]);
    float[] two = new float[2];
    assertRefused("used", () -> writer.add("used", two, 2));
    assertRefused("__metadata__", () -> writer.add("__metadata__", two, 2));
    assertRefused("NUL", () -> writer.add("a\0b", two, 2));
    assertRefused("surrogate", () -> writer.add("\ud83d", two, 2));
    assertRefused("surrogate", () -> writer.metadata("k", "\ude00"));
    assertRefused("[3]", () -> writer.add("x", two, 3));
    assertRefused("2 elements", () -> writer.add("x", two));
    assertRefused("[-1, -2]", () -> writer.add("x", two, -1, -2));
    long wraps = 1L << 32;
    assertRefused("4294967296", () -> writer.add("x", new float[0], wraps, wraps, 0));
    assertRefused("4294967296", () -> writer.add("x", new float[0], wraps, wraps));
    assertRefused("I32", () -> writer.add("x", DType.I32, two, 2));
    assertRefused("F32", () -> writer.addBytes("x", DType.F32, new byte[7], 1));
  }

  @Test
  @SuppressWarnings("NullAway") // Callers that do not run a null checker pass what they like.
  void nullIsNamed() {
    SafetensorsWriter writer = Safetensors.writer();
    assertNull("name", () -> writer.add(null, new int[1]));
    assertNull("data", () -> writer.add("x", (float[]) null, 1));
    assertNull("shape", () -> writer.add("x", new int[1], (long[]) null));
    assertNull("dtype", () -> writer.add("x", null, new float[1]));
    assertNull("value", () -> writer.metadata("k", null));
  }

  private static void assertNull(String parameter, Runnable call) {
    assertEquals(parameter, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  private static void assertRefused(String part, Runnable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void shapeIsCopied() throws IOException {
    long[] shape = {2, 3};
    SafetensorsWriter writer = Safetensors.writer().add("x", new float[6], shape);
    shape[0] = 7;
    assertEquals("\"x\" F32 [2, 3]", Safetensors.of(writer.toBytes()).info("x").toString());
  }

  @Test
  void replacesAFileWhole() throws IOException {
    Path path = Files.writeString(directory.resolve("model"), "something else");
    SafetensorsWriter writer = Safetensors.writer().add("x", new float[] {1}, 1);
    writer.write(path);
    assertArrayEquals(writer.toBytes(), Files.readAllBytes(path));
    assertEquals(List.of("model"), listing());
  }

  @Test
  void failureLeavesNothingBehind() throws IOException {
    // A directory that is not empty cannot be replaced, so the very last step fails.
    Path target = Files.createDirectory(directory.resolve("model"));
    Files.createFile(target.resolve("inside"));
    SafetensorsWriter writer = Safetensors.writer().add("x", new float[] {1}, 1);
    assertThrows(FileSystemException.class, () -> writer.write(target));
    assertEquals(List.of("model"), listing());
    assertThrows(FileSystemException.class, () -> writer.write(directory.resolve("missing/model")));
  }

  @Test
  void followsASymbolicLink() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    SafetensorsWriter writer = Safetensors.writer().add("x", new float[] {1}, 1);
    writer.write(link);
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(writer.toBytes(), Files.readAllBytes(file));
  }

  @Test
  void streamIsLeftOpenAndItsFailurePassedOn() throws IOException {
    SafetensorsWriter writer = Safetensors.writer().add("x", new float[] {1}, 1);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    writer.write(out);
    assertArrayEquals(writer.toBytes(), out.toByteArray());
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    assertEquals(
        "disk full", assertThrows(IOException.class, () -> writer.write(full)).getMessage());
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
