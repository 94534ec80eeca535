package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a safetensors file.
 *
 * <p>The same content always gives the same bytes, in whatever order it was added: metadata first,
 * by key; then the tensors, from the most strictly aligned type to the least and by name within a
 * type; no white space; the header padded with spaces to a multiple of 8 bytes, so that every
 * tensor is aligned to its element. This is the layout of the reference implementation.
 *
 * <p>Arrays are kept by reference until the file is written, not copied. Not for use by several
 * threads at once.
 *
 * <pre>{@code
 * Safetensors.writer()
 *     .metadata("source", "unroll")
 *     .add("head.weight", weights, 10, 32)
 *     .write(path);
 * }</pre>
 */
public final class SafetensorsWriter {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int HEADER_ALIGNMENT = 8;

  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, String> metadata = new TreeMap<>(BY_CODE_POINT);

  /** Puts elements, from the given one on, into a chunk until it is full. */
  @FunctionalInterface
  private interface Encoder {
    void encode(ByteBuffer chunk, int firstElement);
  }

  private record Entry(String name, DType dtype, String shape, int elements, Encoder encoder) {
    long bytes() {
      return (long) elements * dtype.bytes();
    }
  }

  SafetensorsWriter() {}

  /**
   * Adds a line of free text, or replaces it.
   *
   * @param key its key
   * @param value its value
   * @return this
   * @throws IllegalArgumentException if either has half a surrogate pair
   */
  public SafetensorsWriter metadata(String key, String value) {
    requireCharacters("key", key);
    requireCharacters("value", value);
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor of F32.
   *
   * @param name its name, not used yet, without a NUL character
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter add(String name, float[] data, long... shape) {
    return add(name, DType.F32, data, shape);
  }

  /**
   * Adds a tensor of F32 (bit by bit), F64 (exactly), F16 or BF16 (rounded to nearest even; NaN
   * stays NaN).
   *
   * @param name its name, not used yet, without a NUL character
   * @param dtype its type
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name or the type is not allowed, or the shape is not
   *     that of the data
   */
  public SafetensorsWriter add(String name, DType dtype, float[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(dtype, "dtype");
    return switch (dtype) {
      case F32 ->
          put(
              name,
              dtype,
              data.length,
              shape,
              (chunk, first) -> chunk.asFloatBuffer().put(data, first, chunk.remaining() / 4));
      case F64 ->
          put(
              name,
              dtype,
              data.length,
              shape,
              (chunk, first) -> {
                for (int i = first; chunk.hasRemaining(); i++) {
                  chunk.putDouble(data[i]);
                }
              });
      case F16 ->
          put(
              name,
              dtype,
              data.length,
              shape,
              (chunk, first) -> {
                for (int i = first; chunk.hasRemaining(); i++) {
                  chunk.putShort(toF16(data[i]));
                }
              });
      case BF16 ->
          put(
              name,
              dtype,
              data.length,
              shape,
              (chunk, first) -> {
                for (int i = first; chunk.hasRemaining(); i++) {
                  chunk.putShort(toBf16(data[i]));
                }
              });
      default ->
          throw new IllegalArgumentException(
              "dtype is " + dtype + "; floats can be stored as F16, BF16, F32 or F64");
    };
  }

  /**
   * Adds a tensor of F64.
   *
   * @param name its name, not used yet, without a NUL character
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter add(String name, double[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    return put(
        name,
        DType.F64,
        data.length,
        shape,
        (chunk, first) -> chunk.asDoubleBuffer().put(data, first, chunk.remaining() / 8));
  }

  /**
   * Adds a tensor of I32.
   *
   * @param name its name, not used yet, without a NUL character
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter add(String name, int[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    return put(
        name,
        DType.I32,
        data.length,
        shape,
        (chunk, first) -> chunk.asIntBuffer().put(data, first, chunk.remaining() / 4));
  }

  /**
   * Adds a tensor of I64.
   *
   * @param name its name, not used yet, without a NUL character
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter add(String name, long[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    return put(
        name,
        DType.I64,
        data.length,
        shape,
        (chunk, first) -> chunk.asLongBuffer().put(data, first, chunk.remaining() / 8));
  }

  /**
   * Adds a tensor of BOOL.
   *
   * @param name its name, not used yet, without a NUL character
   * @param data its elements, row by row
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter add(String name, boolean[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    return put(
        name,
        DType.BOOL,
        data.length,
        shape,
        (chunk, first) -> {
          for (int i = first; chunk.hasRemaining(); i++) {
            chunk.put((byte) (data[i] ? 1 : 0));
          }
        });
  }

  /**
   * Adds a tensor of any type from its stored bytes.
   *
   * @param name its name, not used yet, without a NUL character
   * @param dtype its type
   * @param data its elements, row by row, each in little-endian order
   * @param shape its shape, outermost dimension first; none for a scalar
   * @return this
   * @throws IllegalArgumentException if the name is not allowed, or the shape is not that of the
   *     data
   */
  public SafetensorsWriter addBytes(String name, DType dtype, byte[] data, long... shape) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(dtype, "dtype");
    if (data.length % dtype.bytes() != 0) {
      throw new IllegalArgumentException(
          "data has " + data.length + " bytes, not a multiple of the size of " + dtype);
    }
    return put(
        name,
        dtype,
        data.length / dtype.bytes(),
        shape,
        (chunk, first) -> chunk.put(data, first * dtype.bytes(), chunk.remaining()));
  }

  private SafetensorsWriter put(
      String name, DType dtype, int elements, long[] shape, Encoder encoder) {
    requireCharacters("name", name);
    Objects.requireNonNull(shape, "shape");
    if (name.equals(HeaderParser.METADATA) || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "name is "
              + quote(name)
              + "; a NUL character and "
              + HeaderParser.METADATA
              + " are not allowed");
    }
    if (entries.containsKey(name)) {
      throw new IllegalArgumentException("name " + quote(name) + " is already in use");
    }
    if (!isShapeOf(elements, shape)) {
      throw new IllegalArgumentException(
          "shape of "
              + quote(name)
              + " is "
              + TensorInfo.describe(shape)
              + ", but data has "
              + elements
              + " elements");
    }
    entries.put(
        name, new Entry(name, dtype, Arrays.toString(shape).replace(" ", ""), elements, encoder));
    return this;
  }

  private static boolean isShapeOf(int elements, long[] shape) {
    long product = 1;
    for (long extent : shape) {
      // Bounding each product by 2^63 is what a reader will do; a zero further on does not help.
      if (extent < 0 || Math.multiplyHigh(product, extent) != 0 || product * extent < 0) {
        return false;
      }
      product *= extent;
    }
    return product == elements;
  }

  /**
   * Writes a file, whole or not at all: into a temporary file beside it, which then takes its place
   * in one step. A symbolic link is followed.
   *
   * @param file the file to create or replace
   * @throws IOException if that fails; a file that was there before is then untouched
   */
  public void write(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    // Not Files.createTempFile, which would leave the result readable by its owner alone.
    String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = target.resolveSibling(".unroll-" + unique + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (Throwable e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Writes to a stream, which is left open and is not flushed.
   *
   * @param out receives the file
   * @throws IOException if the stream fails
   */
  public void write(OutputStream out) throws IOException {
    writeTo(Channels.newChannel(Objects.requireNonNull(out, "out")));
  }

  /**
   * Writes to an array.
   *
   * @return the bytes of the file
   * @throws SafetensorsException if the header would be longer than readers accept
   */
  public byte[] toBytes() throws SafetensorsException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(out);
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("an array in memory cannot fail to be written", e);
    }
    return out.toByteArray();
  }

  private void writeTo(WritableByteChannel out) throws IOException {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparing(Entry::dtype).reversed().thenComparing(Entry::name, BY_CODE_POINT));
    byte[] header = header(sorted);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeFully(out, chunk.putLong(header.length).flip());
    writeFully(out, ByteBuffer.wrap(header));
    for (Entry entry : sorted) {
      int size = entry.dtype().bytes();
      for (int first = 0; first < entry.elements(); first += CHUNK_BYTES / size) {
        int count = Math.min(CHUNK_BYTES / size, entry.elements() - first);
        chunk.clear().limit(count * size);
        entry.encoder().encode(chunk, first);
        writeFully(out, chunk.position(0));
      }
    }
  }

  private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private byte[] header(List<Entry> sorted) throws SafetensorsException {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      appendString(json, HeaderParser.METADATA).append(":{");
      metadata.forEach(
          (key, value) -> appendString(appendString(json, key).append(':'), value).append(','));
      json.setLength(json.length() - 1);
      json.append("},");
    }
    long at = 0;
    for (Entry entry : sorted) {
      long end = at + entry.bytes();
      appendString(json, entry.name()).append(":{\"dtype\":\"").append(entry.dtype());
      json.append("\",\"shape\":")
          .append(entry.shape())
          .append(",\"data_offsets\":[")
          .append(at)
          .append(',')
          .append(end)
          .append("]},");
      at = end;
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(bytes.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
    if (padded > HeaderParser.MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          "the header would be "
              + padded
              + " bytes long; readers accept at most "
              + HeaderParser.MAX_HEADER_BYTES);
    }
    byte[] header = Arrays.copyOf(bytes, padded);
    Arrays.fill(header, bytes.length, padded, (byte) ' ');
    return header;
  }

  /** Escapes what JSON demands, and nothing else, as the reference implementation does. */
  private static StringBuilder appendString(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"');
  }

  private static void requireCharacters(String parameter, String text) {
    Objects.requireNonNull(text, parameter);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          parameter + " is " + quote(text) + ", which has half of a surrogate pair");
    }
  }

  /** To nearest even; NaN by hand, since its payload must not depend on the machine. */
  static short toF16(float value) {
    if (Float.isNaN(value)) {
      int bits = Float.floatToRawIntBits(value);
      return (short) ((bits >>> 16 & 0x8000) | 0x7E00 | (bits >>> 13 & 0x01FF));
    }
    return Float.floatToFloat16(value);
  }

  /** To nearest even: half a unit, less one bit unless the kept part is odd, carries where due. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x0040);
    }
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }
}
