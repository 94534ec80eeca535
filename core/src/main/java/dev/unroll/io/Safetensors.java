package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessMode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A safetensors file: named tensors and a map of strings.
 *
 * <p>{@link #open} reads only the header and each tensor when it is asked for; {@link #read} and
 * {@link #of} work on data in memory. Reading is safe from several threads. Only {@code open} holds
 * a resource, so only its result needs {@link #close}.
 *
 * <p>A file is not trusted. Before the first method returns, these hold, or a {@link
 * SafetensorsException} has said which does not: the header is at most 100 MB and lies within the
 * file; it is a JSON object of valid UTF-8 that begins with <code>{</code>; no key appears twice;
 * every tensor has exactly a known type, a shape and two offsets, all integers from 0 to 2^63 - 1,
 * whose range is as long as shape and type say; and the ranges tile the data from the first byte to
 * the last, without hole, overlap or remainder. No declared size allocates anything before it has
 * been found to be there. Beyond the reference implementation, a tensor with a key besides {@code
 * dtype}, {@code shape} and {@code data_offsets} is refused, since it might mean something, and so
 * is a name with a NUL character. The values are not judged: NaN and infinities are passed on.
 *
 * <pre>{@code
 * try (Safetensors file = Safetensors.open(path)) {
 *   float[] weights = file.floats("head.weight");
 * }
 * }</pre>
 *
 * <p>Source: the format's description and reference implementation,
 * https://github.com/huggingface/safetensors.
 */
public final class Safetensors implements AutoCloseable {
  private static final int LENGTH_BYTES = 8;

  /** The longest array that every JVM can make. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** This many names are listed when one is missing. */
  private static final int LISTED_NAMES = 8;

  private final String source;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, String> metadata;
  private final TensorSource data;

  private Safetensors(String source, HeaderParser.Header header, TensorSource data) {
    this.source = source;
    this.tensors = Collections.unmodifiableMap(header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
    this.data = data;
  }

  /**
   * Opens a file and reads its header; each tensor is read when it is asked for. A file of another
   * file system than the default one, within an archive for instance, is read whole, as by {@link
   * #read}.
   *
   * @param file the file, kept open until {@link #close}
   * @return the checked file
   * @throws SafetensorsException if the file breaks a rule of the format
   * @throws IOException if the file cannot be read
   */
  public static Safetensors open(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    String source = file.toString();
    FileSystem system = file.getFileSystem();
    if (!system.equals(FileSystems.getDefault())) {
      try (InputStream in = Files.newInputStream(file)) {
        return read(source, in);
      }
    }
    // Tells a missing file from one that may not be read, which the next line does not.
    system.provider().checkAccess(file, AccessMode.READ);
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
    try {
      long size = opened.length();
      InputStream in = inputOf(opened);
      long headerBytes = headerLength(source, in.readNBytes(LENGTH_BYTES), size);
      long dataStart = LENGTH_BYTES + headerBytes;
      HeaderParser.Header header =
          new HeaderParser(source, in, headerBytes, size - dataStart).parse();
      return new Safetensors(source, header, new TensorSource.InFile(source, opened, dataStart));
    } catch (Throwable e) {
      try {
        opened.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static InputStream inputOf(RandomAccessFile file) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return file.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return file.read(bytes, offset, length);
      }
    };
  }

  /**
   * Reads a whole stream, to its end. The stream is left open.
   *
   * @param in positioned at the first byte; buffering it brings nothing
   * @return the checked content, at most 2 GB of data
   * @throws SafetensorsException if the content breaks a rule of the format
   * @throws IOException if the stream fails
   */
  public static Safetensors read(InputStream in) throws IOException {
    Objects.requireNonNull(in, "in");
    return read("safetensors stream", in);
  }

  private static Safetensors read(String source, InputStream in) throws IOException {
    long headerBytes = headerLength(source, in.readNBytes(LENGTH_BYTES), Long.MAX_VALUE);
    HeaderParser.Header header = new HeaderParser(source, in, headerBytes, -1).parse();
    if (header.dataBytes() > MAX_ARRAY) {
      throw new SafetensorsException(
          source
              + ": "
              + header.dataBytes()
              + " bytes of data; a stream may hold "
              + MAX_ARRAY
              + ", a file any number");
    }
    // Grows with the bytes that arrive, not with the size that the header declares.
    byte[] bytes = in.readNBytes((int) header.dataBytes());
    if (bytes.length < header.dataBytes()) {
      throw new SafetensorsException(
          source
              + ": only "
              + bytes.length
              + " bytes follow the header, but its tensors end at "
              + header.dataBytes()
              + " (truncated)");
    }
    if (in.read() >= 0) {
      throw new SafetensorsException(
          source
              + ": more than "
              + bytes.length
              + " bytes follow the header; nothing may follow the last tensor");
    }
    return new Safetensors(source, header, new TensorSource.InMemory(bytes, 0));
  }

  /**
   * Views an array as a file.
   *
   * @param bytes the whole file; not copied, so it must not change while it is in use
   * @return the checked content
   * @throws SafetensorsException if the content breaks a rule of the format
   */
  public static Safetensors of(byte[] bytes) throws SafetensorsException {
    Objects.requireNonNull(bytes, "bytes");
    String source = "safetensors array";
    InputStream in = new ByteArrayInputStream(bytes);
    try {
      long headerBytes = headerLength(source, in.readNBytes(LENGTH_BYTES), bytes.length);
      int dataStart = (int) (LENGTH_BYTES + headerBytes);
      HeaderParser.Header header =
          new HeaderParser(source, in, headerBytes, bytes.length - dataStart).parse();
      return new Safetensors(source, header, new TensorSource.InMemory(bytes, dataStart));
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("an array in memory cannot fail to be read", e);
    }
  }

  /**
   * Starts a new file.
   *
   * @return an empty writer
   */
  public static SafetensorsWriter writer() {
    return new SafetensorsWriter();
  }

  private static long headerLength(String source, byte[] first, long fileBytes)
      throws SafetensorsException {
    if (first.length < LENGTH_BYTES) {
      throw new SafetensorsException(
          source
              + ": "
              + first.length
              + " bytes in all; the length of the header alone takes "
              + LENGTH_BYTES
              + " (truncated)");
    }
    long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (Long.compareUnsigned(length, HeaderParser.MAX_HEADER_BYTES) > 0) {
      throw new SafetensorsException(
          source
              + ": the header is declared as "
              + Long.toUnsignedString(length)
              + " bytes; allowed are at most "
              + HeaderParser.MAX_HEADER_BYTES);
    }
    if (length > fileBytes - LENGTH_BYTES) {
      throw new SafetensorsException(
          source
              + ": the header is declared as "
              + length
              + " bytes, but only "
              + (fileBytes - LENGTH_BYTES)
              + " follow (truncated)");
    }
    return length;
  }

  /**
   * The names of all tensors.
   *
   * @return an unmodifiable set, in the order of the data
   */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * What the header says about all tensors.
   *
   * @return an unmodifiable collection, in the order of the data
   */
  public Collection<TensorInfo> tensors() {
    return tensors.values();
  }

  /**
   * The free text of the file, its {@code __metadata__}.
   *
   * @return an unmodifiable map, empty when the file has none
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Whether there is a tensor of that name.
   *
   * @param name the name
   * @return true when it can be read
   */
  public boolean contains(String name) {
    return tensors.containsKey(Objects.requireNonNull(name, "name"));
  }

  /**
   * What the header says about one tensor.
   *
   * @param name the name
   * @return type, shape and place
   * @throws SafetensorsException if there is no such tensor; the message lists what there is
   */
  public TensorInfo info(String name) throws SafetensorsException {
    Objects.requireNonNull(name, "name");
    TensorInfo tensor = tensors.get(name);
    if (tensor == null) {
      StringBuilder message =
          new StringBuilder(source + ": no tensor " + quote(name) + "; the file has ");
      message.append(tensors.size());
      String separator = ": ";
      for (String other : tensors.keySet().stream().limit(LISTED_NAMES).toList()) {
        message.append(separator).append(quote(other));
        separator = ", ";
      }
      throw new SafetensorsException(
          message.append(tensors.size() > LISTED_NAMES ? ", ..." : "").toString());
    }
    return tensor;
  }

  /**
   * Like {@link #info}, for a tensor that must have one certain shape.
   *
   * @param name the name
   * @param shape the shape to insist on
   * @return type, shape and place
   * @throws SafetensorsException if there is no such tensor or its shape is another
   */
  public TensorInfo require(String name, long... shape) throws SafetensorsException {
    Objects.requireNonNull(shape, "shape");
    TensorInfo tensor = info(name);
    if (!tensor.hasShape(shape)) {
      throw new SafetensorsException(
          source + ": tensor " + tensor + " must have shape " + TensorInfo.describe(shape));
    }
    return tensor;
  }

  /**
   * Reads a tensor of F32, F16 or BF16 (exactly, NaN payloads included) or F64 (rounded once, to
   * nearest even).
   *
   * @param name the name
   * @return its elements, row by row
   * @throws SafetensorsException if there is no such tensor, or it is of another type
   * @throws IOException if the file cannot be read
   */
  public float[] floats(String name) throws IOException {
    TensorInfo tensor = info(name);
    float[] out = new float[arrayLength(tensor)];
    Decoding.floats(source, data, tensor, out, 0);
    return out;
  }

  /**
   * Like {@link #floats(String)}, into an array of the caller.
   *
   * @param name the name
   * @param out receives the elements
   * @param offset where they begin
   * @throws IndexOutOfBoundsException if they do not fit; nothing is written then
   * @throws SafetensorsException if there is no such tensor, or it is of another type
   * @throws IOException if the file cannot be read
   */
  public void floats(String name, float[] out, int offset) throws IOException {
    Objects.requireNonNull(out, "out");
    TensorInfo tensor = info(name);
    Objects.checkFromIndexSize((long) offset, tensor.elements(), (long) out.length);
    Decoding.floats(source, data, tensor, out, offset);
  }

  /**
   * Reads a tensor of F64, F32, F16 or BF16, exactly.
   *
   * @param name the name
   * @return its elements, row by row
   * @throws SafetensorsException if there is no such tensor, or it is of another type
   * @throws IOException if the file cannot be read
   */
  public double[] doubles(String name) throws IOException {
    TensorInfo tensor = info(name);
    double[] out = new double[arrayLength(tensor)];
    Decoding.doubles(source, data, tensor, out);
    return out;
  }

  /**
   * Reads a tensor of any integer type or BOOL, exactly.
   *
   * @param name the name
   * @return its elements, row by row
   * @throws SafetensorsException if there is no such tensor, it is of another type, or a value does
   *     not fit an int
   * @throws IOException if the file cannot be read
   */
  public int[] ints(String name) throws IOException {
    TensorInfo tensor = info(name);
    int[] out = new int[arrayLength(tensor)];
    Decoding.ints(source, data, tensor, out);
    return out;
  }

  /**
   * Reads a tensor of any integer type or BOOL, exactly.
   *
   * @param name the name
   * @return its elements, row by row
   * @throws SafetensorsException if there is no such tensor, it is of another type, or a value does
   *     not fit a long
   * @throws IOException if the file cannot be read
   */
  public long[] longs(String name) throws IOException {
    TensorInfo tensor = info(name);
    long[] out = new long[arrayLength(tensor)];
    Decoding.longs(source, data, tensor, out);
    return out;
  }

  /**
   * Reads a tensor of BOOL.
   *
   * @param name the name
   * @return its elements, row by row
   * @throws SafetensorsException if there is no such tensor, it is of another type, or a byte is
   *     neither 0 nor 1
   * @throws IOException if the file cannot be read
   */
  public boolean[] booleans(String name) throws IOException {
    TensorInfo tensor = info(name);
    boolean[] out = new boolean[arrayLength(tensor)];
    Decoding.booleans(source, data, tensor, out);
    return out;
  }

  /**
   * Reads the stored bytes of a tensor of any type.
   *
   * @param name the name
   * @return its bytes, each element in little-endian order
   * @throws SafetensorsException if there is no such tensor, or it is longer than an array can be
   * @throws IOException if the file cannot be read
   */
  public byte[] bytes(String name) throws IOException {
    TensorInfo tensor = info(name);
    byte[] out = new byte[arrayLength(tensor, tensor.end() - tensor.begin())];
    data.read(tensor, (chunk, firstByte) -> chunk.get(out, (int) firstByte, chunk.limit()));
    return out;
  }

  private int arrayLength(TensorInfo tensor) throws SafetensorsException {
    return arrayLength(tensor, tensor.elements());
  }

  /** The length is real: the range of the tensor has been found to lie within the file. */
  private int arrayLength(TensorInfo tensor, long length) throws SafetensorsException {
    if (length > MAX_ARRAY) {
      throw new SafetensorsException(
          source + ": tensor " + tensor + " is too long for one array of at most " + MAX_ARRAY);
    }
    return (int) length;
  }

  /** How messages name this file. */
  String source() {
    return source;
  }

  /** Closes the file; without effect when the data is in memory or already closed. */
  @Override
  public void close() throws IOException {
    data.close();
  }

  @Override
  public String toString() {
    return source + ": " + tensors.size() + " tensors";
  }
}
