package dev.unroll.testing.golden;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a golden file, with nothing lost: F64 comes out as it was written, F32 and the
 * integers are exact in double anyway (I64 up to 2^53, or an exception).
 *
 * <p>Reads what the safetensors library itself writes, which is what lies in this package. It is no
 * reader for files of unknown origin.
 */
public final class GoldenTensors {

  private static final Pattern TENSOR =
      Pattern.compile(
          "\"([^\"]+)\":\\s*\\{\\s*\"dtype\":\\s*\"(\\w+)\",\\s*\"shape\":\\s*\\[([^\\]]*)\\],"
              + "\\s*\"data_offsets\":\\s*\\[(\\d+),\\s*(\\d+)\\]\\s*\\}");
  private static final Pattern METADATA = Pattern.compile("\"__metadata__\":\\s*\\{([^}]*)\\}");
  private static final Pattern PAIR = Pattern.compile("\"([^\"]+)\":\\s*\"([^\"]*)\"");
  private static final long LARGEST_EXACT = 1L << 53;

  private final String file;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, int[]> shapes = new LinkedHashMap<>();
  private final Map<String, double[]> values = new LinkedHashMap<>();

  private GoldenTensors(String file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param name one of the constants of {@link GoldenData}
   * @return all of its tensors
   * @throws IOException if there is no such file, or if its tensors do not cover it exactly
   */
  public static GoldenTensors load(String name) throws IOException {
    try (InputStream in = GoldenData.open(name)) {
      return read(name, in);
    }
  }

  /**
   * Reads a file of somebody's own, written by the safetensors library.
   *
   * @param name what messages call it
   * @param in its bytes; not closed
   * @return all of its tensors
   * @throws IOException if its tensors do not cover it exactly
   */
  public static GoldenTensors read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readAllBytes();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = new byte[Math.toIntExact(buffer.getLong())];
    buffer.get(text);
    String header = new String(text, StandardCharsets.UTF_8);
    ByteBuffer data = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    GoldenTensors tensors = new GoldenTensors(name);
    int covered = tensors.parse(header, data);
    if (covered != data.capacity()) {
      throw new IOException(
          name + ": tensors of " + covered + " bytes in " + data.capacity() + " bytes");
    }
    return tensors;
  }

  /** Returns how many bytes all tensors have together. */
  private int parse(String header, ByteBuffer data) throws IOException {
    Matcher meta = METADATA.matcher(header);
    if (meta.find()) {
      PAIR.matcher(meta.group(1)).results().forEach(p -> metadata.put(p.group(1), p.group(2)));
    }
    int covered = 0;
    Matcher tensor = TENSOR.matcher(header);
    while (tensor.find()) {
      int[] shape =
          Arrays.stream(tensor.group(3).split(",", -1))
              .map(String::strip)
              .filter(size -> !size.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      int begin = Integer.parseInt(tensor.group(4));
      int end = Integer.parseInt(tensor.group(5));
      int length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      String type = tensor.group(2);
      int width = Integer.parseInt(type.substring(1)) / Byte.SIZE;
      if (end - begin != width * length) {
        throw new IOException(file + ": " + tensor.group(1) + " has " + (end - begin) + " bytes");
      }
      double[] numbers = new double[length];
      for (int i = 0; i < length; i++) {
        numbers[i] = number(type, data, begin + i * width);
      }
      shapes.put(tensor.group(1), shape);
      values.put(tensor.group(1), numbers);
      covered += end - begin;
    }
    return covered;
  }

  private double number(String type, ByteBuffer data, int at) throws IOException {
    return switch (type) {
      case "F64" -> data.getDouble(at);
      case "F32" -> data.getFloat(at);
      case "I32" -> data.getInt(at);
      case "I64" -> {
        long value = data.getLong(at);
        if (Math.abs(value) > LARGEST_EXACT) {
          throw new IOException(file + ": " + value + " is not exact in double");
        }
        yield value;
      }
      default -> throw new IOException(file + ": type " + type);
    };
  }

  /**
   * The names of all tensors, in the order of the file.
   *
   * @return a view that cannot be changed
   */
  public Set<String> names() {
    return Map.copyOf(values).keySet();
  }

  /**
   * Whether there is a tensor of a name.
   *
   * @param name of a tensor
   * @return whether {@link #values} has it
   */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * What the file says about itself.
   *
   * @param key of an entry
   * @return its value
   * @throws IllegalArgumentException if there is no such entry
   */
  public String metadata(String key) {
    return get(metadata, key);
  }

  /**
   * The lengths of a tensor's dimensions.
   *
   * @param name of a tensor
   * @return a fresh array
   * @throws IllegalArgumentException if there is no such tensor
   */
  public int[] shape(String name) {
    return get(shapes, name).clone();
  }

  /**
   * The numbers of a tensor, row-major.
   *
   * @param name of a tensor
   * @return a fresh array
   * @throws IllegalArgumentException if there is no such tensor
   */
  public double[] values(String name) {
    return get(values, name).clone();
  }

  private <T> T get(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalArgumentException(file + " has no " + name);
    }
    return value;
  }
}
