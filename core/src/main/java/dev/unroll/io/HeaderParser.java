package dev.unroll.io;

import static dev.unroll.io.SafetensorsException.quote;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON header of a safetensors file, and nothing else that JSON can say.
 *
 * <p>The parser follows the one shape that a header may have, an object of objects, so it needs
 * neither recursion nor a document tree: nesting that a header cannot have is refused at its first
 * bracket.
 */
final class HeaderParser {
  /** The limit of the reference implementation, in bytes. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final String METADATA = "__metadata__";

  private final String source;
  private final JsonScanner json;
  private final long dataBytes;

  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private @Nullable Map<String, String> metadata;

  /** The checked content of a header; the tensors are in the order of their data. */
  record Header(Map<String, TensorInfo> tensors, Map<String, String> metadata, long dataBytes) {}

  /**
   * Prepares to parse.
   *
   * @param source how messages name the file
   * @param in positioned at the first byte of the header
   * @param headerBytes the declared length of the header, already checked against the file where
   *     its size is known
   * @param dataBytes the number of bytes after the header, or -1 when that is not known
   */
  HeaderParser(String source, InputStream in, long headerBytes, long dataBytes) {
    this.source = source;
    this.json = new JsonScanner(source, in, headerBytes);
    this.dataBytes = dataBytes;
  }

  Header parse() throws IOException {
    if (json.peek() != '{') {
      throw json.syntax("the header must begin with '{'");
    }
    json.next();
    json.skipWhitespace();
    if (json.peek() == '}') {
      json.next();
    } else {
      do {
        entry();
      } while (json.anotherMember());
    }
    json.skipWhitespace();
    if (json.peek() != JsonScanner.END) {
      throw json.syntax("only spaces may follow the object of the header");
    }
    return layout();
  }

  private void entry() throws IOException {
    String key = json.key();
    if (key.equals(METADATA)) {
      if (metadata != null) {
        throw duplicate("key", key);
      }
      metadata = metadataObject();
      return;
    }
    if (tensors.containsKey(key)) {
      throw duplicate("tensor", key);
    }
    if (key.indexOf('\0') >= 0) {
      throw new SafetensorsException(
          source + ": tensor name " + quote(key) + " holds a NUL character, which no name may");
    }
    tensors.put(key, tensor(key));
  }

  private Map<String, String> metadataObject() throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    json.expect('{', METADATA + " must be an object of strings");
    json.skipWhitespace();
    if (json.peek() == '}') {
      json.next();
      return map;
    }
    do {
      String key = json.key();
      json.skipWhitespace();
      if (json.peek() != '"') {
        throw json.syntax(METADATA + " key " + quote(key) + " must have a string as its value");
      }
      if (map.put(key, json.string()) != null) {
        throw duplicate(METADATA + " key", key);
      }
    } while (json.anotherMember());
    return map;
  }

  private TensorInfo tensor(String name) throws IOException {
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    String where = "tensor " + quote(name);
    json.expect('{', where + " must be an object of dtype, shape and data_offsets");
    json.skipWhitespace();
    if (json.peek() == '}') {
      json.next();
    } else {
      do {
        String key = json.key();
        json.skipWhitespace();
        switch (key) {
          case "dtype" -> {
            if (dtype != null) {
              throw duplicate(where + " key", key);
            }
            dtype = dtype(where);
          }
          case "shape" -> {
            if (shape != null) {
              throw duplicate(where + " key", key);
            }
            shape = integers(where, key);
          }
          case "data_offsets" -> {
            if (offsets != null) {
              throw duplicate(where + " key", key);
            }
            offsets = integers(where, key);
          }
          default ->
              throw new SafetensorsException(
                  source
                      + ": "
                      + where
                      + " has the unknown key "
                      + quote(key)
                      + "; allowed are dtype, shape and data_offsets");
        }
      } while (json.anotherMember());
    }
    if (dtype == null || shape == null || offsets == null) {
      String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw new SafetensorsException(source + ": " + where + " has no " + missing);
    }
    return checked(name, where, dtype, shape, offsets);
  }

  /** Everything about one tensor that can be judged without the others. */
  private TensorInfo checked(String name, String where, DType dtype, long[] shape, long[] offsets)
      throws SafetensorsException {
    if (offsets.length != 2) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has "
              + offsets.length
              + " data_offsets "
              + TensorInfo.describe(offsets)
              + "; allowed are two, begin and end");
    }
    long begin = offsets[0];
    long end = offsets[1];
    if (begin > end) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has data_offsets "
              + Arrays.toString(offsets)
              + "; the end must not lie before the begin");
    }
    long elements = 1;
    long bytes;
    try {
      for (long extent : shape) {
        elements = Math.multiplyExact(elements, extent);
      }
      bytes = Math.multiplyExact(elements, (long) dtype.bytes());
    } catch (ArithmeticException e) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has shape "
              + TensorInfo.describe(shape)
              + " of "
              + dtype
              + ", more than 2^63 - 1 bytes");
    }
    if (end - begin != bytes) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has data_offsets "
              + Arrays.toString(offsets)
              + ", "
              + (end - begin)
              + " bytes, but shape "
              + TensorInfo.describe(shape)
              + " of "
              + dtype
              + " needs "
              + bytes);
    }
    if (dataBytes >= 0 && end > dataBytes) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has data_offsets "
              + Arrays.toString(offsets)
              + ", but only "
              + dataBytes
              + " bytes follow the header (truncated?)");
    }
    return new TensorInfo(name, dtype, shape, elements, begin, end);
  }

  /** The ranges of all tensors must tile the data: from 0, without hole or overlap, to its end. */
  private Header layout() throws SafetensorsException {
    List<TensorInfo> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    Map<String, TensorInfo> ordered = LinkedHashMap.newLinkedHashMap(sorted.size());
    long at = 0;
    for (TensorInfo tensor : sorted) {
      if (tensor.begin() != at) {
        throw new SafetensorsException(
            source
                + ": tensor "
                + quote(tensor.name())
                + " begins at "
                + tensor.begin()
                + (tensor.begin() < at
                    ? ", inside the data of another tensor, which ends at "
                    : ", after a hole: the tensors before it end at ")
                + at);
      }
      at = tensor.end();
      ordered.put(tensor.name(), tensor);
    }
    if (dataBytes >= 0 && at != dataBytes) {
      throw new SafetensorsException(
          source
              + ": "
              + dataBytes
              + " bytes follow the header, but its tensors end at "
              + at
              + "; nothing may follow the last tensor");
    }
    return new Header(ordered, metadata == null ? Map.of() : metadata, at);
  }

  private DType dtype(String where) throws IOException {
    if (json.peek() != '"') {
      throw json.syntax(where + " must have a string as its dtype");
    }
    String name = json.string();
    DType dtype = DType.named(name);
    if (dtype == null) {
      throw new SafetensorsException(
          source
              + ": "
              + where
              + " has the dtype "
              + quote(name)
              + "; allowed are "
              + Arrays.toString(DType.values()));
    }
    return dtype;
  }

  private long[] integers(String where, String key) throws IOException {
    json.expect('[', where + " must have an array of integers as its " + key);
    long[] values = new long[4];
    int count = 0;
    json.skipWhitespace();
    if (json.peek() == ']') {
      json.next();
      return new long[0];
    }
    while (true) {
      json.skipWhitespace();
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = json.integer(where, key);
      json.skipWhitespace();
      int c = json.next();
      if (c == ']') {
        return Arrays.copyOf(values, count);
      }
      if (c != ',') {
        throw json.syntaxBefore(where + " needs ',' or ']' after a number of its " + key, c);
      }
    }
  }

  private SafetensorsException duplicate(String what, String key) {
    return new SafetensorsException(
        source + ": " + what + " " + quote(key) + " appears twice; each key is allowed once");
  }
}
