package dev.unroll.io;

import org.jspecify.annotations.Nullable;

/**
 * The element types of a safetensors file. All are stored in little-endian byte order.
 *
 * <p>The constants stand in the order of the reference implementation (growing alignment), because
 * the writer lays tensors out by it, largest first, and so produces the same layout.
 */
public enum DType {
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** IEEE binary16. */
  F16(2),
  /** The upper half of an IEEE binary32. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** IEEE binary32. */
  F32(4),
  /** IEEE binary64. */
  F64(8),
  /** Signed 64-bit integer. */
  I64(8),
  /** Unsigned 64-bit integer. */
  U64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one element.
   *
   * @return 1, 2, 4 or 8 bytes
   */
  public int bytes() {
    return bytes;
  }

  /** The type of that name in a header, or null; names are case-sensitive. */
  static @Nullable DType named(String name) {
    for (DType dtype : values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    return null;
  }
}
