package dev.unroll.io;

import java.util.Arrays;

/**
 * What the header of a safetensors file says about one tensor: its name, type, shape and place.
 *
 * <p>An instance has been checked: {@code end - begin} equals {@link #elements()} times the size of
 * the type, and the range lies within the data of the file. Immutable.
 */
public final class TensorInfo {
  /** More dimensions than this are cut in messages. */
  private static final int SHOWN_DIMENSIONS = 8;

  private final String name;
  private final DType dtype;
  private final long[] shape;
  private final long elements;
  private final long begin;
  private final long end;

  TensorInfo(String name, DType dtype, long[] shape, long elements, long begin, long end) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.elements = elements;
    this.begin = begin;
    this.end = end;
  }

  /**
   * The name of the tensor.
   *
   * @return the key in the header
   */
  public String name() {
    return name;
  }

  /**
   * The type of its elements.
   *
   * @return the type as stored
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * The shape, outermost dimension first; the elements are stored row by row.
   *
   * @return a fresh array; empty for a tensor of dimension zero, which has one element
   */
  public long[] shape() {
    return shape.clone();
  }

  /**
   * The number of dimensions.
   *
   * @return zero for a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * One extent of the shape.
   *
   * @param axis from 0 to {@code rank() - 1}
   * @return the extent, zero or more
   */
  public long dimension(int axis) {
    return shape[axis];
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape, 1 for a scalar
   */
  public long elements() {
    return elements;
  }

  /**
   * Where the tensor begins.
   *
   * @return the offset of its first byte, counted from the end of the header
   */
  public long begin() {
    return begin;
  }

  /**
   * Where the tensor ends.
   *
   * @return the offset after its last byte, counted from the end of the header
   */
  public long end() {
    return end;
  }

  /** Whether the shape is exactly the one given. */
  boolean hasShape(long... expected) {
    return Arrays.equals(shape, expected);
  }

  /** The shape as text, cut when a hostile header declares thousands of dimensions. */
  static String describe(long[] shape) {
    if (shape.length <= SHOWN_DIMENSIONS) {
      return Arrays.toString(shape);
    }
    String head = Arrays.toString(Arrays.copyOf(shape, SHOWN_DIMENSIONS));
    return head.substring(0, head.length() - 1) + ", ... (" + shape.length + " dimensions)]";
  }

  /** Name, type and shape, for messages. */
  @Override
  public String toString() {
    return SafetensorsException.quote(name) + " " + dtype + " " + describe(shape);
  }
}
