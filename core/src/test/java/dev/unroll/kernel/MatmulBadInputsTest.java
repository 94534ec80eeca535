package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments: the right exception, its whole message, and nothing written. */
class MatmulBadInputsTest {

  private static final int MAX = Integer.MAX_VALUE;

  private final float[] a = filled(6);
  private final float[] b = filled(6);
  private final float[] c = filled(4);
  private final float[] bias = filled(2);
  private final Matmul plain = Matmul.plain();
  private final Matmul biased = Matmul.builder().beta(2).bias(bias, 0).build();
  private final PackedMatrix packed = PackedMatrix.pack(3, 2, filled(6));

  private static float[] filled(int length) {
    float[] x = new float[length];
    Arrays.fill(x, 1.5f);
    return x;
  }

  private void rejects(Class<? extends Exception> type, String message, Executable call) {
    Snapshot before = Snapshot.of("C", c);
    Exception thrown = assertThrows(type, call);
    assertEquals(message, thrown.getMessage());
    before.assertUnmodified(Reproducer.of(message));
  }

  private void argument(String message, Executable call) {
    rejects(IllegalArgumentException.class, message, call);
  }

  private void bounds(String message, Executable call) {
    rejects(IndexOutOfBoundsException.class, message, call);
  }

  /** A is 2 x 3, B 3 x 2, C 2 x 2. */
  private void multiply(int aOffset, int lda, int bOffset, int ldb, int cOffset, int ldc) {
    plain.multiply(2, 2, 3, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
  }

  private static String beyond(String name, int length, long needed, int offset) {
    return name
        + " has "
        + length
        + " elements, but elements up to "
        + needed
        + " are needed ("
        + name
        + "Offset is "
        + offset
        + ")";
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullArguments() {
    Class<NullPointerException> npe = NullPointerException.class;
    rejects(npe, "a", () -> plain.multiply(2, 2, 3, null, b, c));
    rejects(npe, "b", () -> plain.multiply(2, 2, 3, a, null, c));
    rejects(npe, "c", () -> plain.multiply(2, 2, 3, a, b, null));
    rejects(npe, "a", () -> plain.multiply(2, null, packed, c));
    rejects(npe, "b", () -> plain.multiply(2, a, null, c));
    rejects(npe, "b", () -> plain.multiply(2, a, 0, 3, null, c, 0, 2));
    rejects(npe, "c", () -> plain.multiply(2, a, packed, null));
    for (int batch : new int[] {0, 2}) {
      rejects(npe, "a", () -> batched(batch, null, b, c));
      rejects(npe, "b", () -> batched(batch, a, null, c));
      rejects(npe, "c", () -> batched(batch, a, b, null));
    }
    rejects(npe, "values", () -> Matmul.builder().bias(null, 0));
    rejects(npe, "function", () -> Matmul.builder().activation(null));
    rejects(npe, "threads", () -> Matmul.builder().parallelism(null));
    rejects(npe, "b", () -> PackedMatrix.pack(3, 2, null));
  }

  private void batched(int batch, float[] x, float[] y, float[] z) {
    plain.multiplyBatched(batch, 1, 1, 1, x, 0, 1, 1, y, 0, 1, 1, z, 0, 1, 1);
  }

  @Test
  void negativeSizes() {
    argument("m is -1, must not be negative", () -> plain.multiply(-1, 2, 3, a, b, c));
    argument("n is -2, must not be negative", () -> plain.multiply(2, -2, 3, a, b, c));
    argument("k is -3, must not be negative", () -> plain.multiply(2, 2, -3, a, b, c));
    argument("m is -1, must not be negative", () -> plain.multiply(-1, a, packed, c));
    argument(
        "m is -2147483648, must not be negative",
        () -> plain.multiply(Integer.MIN_VALUE, a, 0, 3, packed, c, 0, 2));
    argument("rows is -1, must not be negative", () -> PackedMatrix.pack(-1, 2, b));
    argument("columns is -1, must not be negative", () -> PackedMatrix.pack(2, -1, b));
    argument("batch is -1, must not be negative", () -> strides(-1, 1, 1, 1));
    argument("aStride is -1, must not be negative", () -> strides(2, -1, 1, 1));
    argument("bStride is -1, must not be negative", () -> strides(2, 1, -1, 1));
    argument("cStride is -1, must not be negative", () -> strides(2, 1, 1, -1));
  }

  /** Products of 1 x 1 matrices. */
  private void strides(int batch, int aStride, int bStride, int cStride) {
    plain.multiplyBatched(batch, 1, 1, 1, a, 0, 1, aStride, b, 0, 1, bStride, c, 0, 1, cStride);
  }

  @Test
  void arraysOneElementShort() {
    float[] five = filled(5);
    float[] three = filled(3);
    bounds(beyond("a", 5, 6, 0), () -> plain.multiply(2, 2, 3, five, b, c));
    bounds(beyond("b", 5, 6, 0), () -> plain.multiply(2, 2, 3, a, five, c));
    bounds(beyond("c", 3, 4, 0), () -> plain.multiply(2, 2, 3, a, b, three));
    bounds(beyond("a", 5, 6, 0), () -> plain.multiply(2, five, packed, c));
    bounds(beyond("c", 3, 4, 0), () -> plain.multiply(2, a, packed, three));
    bounds(beyond("b", 5, 6, 0), () -> PackedMatrix.pack(3, 2, five));
    bounds(beyond("a", 6, 7, 1), () -> multiply(1, 3, 0, 2, 0, 2));
    bounds(beyond("b", 6, 7, 1), () -> multiply(0, 3, 1, 2, 0, 2));
    bounds(beyond("c", 4, 5, 1), () -> multiply(0, 3, 0, 2, 1, 2));
    bounds(beyond("a", 6, 7, 0), () -> multiply(0, 4, 0, 2, 0, 2));
    bounds(beyond("b", 6, 8, 0), () -> multiply(0, 3, 0, 3, 0, 2));
    bounds(beyond("c", 4, 5, 0), () -> multiply(0, 3, 0, 2, 0, 3));
    bounds(beyond("bias", 2, 3, 0), () -> biased.multiply(1, 3, 1, a, b, c));
    bounds(beyond("a", 6, 7, 0), () -> strides(4, 2, 0, 1));
    bounds(beyond("b", 6, 7, 0), () -> strides(4, 0, 2, 1));
    bounds(beyond("c", 4, 5, 0), () -> strides(5, 0, 0, 1));
  }

  @Test
  void transposedArraysOneElementShort() {
    Matmul at = Matmul.builder().transposeA().build();
    Matmul bt = Matmul.builder().transposeB().build();
    // A as 3 x 2, B as 2 x 3.
    bounds(beyond("a", 6, 8, 0), () -> at.multiply(2, 2, 3, a, 0, 3, b, 0, 2, c, 0, 2));
    bounds(beyond("b", 6, 7, 0), () -> bt.multiply(2, 2, 3, a, 0, 3, b, 0, 4, c, 0, 2));
    bounds(beyond("b", 6, 7, 0), () -> PackedMatrix.pack(3, 2, true, b, 0, 4));
    argument(
        "lda is 1, must be at least the row length, 2",
        () -> at.multiply(2, 2, 3, a, 0, 1, b, 0, 2, c, 0, 2));
    argument(
        "ldb is 2, must be at least the row length, 3",
        () -> bt.multiply(2, 2, 3, a, 0, 3, b, 0, 2, c, 0, 2));
  }

  @Test
  void negativeOffsets() {
    bounds("aOffset is -1, must not be negative", () -> multiply(-1, 3, 0, 2, 0, 2));
    bounds("bOffset is -1, must not be negative", () -> multiply(0, 3, -1, 2, 0, 2));
    bounds("cOffset is -1, must not be negative", () -> multiply(0, 3, 0, 2, -1, 2));
    bounds(
        "aOffset is -2147483648, must not be negative",
        () -> multiply(Integer.MIN_VALUE, 3, 0, 2, 0, 2));
    bounds(
        "cOffset is -1, must not be negative", () -> plain.multiply(2, a, 0, 3, packed, c, -1, 2));
    bounds("bOffset is -1, must not be negative", () -> PackedMatrix.pack(3, 2, false, b, -1, 2));
    bounds("valuesOffset is -1, must not be negative", () -> Matmul.builder().bias(bias, -1));
    bounds(beyond("values", 2, 3, 3), () -> Matmul.builder().bias(bias, 3));
  }

  @Test
  void sumsThatWouldWrapAnInt() {
    bounds(beyond("a", 6, MAX + 6L, MAX), () -> multiply(MAX, 3, 0, 2, 0, 2));
    bounds(beyond("b", 6, MAX + 6L, MAX), () -> multiply(0, 3, MAX, 2, 0, 2));
    bounds(beyond("c", 4, MAX + 4L, MAX), () -> multiply(0, 3, 0, 2, MAX, 2));
    bounds(beyond("a", 6, MAX + 3L, 0), () -> multiply(0, MAX, 0, 2, 0, 2));
    bounds(beyond("b", 6, 2L * MAX + 2, 0), () -> multiply(0, 3, 0, MAX, 0, 2));
    bounds(beyond("c", 4, MAX + 2L, 0), () -> multiply(0, 3, 0, 2, 0, MAX));
    bounds(
        beyond("a", 6, (MAX - 1L) * 65538 + 65538, 0),
        () -> plain.multiply(MAX, 1, 65538, a, filled(65538), c));
    bounds(beyond("a", 6, (MAX - 1L) * MAX + 1, 0), () -> strides(MAX, MAX, 0, 1));
    bounds(beyond("c", 4, (MAX - 1L) * MAX + 1, 0), () -> strides(MAX, 0, 0, MAX));
    bounds(
        beyond("b", 6, (MAX - 1L) * MAX + 1, 0), () -> PackedMatrix.pack(MAX, 1, false, b, 0, MAX));
  }

  @Test
  void leadingDimensionsBelowTheRowLength() {
    argument("lda is 2, must be at least the row length, 3", () -> multiply(0, 2, 0, 2, 0, 2));
    argument("ldb is 1, must be at least the row length, 2", () -> multiply(0, 3, 0, 1, 0, 2));
    argument("ldc is 1, must be at least the row length, 2", () -> multiply(0, 3, 0, 2, 0, 1));
    argument("ldc is -2, must be at least the row length, 2", () -> multiply(0, 3, 0, 2, 0, -2));
    argument(
        "lda is 0, must be at least the row length, 3",
        () -> plain.multiply(1, a, 0, 0, packed, c, 0, 2));
    argument(
        "ldb is 1, must be at least the row length, 2",
        () -> PackedMatrix.pack(3, 2, false, b, 0, 1));
    argument(
        "ldb is 2, must be at least the row length, 3",
        () -> PackedMatrix.pack(3, 2, true, b, 0, 2));
  }

  private static String overlap(String name, int c0, int c1, int x0, int x1) {
    return "c overlaps %s: elements %d to %d and %d to %d of the same array"
        .formatted(name, c0, c1, x0, x1);
  }

  @Test
  void overlappingOperands() {
    float[] all = filled(16);
    Snapshot before = Snapshot.of("all", all);
    // C over the last element of A, the first of A, all of A, the last and the first of B.
    argument(
        overlap("a", 5, 9, 0, 6), () -> plain.multiply(2, 2, 3, all, 0, 3, b, 0, 2, all, 5, 2));
    argument(
        overlap("a", 0, 4, 3, 9), () -> plain.multiply(2, 2, 3, all, 3, 3, b, 0, 2, all, 0, 2));
    argument(
        overlap("a", 0, 4, 0, 6), () -> plain.multiply(2, 2, 3, all, 0, 3, b, 0, 2, all, 0, 2));
    argument(
        overlap("b", 5, 9, 0, 6), () -> plain.multiply(2, 2, 3, a, 0, 3, all, 0, 2, all, 5, 2));
    argument(
        overlap("b", 0, 4, 3, 9), () -> plain.multiply(2, 2, 3, a, 0, 3, all, 3, 2, all, 0, 2));
    argument(overlap("a", 0, 4, 0, 6), () -> plain.multiply(2, all, 0, 3, packed, all, 0, 2));
    Matmul sharing = Matmul.builder().beta(1).bias(all, 3).build();
    argument(
        overlap("bias", 0, 4, 3, 5), () -> sharing.multiply(2, 2, 3, a, 0, 3, b, 0, 2, all, 0, 2));
    argument(overlap("bias", 4, 8, 3, 5), () -> sharing.multiply(2, a, 0, 3, packed, all, 4, 2));
    // Blocks of columns of one matrix that share one column, and the wrap to the next row.
    argument(
        overlap("a", 2, 8, 0, 7), () -> plain.multiply(2, 2, 3, all, 0, 4, b, 0, 2, all, 2, 4));
    argument(
        overlap("a", 3, 9, 0, 7), () -> plain.multiply(2, 2, 3, all, 0, 4, b, 0, 2, all, 3, 4));
    before.assertUnmodified(Reproducer.of("overlap"));
  }

  @Test
  void batchesThatOverlap() {
    float[] all = filled(16);
    Snapshot before = Snapshot.of("all", all);
    argument("cStride is 0, must be at least 1, what one C takes", () -> strides(2, 1, 1, 0));
    argument(
        "cStride is 3, must be at least 4, what one C takes",
        () -> plain.multiplyBatched(2, 2, 2, 1, a, 0, 1, 0, b, 0, 2, 0, all, 0, 2, 3));
    // The second A lies where the first C is.
    argument(
        overlap("a", 4, 6, 0, 5),
        () -> plain.multiplyBatched(2, 1, 1, 1, all, 0, 1, 4, b, 0, 1, 0, all, 4, 1, 1));
    argument(
        overlap("b", 4, 6, 0, 5),
        () -> plain.multiplyBatched(2, 1, 1, 1, a, 0, 1, 0, all, 0, 1, 4, all, 4, 1, 1));
    Matmul sharing = Matmul.builder().bias(all, 7).build();
    argument(
        overlap("bias", 4, 8, 7, 8),
        () -> sharing.multiplyBatched(4, 1, 1, 1, a, 0, 1, 0, b, 0, 1, 0, all, 4, 1, 1));
    before.assertUnmodified(Reproducer.of("overlap"));
  }

  @Test
  void aPlanThatTransposesBTakesNoPackedB() {
    Matmul bt = Matmul.builder().transposeB().build();
    argument("b is packed: transpose it while packing", () -> bt.multiply(2, a, packed, c));
  }

  @Test
  void aPlanWorksAfterItWasMisused() {
    argument("m is -1, must not be negative", () -> plain.multiply(-1, 2, 3, a, b, c));
    bounds(beyond("c", 4, 5, 1), () -> multiply(0, 3, 0, 2, 1, 2));
    multiply(0, 3, 0, 2, 0, 2);
    assertEquals(3 * 1.5f * 1.5f, c[3]);
  }
}
