package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.golden.Digits;
import dev.unroll.testing.golden.GoldenData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
final class SafetensorsTest {
  @TempDir Path directory;

  static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenData.open(name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void readsWhatPyTorchWrote() throws IOException {
    Safetensors file = Safetensors.of(golden(GoldenData.DIGITS_LSTM));
    assertEquals("0.9111", file.metadata().get("accuracy"));
    assertEquals(
        List.of(
            "expected.logits",
            "head.bias",
            "head.weight",
            "lstm.bias_hh_l0",
            "lstm.bias_ih_l0",
            "lstm.weight_hh_l0",
            "lstm.weight_ih_l0",
            "expected.labels"),
        List.copyOf(file.names()));
    TensorInfo weights = file.info("lstm.weight_ih_l0");
    assertEquals(DType.F32, weights.dtype());
    assertArrayEquals(new long[] {128, 8}, weights.shape());
    assertEquals(2, weights.rank());
    assertEquals(8, weights.dimension(1));
    assertEquals(1024, weights.elements());
    assertEquals(4096, weights.end() - weights.begin());
    Digits digits = Digits.load();
    assertArrayEquals(
        digits.labels(digits.size() - Digits.TEST_IMAGES, Digits.TEST_IMAGES),
        file.ints("expected.labels"));
  }

  @Test
  void allDoorsLeadToTheSameContent() throws IOException {
    byte[] bytes = golden(GoldenData.LSTM);
    Path path = Files.write(directory.resolve("lstm.safetensors"), bytes);
    Safetensors array = Safetensors.of(bytes);
    try (InputStream in = new ByteArrayInputStream(bytes);
        Safetensors opened = Safetensors.open(path)) {
      Safetensors stream = Safetensors.read(in);
      assertEquals(-1, in.read());
      for (TensorInfo tensor : array.tensors()) {
        String name = tensor.name();
        assertEquals(tensor.toString(), opened.info(name).toString());
        assertEquals(tensor.toString(), stream.info(name).toString());
        assertArrayEquals(array.bytes(name), opened.bytes(name));
        assertArrayEquals(array.bytes(name), stream.bytes(name));
        assertArrayEquals(array.doubles(name), opened.doubles(name));
        assertArrayEquals(array.floats(name), opened.floats(name));
      }
      assertEquals(array.metadata(), opened.metadata());
      assertEquals(array.names(), stream.names());
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreTensors() throws IOException {
    String header =
        "{"
            + RawFile.entry("empty", "F32", "[3,0,2]", 0, 0)
            + ","
            + RawFile.entry("scalar", "U16", "[]", 0, 2)
            + ","
            + RawFile.entry("tail", "I64", "[0]", 2, 2)
            + "}";
    Safetensors file = Safetensors.of(RawFile.of(header, 2));
    assertEquals(0, file.floats("empty").length);
    assertArrayEquals(new long[] {3, 0, 2}, file.info("empty").shape());
    assertEquals(0, file.info("scalar").rank());
    assertArrayEquals(new int[] {0x0100}, file.ints("scalar"));
    assertEquals(0, file.longs("tail").length);
  }

  @Test
  void fileWithoutTensorsIsAFile() throws IOException {
    Safetensors file = Safetensors.of(RawFile.of("{}", 0));
    assertEquals(Set.of(), file.names());
    assertEquals(Map.of(), file.metadata());
    assertEquals(
        Map.of(), Safetensors.of(RawFile.of("{ \"__metadata__\" : { } } \n", 0)).metadata());
  }

  @Test
  void tensorsMayStandInAnyOrderInTheHeader() throws IOException {
    String header =
        "{"
            + RawFile.entry("second", "U8", "[2]", 1, 3)
            + " , "
            + "\"first\" : {\"shape\":[ 1 ], \"data_offsets\":[0 ,1],\t\"dtype\":\"U8\"}}   ";
    Safetensors file = Safetensors.of(RawFile.of(header, 3));
    assertEquals(List.of("first", "second"), List.copyOf(file.names()));
    assertArrayEquals(new int[] {1, 2}, file.ints("second"));
  }

  @Test
  void namesMayUseAllOfUnicode() throws IOException {
    String header =
        "{\"__metadata__\":{\"\\u00e9\\n\":\"\\ud83d\\ude00\\u0000\\/\"},"
            + RawFile.entry("gewicht ä漢😀\\\"\\\\", "U8", "[1]", 0, 1)
            + "}";
    Safetensors file = Safetensors.of(RawFile.of(header, 1));
    assertEquals(Set.of("gewicht ä漢😀\"\\"), file.names());
    assertEquals(Map.of("é\n", "😀\0/"), file.metadata());
  }

  @Test
  void widensEveryHalfExactly() throws IOException {
    byte[] all = new byte[2 << 16];
    for (int i = 0; i < 1 << 16; i++) {
      all[2 * i] = (byte) i;
      all[2 * i + 1] = (byte) (i >> 8);
    }
    Safetensors file =
        Safetensors.of(
            Safetensors.writer()
                .addBytes("f16", DType.F16, all, 1 << 16)
                .addBytes("bf16", DType.BF16, all, 1 << 16)
                .toBytes());
    float[] f16 = file.floats("f16");
    float[] bf16 = file.floats("bf16");
    double[] wide = file.doubles("f16");
    for (int i = 0; i < 1 << 16; i++) {
      assertEquals(i << 16, Float.floatToRawIntBits(bf16[i]));
      float expected = Float.float16ToFloat((short) i);
      if (Float.isNaN(expected)) {
        int payload = (i & 0x8000) << 16 | 0x7F80_0000 | (i & 0x3FF) << 13;
        assertEquals(payload, Float.floatToRawIntBits(f16[i]));
      } else {
        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(f16[i]));
        assertEquals(expected, wide[i]);
      }
    }
  }

  @Test
  void roundsDoublesOnce() throws IOException {
    // Halfway between two floats, and a hair above it: the second tells rounding once from twice.
    double half = 1 + 0x1p-24;
    double[] values = {half, Math.nextUp(half), 1e300, -1e-300, 0x1.8p-149, Double.NaN, -0.0};
    Safetensors file =
        Safetensors.of(Safetensors.writer().add("x", values, values.length).toBytes());
    float[] floats = file.floats("x");
    assertArrayEquals(
        new float[] {1, 1 + 0x1p-23f, Float.POSITIVE_INFINITY, -0f, 0x1p-148f, Float.NaN, -0f},
        floats);
    assertArrayEquals(values, file.doubles("x"));
  }

  @Test
  void keepsPayloadsOfFloats() throws IOException {
    int[] bits = {0x7F80_0001, 0xFFC0_1234, 0x8000_0000, 1};
    byte[] data = new byte[16];
    for (int i = 0; i < 4; i++) {
      ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * i, bits[i]);
    }
    Path path = directory.resolve("payloads");
    Safetensors.writer().addBytes("x", DType.F32, data, 4).write(path);
    try (Safetensors file = Safetensors.open(path)) {
      float[] out = new float[6];
      file.floats("x", out, 1);
      for (int i = 0; i < bits.length; i++) {
        assertEquals(bits[i], Float.floatToRawIntBits(out[i + 1]));
      }
      assertEquals(0, out[0]);
      assertEquals(0, out[5]);
      assertThrows(IndexOutOfBoundsException.class, () -> file.floats("x", out, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> file.floats("x", out, -1));
      assertThrows(IndexOutOfBoundsException.class, () -> file.floats("x", out, Integer.MAX_VALUE));
    }
  }

  @Test
  void readsEveryIntegerType() throws IOException {
    byte[] ones = new byte[8];
    Arrays.fill(ones, (byte) -1);
    SafetensorsWriter writer = Safetensors.writer();
    for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.U16, DType.I32, DType.U32)) {
      writer.addBytes(dtype.name(), dtype, Arrays.copyOf(ones, dtype.bytes()));
    }
    writer.add("I64", new long[] {Long.MIN_VALUE, -1}, 2).addBytes("U64", DType.U64, ones);
    writer.add("BOOL", new boolean[] {true, false}, 2).addBytes("odd", DType.BOOL, new byte[] {2});
    Safetensors file = Safetensors.of(writer.toBytes());
    Map<String, Long> expected =
        Map.of("I8", -1L, "U8", 255L, "I16", -1L, "U16", 65535L, "I32", -1L);
    for (Map.Entry<String, Long> entry : expected.entrySet()) {
      assertArrayEquals(new long[] {entry.getValue()}, file.longs(entry.getKey()));
      assertArrayEquals(new int[] {entry.getValue().intValue()}, file.ints(entry.getKey()));
    }
    assertArrayEquals(new long[] {0xFFFF_FFFFL}, file.longs("U32"));
    assertArrayEquals(new long[] {Long.MIN_VALUE, -1}, file.longs("I64"));
    assertArrayEquals(new int[] {1, 0}, file.ints("BOOL"));
    assertArrayEquals(new boolean[] {true, false}, file.booleans("BOOL"));
    assertMessage(() -> file.ints("U32"), "\"U32\"", "4294967295", "element 0", "an int");
    assertMessage(() -> file.ints("I64"), "\"I64\"", "-9223372036854775808", "an int");
    assertMessage(() -> file.longs("U64"), "\"U64\"", "18446744073709551615", "a long");
    assertMessage(() -> file.booleans("odd"), "\"odd\"", "holds 2", "0 and 1");
  }

  @Test
  void saysWhatItHasInsteadOfWhatWasAsked() throws IOException {
    Safetensors file = Safetensors.of(golden(GoldenData.DIGITS_LSTM));
    assertMessage(() -> file.floats("head.wieght"), "\"head.wieght\"", "has 8", "\"head.weight\"");
    assertMessage(
        () -> file.floats("expected.labels"),
        "\"expected.labels\" I32 [360]",
        "F16, BF16, F32, F64");
    assertMessage(() -> file.longs("head.bias"), "\"head.bias\" F32 [10]", "I64");
    assertMessage(() -> file.booleans("head.bias"), "\"head.bias\" F32 [10]", "BOOL");
    assertMessage(
        () -> file.require("head.weight", 32, 10), "\"head.weight\" F32 [10, 32]", "[32, 10]");
    assertEquals("head.weight", file.require("head.weight", 10, 32).name());
    assertTrue(file.contains("head.bias"));
    assertFalse(file.contains("head"));
  }

  @Test
  @SuppressWarnings("NullAway") // Callers that do not run a null checker pass what they like.
  void nullIsNamed() throws IOException {
    Safetensors file = Safetensors.of(RawFile.of("{}", 0));
    assertEquals("name", assertNull(() -> file.floats(null)));
    assertEquals("name", assertNull(() -> file.contains(null)));
    assertEquals("file", assertNull(() -> Safetensors.open(null)));
    assertEquals("in", assertNull(() -> Safetensors.read(null)));
    assertEquals("bytes", assertNull(() -> Safetensors.of(null)));
  }

  @Test
  void missingAndClosedFilesAreIoErrors() throws IOException {
    assertThrows(
        NoSuchFileException.class, () -> Safetensors.open(directory.resolve("no such file")));
    Path path = Files.write(directory.resolve("x"), golden(GoldenData.LSTM));
    Safetensors file = Safetensors.open(path);
    file.close();
    file.close();
    String message =
        String.valueOf(assertThrows(IOException.class, () -> file.floats("x")).getMessage());
    assertTrue(message.startsWith(path + ": closed, so \"x\""), message);
  }

  @Test
  void fileThatShrinksIsReported() throws IOException {
    Path path = Files.write(directory.resolve("x"), golden(GoldenData.LSTM));
    try (Safetensors file = Safetensors.open(path);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(2000);
      assertMessage(() -> file.floats("x"), path.toString(), "\"x\"", "shrunk");
    }
  }

  @Test
  void offsetsPastTwoGigabytesAreReached() throws IOException {
    long big = 3L << 30;
    String header =
        "{"
            + RawFile.entry("big", "U8", "[3,1073741824]", 0, big)
            + ","
            + RawFile.entry("last", "F32", "[1]", big, big + 4)
            + "}";
    byte[] start = RawFile.of(header, 0);
    Path path = directory.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(RawFile.littleEndian(4).putFloat(0, 2.5f), start.length + big);
    }
    try (Safetensors file = Safetensors.open(path)) {
      assertArrayEquals(new float[] {2.5f}, file.floats("last"));
      assertMessage(() -> file.bytes("big"), "\"big\" U8 [3, 1073741824]", "2147483639");
      assertMessage(() -> file.ints("big"), "\"big\"", "too long");
    }
  }

  @FunctionalInterface
  interface Call {
    void run() throws IOException;
  }

  static void assertMessage(Call call, String... parts) {
    String message =
        String.valueOf(assertThrows(SafetensorsException.class, call::run).getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "not in the message: " + part + "\n" + message);
    }
  }

  private static String assertNull(Call call) {
    return String.valueOf(assertThrows(NullPointerException.class, call::run).getMessage());
  }
}
