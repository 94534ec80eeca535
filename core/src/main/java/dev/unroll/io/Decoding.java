package dev.unroll.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Stored elements to Java values, in integer operations where the value is not simply copied, so
 * that the bits do not depend on the machine.
 */
final class Decoding {
  private Decoding() {}

  static void floats(String source, TensorSource data, TensorInfo tensor, float[] out, int offset)
      throws IOException {
    int shift = floatShift(source, tensor);
    data.read(
        tensor,
        (chunk, firstByte) -> {
          int at = offset + (int) (firstByte >> shift);
          int count = chunk.limit() >> shift;
          switch (tensor.dtype()) {
            case F32 -> chunk.asFloatBuffer().get(out, at, count);
            case F64 -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = (float) chunk.getDouble(8 * i);
              }
            }
            case F16 -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = fromF16(chunk.getShort(2 * i));
              }
            }
            default -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = fromBf16(chunk.getShort(2 * i));
              }
            }
          }
        });
  }

  static void doubles(String source, TensorSource data, TensorInfo tensor, double[] out)
      throws IOException {
    int shift = floatShift(source, tensor);
    data.read(
        tensor,
        (chunk, firstByte) -> {
          int at = (int) (firstByte >> shift);
          int count = chunk.limit() >> shift;
          switch (tensor.dtype()) {
            case F64 -> chunk.asDoubleBuffer().get(out, at, count);
            case F32 -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = chunk.getFloat(4 * i);
              }
            }
            case F16 -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = fromF16(chunk.getShort(2 * i));
              }
            }
            default -> {
              for (int i = 0; i < count; i++) {
                out[at + i] = fromBf16(chunk.getShort(2 * i));
              }
            }
          }
        });
  }

  static void longs(String source, TensorSource data, TensorInfo tensor, long[] out)
      throws IOException {
    DType dtype = integerType(source, tensor);
    data.read(
        tensor,
        (chunk, firstByte) -> {
          int size = dtype.bytes();
          int at = (int) (firstByte / size);
          int count = chunk.limit() / size;
          for (int i = 0; i < count; i++) {
            long value = integer(chunk, i, dtype);
            if (dtype == DType.U64 && value < 0) {
              throw outOfRange(source, tensor, at + i, Long.toUnsignedString(value), "a long");
            }
            out[at + i] = value;
          }
        });
  }

  static void ints(String source, TensorSource data, TensorInfo tensor, int[] out)
      throws IOException {
    DType dtype = integerType(source, tensor);
    data.read(
        tensor,
        (chunk, firstByte) -> {
          int size = dtype.bytes();
          int at = (int) (firstByte / size);
          int count = chunk.limit() / size;
          for (int i = 0; i < count; i++) {
            long value = integer(chunk, i, dtype);
            if (value != (int) value) {
              String shown =
                  dtype == DType.U64 ? Long.toUnsignedString(value) : Long.toString(value);
              throw outOfRange(source, tensor, at + i, shown, "an int");
            }
            out[at + i] = (int) value;
          }
        });
  }

  static void booleans(String source, TensorSource data, TensorInfo tensor, boolean[] out)
      throws IOException {
    if (tensor.dtype() != DType.BOOL) {
      throw wrongType(source, tensor, "booleans", "BOOL");
    }
    data.read(
        tensor,
        (chunk, firstByte) -> {
          int at = (int) firstByte;
          for (int i = 0; i < chunk.limit(); i++) {
            byte value = chunk.get(i);
            if (value != 0 && value != 1) {
              throw new SafetensorsException(
                  source
                      + ": tensor "
                      + tensor
                      + " holds "
                      + (value & 0xFF)
                      + " at element "
                      + (at + i)
                      + "; allowed are 0 and 1");
            }
            out[at + i] = value == 1;
          }
        });
  }

  /** Exact, NaN payloads included: every binary16 value is a binary32 value. */
  static float fromF16(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half & 0x7C00;
    int fraction = half & 0x03FF;
    if (exponent == 0) {
      // A subnormal: the fraction counts units of 2^-24, a product that is exact.
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
    }
    if (exponent == 0x7C00) {
      return Float.intBitsToFloat(sign | 0x7F80_0000 | fraction << 13);
    }
    return Float.intBitsToFloat(sign | (exponent + ((127 - 15) << 10) | fraction) << 13);
  }

  /** Exact: the stored bits are the upper half of a binary32. */
  static float fromBf16(short upper) {
    return Float.intBitsToFloat(upper << 16);
  }

  private static long integer(ByteBuffer chunk, int i, DType dtype) {
    return switch (dtype) {
      case I8 -> chunk.get(i);
      case BOOL, U8 -> chunk.get(i) & 0xFF;
      case I16 -> chunk.getShort(2 * i);
      case U16 -> chunk.getShort(2 * i) & 0xFFFF;
      case I32 -> chunk.getInt(4 * i);
      case U32 -> chunk.getInt(4 * i) & 0xFFFF_FFFFL;
      default -> chunk.getLong(8 * i);
    };
  }

  private static int floatShift(String source, TensorInfo tensor) throws SafetensorsException {
    return switch (tensor.dtype()) {
      case F16, BF16 -> 1;
      case F32 -> 2;
      case F64 -> 3;
      default -> throw wrongType(source, tensor, "floating-point numbers", "F16, BF16, F32, F64");
    };
  }

  private static DType integerType(String source, TensorInfo tensor) throws SafetensorsException {
    return switch (tensor.dtype()) {
      case F16, BF16, F32, F64 ->
          throw wrongType(source, tensor, "integers", "BOOL, U8, I8, I16, U16, I32, U32, I64, U64");
      default -> tensor.dtype();
    };
  }

  private static SafetensorsException wrongType(
      String source, TensorInfo tensor, String wanted, String allowed) {
    return new SafetensorsException(
        source
            + ": tensor "
            + tensor
            + " cannot be read as "
            + wanted
            + "; allowed are "
            + allowed);
  }

  private static SafetensorsException outOfRange(
      String source, TensorInfo tensor, int index, String value, String wanted) {
    return new SafetensorsException(
        source
            + ": tensor "
            + tensor
            + " holds "
            + value
            + " at element "
            + index
            + ", which does not fit "
            + wanted);
  }
}
