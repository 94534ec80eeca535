package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.unroll.testing.golden.GoldenData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("once")
final class SafetensorsProperties {

  static final class Tensor {
    private final DType dtype;
    private final long[] shape;
    private final byte[] bytes;

    Tensor(DType dtype, long[] shape, byte[] bytes) {
      this.dtype = dtype;
      this.shape = shape;
      this.bytes = bytes;
    }

    @Override
    public String toString() {
      return dtype + Arrays.toString(shape) + Arrays.toString(bytes);
    }
  }

  @Property(tries = 500)
  void whatIsWrittenIsRead(
      @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("texts") Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter writer = Safetensors.writer();
    tensors.forEach((name, t) -> writer.addBytes(name, t.dtype, t.bytes, t.shape));
    metadata.forEach(writer::metadata);
    byte[] written = writer.toBytes();
    Safetensors file = Safetensors.read(new ByteArrayInputStream(written));
    assertEquals(metadata, file.metadata());
    assertEquals(tensors.keySet(), file.names());
    int dataStart = (int) (8 + RawFile.littleEndian(8).put(written, 0, 8).getLong(0));
    for (TensorInfo info : file.tensors()) {
      Tensor tensor = Objects.requireNonNull(tensors.get(info.name()));
      assertEquals(tensor.dtype, info.dtype());
      assertArrayEquals(tensor.shape, info.shape());
      assertArrayEquals(tensor.bytes, file.bytes(info.name()));
      assertEquals(0, (dataStart + info.begin()) % info.dtype().bytes(), "alignment");
    }
    // Written again from what was read, the file is the same to the last byte.
    SafetensorsWriter again = Safetensors.writer();
    file.metadata().forEach(again::metadata);
    for (TensorInfo info : file.tensors()) {
      again.addBytes(info.name(), info.dtype(), file.bytes(info.name()), info.shape());
    }
    assertArrayEquals(written, again.toBytes());
  }

  /** Every byte of a file is needed, and none may follow. */
  @Property(tries = 200)
  void prefixesAndExtensionsAreRefused(
      @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("texts") Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter writer = Safetensors.writer();
    tensors.forEach((name, t) -> writer.addBytes(name, t.dtype, t.bytes, t.shape));
    metadata.forEach(writer::metadata);
    byte[] written = writer.toBytes();
    for (int length = 0; length <= written.length + 1; length++) {
      byte[] other = Arrays.copyOf(written, length);
      if (length != written.length) {
        assertThrows(SafetensorsException.class, () -> Safetensors.of(other));
        assertThrows(
            SafetensorsException.class, () -> Safetensors.read(new ByteArrayInputStream(other)));
      }
    }
  }

  /** Whatever happens to the bytes of a file, it is read or refused, in every way there is. */
  @Property(tries = 2000)
  void mutatedBytesAreReadOrRefused(@ForAll("mutations") List<Mutation> mutations)
      throws IOException {
    byte[] bytes = base();
    for (Mutation mutation : mutations) {
      bytes = mutation.apply(bytes);
    }
    readOrRefuse(bytes);
  }

  /** Like above, but the declared length follows, so that the damage reaches the parser. */
  @Property(tries = 2000)
  void mutatedHeadersAreReadOrRefused(@ForAll("mutations") List<Mutation> mutations)
      throws IOException {
    byte[] base = base();
    int length = (int) RawFile.littleEndian(8).put(base, 0, 8).getLong(0);
    byte[] header = Arrays.copyOfRange(base, 8, 8 + length);
    for (Mutation mutation : mutations) {
      header = mutation.apply(header);
    }
    readOrRefuse(
        RawFile.declaring(
            header.length, header, Arrays.copyOfRange(base, 8 + length, base.length)));
  }

  private static byte[] base() throws IOException {
    return Safetensors.writer()
        .metadata("source", "\u00e9\ud83d\ude00\n")
        .add("weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
        .add("scalar", new double[] {1})
        .add("empty", new long[0], 3, 0)
        .add("flags", new boolean[] {true, false}, 2)
        .addBytes("half", DType.BF16, new byte[4], 2)
        .addBytes("unsigned", DType.U32, new byte[] {-1, -1, -1, -1}, 1)
        .toBytes();
  }

  private static void readOrRefuse(byte[] bytes) throws IOException {
    String array = outcome(() -> Safetensors.of(bytes));
    String stream = outcome(() -> Safetensors.read(new ByteArrayInputStream(bytes)));
    assertEquals(array.isEmpty(), stream.isEmpty(), array + stream);
    if (!array.isEmpty()) {
      return;
    }
    Safetensors file = Safetensors.of(bytes);
    for (String name : file.names()) {
      outcome(() -> file.floats(name));
      outcome(() -> file.doubles(name));
      outcome(() -> file.ints(name));
      outcome(() -> file.longs(name));
      outcome(() -> file.booleans(name));
      assertEquals("", outcome(() -> file.bytes(name)));
    }
  }

  /** Empty for success, else the message; any other exception fails the property. */
  private static String outcome(SafetensorsTest.Call call) throws IOException {
    try {
      call.run();
      return "";
    } catch (SafetensorsException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Replaces some bytes, at a place given as a share of the length, by others. */
  static final class Mutation {
    private final int place;
    private final int removed;
    private final byte[] inserted;

    Mutation(int place, int removed, byte[] inserted) {
      this.place = place;
      this.removed = removed;
      this.inserted = inserted;
    }

    byte[] apply(byte[] bytes) {
      int at = (int) ((long) place * bytes.length / 10_000);
      int end = Math.min(bytes.length, at + removed);
      byte[] out = Arrays.copyOf(bytes, bytes.length - (end - at) + inserted.length);
      System.arraycopy(inserted, 0, out, at, inserted.length);
      System.arraycopy(bytes, end, out, at + inserted.length, bytes.length - end);
      return out;
    }

    @Override
    public String toString() {
      return place + ": -" + removed + " +" + Arrays.toString(inserted);
    }
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(9);
    Arbitrary<byte[]> token =
        Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\\",
                "\\u",
                "\\u0000",
                "\\ud83d",
                " ",
                "0",
                "-1",
                "1e3",
                "2.5",
                "null",
                "F32",
                "BOOL",
                "U64",
                "4294967296",
                "9223372036854775807",
                "18446744073709551615",
                "\"shape\"",
                "\"dtype\"",
                "\"__metadata__\":{}",
                "\"weight\"",
                "\u00e9",
                "[[[[[[[[")
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    return Combinators.combine(
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.integers().between(0, 4),
            Arbitraries.oneOf(anything, token))
        .as(Mutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<Map<String, Tensor>> tensors() {
    Arbitrary<Tensor> tensor =
        Combinators.combine(
                Arbitraries.of(DType.class),
                Arbitraries.longs().between(0, 4).array(long[].class).ofMaxSize(4))
            .flatAs(
                (dtype, shape) -> {
                  int elements = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
                  return Arbitraries.bytes()
                      .array(byte[].class)
                      .ofSize(elements * dtype.bytes())
                      .map(bytes -> new Tensor(dtype, shape, bytes));
                });
    Arbitrary<String> names =
        text().filter(name -> name.indexOf('\0') < 0 && !name.equals("__metadata__"));
    return Arbitraries.maps(names, tensor).ofMaxSize(4);
  }

  @Provide
  Arbitrary<Map<String, String>> texts() {
    return Arbitraries.maps(text(), text()).ofMaxSize(3);
  }

  /** Whole characters only, those that need escapes among the frequent ones. */
  private static Arbitrary<String> text() {
    Arbitrary<Integer> codePoints =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0x7F),
            Arbitraries.integers().between(0x80, 0xD7FF),
            Arbitraries.integers().between(0xE000, 0x10FFFF));
    return codePoints
        .list()
        .ofMaxSize(8)
        .map(list -> list.stream().map(Character::toString).reduce("", String::concat));
  }

  /** The golden files are refused too when any single bit of their structure is wrong. */
  @Property(tries = 2000)
  void flippedBitOfAGoldenFile(@ForAll("goldenBits") int bit) throws IOException {
    byte[] bytes = SafetensorsTest.golden(GoldenData.DIGITS_LSTM);
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    readOrRefuse(bytes);
  }

  @Provide
  Arbitrary<Integer> goldenBits() {
    // The length, the header of 728 bytes and the first values.
    return Arbitraries.integers().between(0, (8 + 728 + 16) * 8 - 1);
  }
}
