package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files made to hurt: each is refused with one exception that names the culprit, in time and memory
 * that do not depend on what the file declares.
 */
@Tag("once")
final class SafetensorsHostileTest {
  /** The promise about time; the best of a few attempts, since the machine may be busy. */
  private static final long LIMIT_NANOS = 50_000_000;

  private static final int ATTEMPTS = 5;

  /**
   * Room for buffers and messages, whatever is declared; what a file itself holds comes on top, a
   * few times over, since names are kept and quoted.
   */
  private static final long LIMIT_BYTES = 256 * 1024;

  private static final int COPIES_OF_FILE = 8;

  @TempDir Path directory;

  static final class Hostile {
    private final String what;
    private final byte[] bytes;
    private final List<String> message;

    Hostile(String what, byte[] bytes, List<String> message) {
      this.what = what;
      this.bytes = bytes;
      this.message = message;
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static Hostile file(String what, byte[] bytes, String... message) {
    return new Hostile(what, bytes, List.of(message));
  }

  /** A file whose header is the trouble, with eight bytes of data. */
  private static Hostile header(String what, String header, String... message) {
    return file(what, RawFile.of(header, 8), message);
  }

  /** A file with one tensor of a given shape and offsets, eight bytes of data behind. */
  private static Hostile tensor(
      String what, String dtype, String shape, String offsets, String... message) {
    String header =
        "{\"weight\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
            .formatted(dtype, shape, offsets);
    List<String> parts = new ArrayList<>(List.of(message));
    parts.add("\"weight\"");
    return new Hostile(what, RawFile.of(header, 8), parts);
  }

  static Stream<Hostile> files() {
    String good = RawFile.entry("a", "F32", "[2]", 0, 8);
    byte[] braces = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] none = {};
    return Stream.of(
        file("nothing at all", none, "0 bytes", "8"),
        file("seven bytes", new byte[7], "7 bytes", "8"),
        file("no header", RawFile.declaring(0, none, none), "begin with '{'", "ends"),
        file(
            "length 2^63",
            RawFile.declaring(Long.MIN_VALUE, braces, none),
            "9223372036854775808",
            "100000000"),
        file(
            "length 2^64 - 1",
            RawFile.declaring(-1, braces, none),
            "18446744073709551615",
            "100000000"),
        file(
            "length 2^63 - 1",
            RawFile.declaring(Long.MAX_VALUE, braces, none),
            "9223372036854775807",
            "100000000"),
        file("over 100 MB", RawFile.declaring(100_000_001, braces, none), "100000001", "100000000"),
        file(
            "just 100 MB in a tiny file",
            RawFile.declaring(100_000_000, braces, none),
            "100000000",
            "only 2 follow",
            "truncated"),
        file("cut in the header", RawFile.declaring(60, braces, none), "60", "truncated"),
        header("space before", " {" + good + "}", "begin with '{'", "0x20"),
        header("byte order mark", "\ufeff{" + good + "}", "begin with '{'", "0xef"),
        header("array", "[" + good + "]", "begin with '{'", "'['"),
        header("not closed", "{" + good, "',' or '}'", "ends"),
        header("comma before the end", "{" + good + ",}", "key", "'}'"),
        header("two objects", "{" + good + "}{}", "only spaces", "'{'"),
        header("zeros after", "{" + good + "}\0\0", "only spaces", "0x00"),
        header("single quotes", "{'a':{}}", "double quotes"),
        header("comment", "{/**/" + good + "}", "double quotes", "'/'"),
        header("tensor twice", "{" + good + "," + good + "}", "\"a\"", "twice"),
        header(
            "tensor twice, once escaped",
            "{" + good + "," + good.replace("\"a\"", "\"\\u0061\"") + "}",
            "\"a\"",
            "twice"),
        header(
            "metadata twice",
            "{\"__metadata__\":{},\"__metadata__\":{}," + good + "}",
            "__metadata__",
            "twice"),
        header(
            "metadata key twice",
            "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + good + "}",
            "\"k\"",
            "twice"),
        header("metadata number", "{\"__metadata__\":{\"k\":1}," + good + "}", "\"k\"", "string"),
        header("metadata null", "{\"__metadata__\":null," + good + "}", "__metadata__", "object"),
        header(
            "dtype twice",
            "{" + good.replace("\"shape\"", "\"dtype\":\"F32\",\"shape\"") + "}",
            "\"a\"",
            "\"dtype\"",
            "twice"),
        header(
            "shape twice",
            "{" + good.replace("\"shape\"", "\"shape\":[2],\"shape\"") + "}",
            "\"a\"",
            "\"shape\"",
            "twice"),
        header(
            "offsets twice",
            "{" + good.replace("\"shape\"", "\"data_offsets\":[0,8],\"shape\"") + "}",
            "\"a\"",
            "\"data_offsets\"",
            "twice"),
        header(
            "unknown key",
            "{" + good.replace("\"shape\"", "\"strides\":[1],\"shape\"") + "}",
            "\"a\"",
            "\"strides\"",
            "dtype, shape and data_offsets"),
        header("empty entry", "{\"a\":{}}", "\"a\"", "no dtype"),
        header(
            "no shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", "\"a\"", "no shape"),
        header("no offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "\"a\"", "data_offsets"),
        header("tensor is a number", "{\"a\":1}", "\"a\"", "object", "'1'"),
        header(
            "hole at the front",
            "{" + RawFile.entry("a", "F32", "[1]", 4, 8) + "}",
            "\"a\"",
            "hole",
            "4"),
        header(
            "hole inside",
            "{"
                + RawFile.entry("a", "U8", "[2]", 0, 2)
                + ","
                + RawFile.entry("b", "U8", "[4]", 4, 8)
                + "}",
            "\"b\"",
            "hole",
            "2"),
        header(
            "overlap",
            "{"
                + RawFile.entry("a", "U8", "[5]", 0, 5)
                + ","
                + RawFile.entry("b", "U8", "[4]", 4, 8)
                + "}",
            "\"b\"",
            "inside",
            "5"),
        header(
            "the same range twice",
            "{"
                + RawFile.entry("a", "U8", "[8]", 0, 8)
                + ","
                + RawFile.entry("b", "U8", "[8]", 0, 8)
                + "}",
            "inside"),
        header(
            "empty tensor past the end",
            "{" + good + "," + RawFile.entry("b", "U8", "[0]", 9, 9) + "}",
            "\"b\"",
            "9"),
        header(
            "trailing garbage",
            "{" + RawFile.entry("a", "F32", "[1]", 0, 4) + "}",
            "nothing may follow"),
        header("data without a tensor", "{}", "nothing may follow"),
        header(
            "cut in the data",
            "{" + RawFile.entry("a", "F32", "[3]", 0, 12) + "}",
            "8",
            "truncated"),
        header(
            "name with NUL",
            "{" + good.replace("\"a\"", "\"a\\u0000b\"") + "}",
            "a\\u0000b",
            "NUL"),
        header(
            "raw control character",
            "{" + good.replace("\"a\"", "\"a\nb\"") + "}",
            "control",
            "0x0a"),
        header("lone high surrogate", "{" + good.replace("\"a\"", "\"\\ud83d\"") + "}", "\\ud83d"),
        header("lone low surrogate", "{" + good.replace("\"a\"", "\"\\ude00x\"") + "}", "\\ude00"),
        header(
            "two high surrogates",
            "{" + good.replace("\"a\"", "\"\\ud83d\\ud83d\"") + "}",
            "\\ud83d"),
        header("bad escape", "{" + good.replace("\"a\"", "\"\\x41\"") + "}", "backslash", "'x'"),
        header("bad hexadecimal", "{" + good.replace("\"a\"", "\"\\u00g0\"") + "}", "\\u", "'g'"),
        header("string not closed", "{\"" + "a".repeat(100), "end with '\"'"),
        utf8("stray continuation", 0x80),
        utf8("overlong slash", 0xC0, 0xAF),
        utf8("surrogate in UTF-8", 0xED, 0xA0, 0x80),
        utf8("beyond Unicode", 0xF4, 0x90, 0x80, 0x80),
        utf8("cut character", 0xE6, 0xBC),
        tensor("unknown dtype", "\"F8_E4M3\"", "[8]", "[0,8]", "\"F8_E4M3\"", "BF16"),
        tensor("dtype in small letters", "\"f32\"", "[2]", "[0,8]", "\"f32\"", "F32"),
        tensor("dtype is a number", "32", "[2]", "[0,8]", "dtype", "'3'"),
        tensor("size not shape times type", "\"F32\"", "[3]", "[0,8]", "[3]", "F32", "needs 12"),
        tensor("end before begin", "\"F32\"", "[2]", "[8,0]", "[8, 0]", "must not lie before"),
        tensor("one offset", "\"F32\"", "[2]", "[0]", "1 data_offsets"),
        tensor("three offsets", "\"F32\"", "[2]", "[0,8,8]", "3 data_offsets"),
        tensor("shape is a number", "\"F32\"", "2", "[0,8]", "shape", "'2'"),
        tensor("negative shape", "\"F32\"", "[-2]", "[0,8]", "\"-2\"", "shape", "2^63 - 1"),
        tensor("two negative extents", "\"F32\"", "[-1,-2]", "[0,8]", "\"-1\"", "shape"),
        tensor("negative offset", "\"F32\"", "[2]", "[-8,0]", "\"-8\"", "data_offsets"),
        tensor("fraction", "\"F32\"", "[2.5]", "[0,8]", "\"2.5\"", "integers"),
        tensor("exponent", "\"F32\"", "[2e0]", "[0,8]", "\"2e0\"", "integers"),
        tensor("leading zero", "\"F32\"", "[02]", "[0,8]", "\"02\"", "leading zero"),
        tensor("plus sign", "\"F32\"", "[+2]", "[0,8]", "shape", "'+'"),
        tensor("text in the shape", "\"F32\"", "[\"2\"]", "[0,8]", "shape"),
        tensor("null in the shape", "\"F32\"", "[null]", "[0,8]", "shape", "'n'"),
        tensor("comma in the shape", "\"F32\"", "[2,]", "[0,8]", "shape", "']'"),
        tensor("shape of 2^63", "\"U8\"", "[9223372036854775808]", "[0,8]", "9223372036854775808"),
        tensor(
            "shape of 2^64 + 8",
            "\"U8\"",
            "[18446744073709551624]",
            "[0,8]",
            "18446744073709551624"),
        tensor("a number of 1000 digits", "\"U8\"", "[" + "9".repeat(1000) + "]", "[0,8]", "99999"),
        tensor("product wraps to 2", "\"F32\"", "[4294967296,4294967296,2]", "[0,8]", "2^63 - 1"),
        tensor("product wraps to 8", "\"U8\"", "[3,6148914691236517208]", "[0,8]", "2^63 - 1"),
        tensor("bytes wrap to 8", "\"F64\"", "[2305843009213693953]", "[0,8]", "2^63 - 1"),
        tensor("zero after a wrap", "\"U8\"", "[4294967296,4294967296,0]", "[0,0]", "2^63 - 1"),
        tensor("2 GB in a tiny file", "\"U8\"", "[2147483639]", "[0,2147483639]", "2147483639"),
        tensor(
            "2^62 bytes in a tiny file",
            "\"U8\"",
            "[4611686018427387904]",
            "[0,4611686018427387904]"),
        tensor("deep shape", "\"F32\"", "[".repeat(10_000), "[0,8]", "shape", "'['"),
        header("deep objects", "{\"a\":".repeat(10_000), "\"a\"", "unknown key"),
        header("deep metadata", "{\"__metadata__\":" + "{\"k\":".repeat(10_000), "\"k\"", "string"),
        header("long name", "{\"" + "x".repeat(50_000) + "\":1}", "50000 characters"));
  }

  private static Hostile utf8(String what, int... bytes) {
    byte[] header =
        ("{" + RawFile.entry("*".repeat(bytes.length), "F32", "[2]", 0, 8) + "}")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      header[2 + i] = (byte) bytes[i];
    }
    return file("UTF-8: " + what, RawFile.of(header, 8), "UTF-8", "string \"");
  }

  @ParameterizedTest
  @MethodSource("files")
  void arrayIsRefused(Hostile hostile) {
    assertRefused(hostile, () -> Safetensors.of(hostile.bytes));
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileIsRefused(Hostile hostile) throws IOException {
    Path path = Files.write(directory.resolve("hostile.safetensors"), hostile.bytes);
    String message = assertRefused(hostile, () -> Safetensors.open(path).close());
    assertTrue(message.startsWith(path.toString()), message);
  }

  /** A stream does not tell its length, so nothing can be checked against it beforehand. */
  @ParameterizedTest
  @MethodSource("files")
  void streamIsRefused(Hostile hostile) {
    long[] cost = cost(() -> Safetensors.read(trickle(hostile.bytes)));
    assertCheap(hostile, cost);
  }

  @Test
  void goodFileIsNotRefused() throws IOException {
    byte[] good = RawFile.of("{" + RawFile.entry("a", "F32", "[2]", 0, 8) + "}", 8);
    assertEquals(1, Safetensors.of(good).names().size());
    assertEquals(1, Safetensors.read(trickle(good)).names().size());
  }

  @Test
  void streamThatEndsEarlyOrLateSaysWhere() {
    byte[] good = RawFile.of("{" + RawFile.entry("a", "F32", "[2]", 0, 8) + "}", 8);
    int header = good.length - 16;
    SafetensorsTest.assertMessage(
        () -> Safetensors.read(trickle(Arrays.copyOf(good, 20))),
        "declared as " + header + " bytes",
        "ends after 12",
        "truncated");
    SafetensorsTest.assertMessage(
        () -> Safetensors.read(trickle(Arrays.copyOf(good, good.length - 3))),
        "only 5 bytes",
        "end at 8",
        "truncated");
    SafetensorsTest.assertMessage(
        () -> Safetensors.read(trickle(Arrays.copyOf(good, good.length + 1))),
        "more than 8 bytes",
        "nothing may follow");
  }

  @Test
  void quotedTextCannotForgeLines() {
    String name = "x\\n\\u001b[31mERROR\\u2028\\u202e";
    SafetensorsException thrown =
        assertThrows(
            SafetensorsException.class,
            () -> Safetensors.of(RawFile.of("{\"" + name + "\":1}", 0)));
    String message = String.valueOf(thrown.getMessage());
    assertFalse(message.chars().anyMatch(c -> c < 0x20 || c > 0x7E), message);
  }

  @Test
  void endlessStreamIsLeftAtOnce() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return '{';
          }
        };
    assertThrows(SafetensorsException.class, () -> Safetensors.read(endless));
  }

  /** Gives one byte at a time, and does not say how many are left. */
  private static InputStream trickle(byte[] bytes) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return super.read(into, offset, Math.min(length, 1));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static String assertRefused(Hostile hostile, SafetensorsTest.Call call) {
    SafetensorsException thrown = assertThrows(SafetensorsException.class, call::run);
    String message = String.valueOf(thrown.getMessage());
    for (String part : hostile.message) {
      assertTrue(message.contains(part), () -> "not in the message: " + part + "\n" + message);
    }
    assertTrue(message.length() < 1000, message);
    assertCheap(hostile, cost(call));
    return message;
  }

  private static void assertCheap(Hostile hostile, long[] cost) {
    assertTrue(cost[0] < LIMIT_NANOS, () -> hostile + " took " + cost[0] + " ns");
    long limit = LIMIT_BYTES + (long) COPIES_OF_FILE * hostile.bytes.length;
    assertTrue(cost[1] < limit, () -> hostile + " allocated " + cost[1] + " bytes");
  }

  /** The least time and memory of a few refusals. */
  private static long[] cost(SafetensorsTest.Call call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long nanos = Long.MAX_VALUE;
    long bytes = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      assertThrows(SafetensorsException.class, call::run);
      nanos = Math.min(nanos, System.nanoTime() - start);
      bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - allocated);
    }
    return new long[] {nanos, bytes};
  }
}
