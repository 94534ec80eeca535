package dev.unroll.cell;

import dev.unroll.internal.pack.Bf16Matmul;
import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.kernel.Bfloat16;
import org.jspecify.annotations.Nullable;

/**
 * A k x n matrix of a cell, packed for products, its columns padded: with zeros up to whole
 * vectors, gate by gate, so that a product writes whole blocks. Owned by one {@link PackedCell}.
 */
final class PackedPart {

  private final int k;
  private final int gates;
  private final int columns;
  private final int padded;
  private final Panels panels;
  private final float[] data;

  /** The matrix as bfloat16, see {@code Bf16Kernels}; null when it is stored as floats. */
  private final int @Nullable [] halves;

  /** {@code gates} blocks of {@code columns} columns each, every block padded. */
  PackedPart(TileShape shape, WeightStorage storage, int k, int gates, int columns) {
    this.k = k;
    this.gates = gates;
    this.columns = columns;
    padded = padded(shape, columns);
    panels = new Panels(Math.multiplyExact(gates, padded), shape);
    boolean half = storage == WeightStorage.BFLOAT16;
    data = new float[half ? 0 : floatsOf(k, panels)];
    halves = half ? new int[Bf16Matmul.ints(panels.paddedColumns(), shape.lanes(), k)] : null;
  }

  static int padded(TileShape shape, int columns) {
    return Math.multiplyExact(Math.ceilDiv(columns, shape.lanes()), shape.lanes());
  }

  /**
   * Packs one gate. Padding is never written, so it keeps the zeros that it was made with.
   *
   * @param from its columns are rows there, {@code ld} apart, k elements each
   */
  void gate(int gate, float[] from, int from0, int ld) {
    if (halves != null) {
      half(gate, from, from0, ld, halves);
      return;
    }
    int first = gate * padded;
    for (int i = 0; i < panels.count(); i++) {
      int start = panels.column(i);
      int c0 = Math.max(start, first);
      int c1 = Math.min(start + panels.width(i), first + columns);
      if (c0 < c1) {
        int at = from0 + (c0 - first) * ld;
        int to = Packing.START + start * k + c0 - start;
        Packing.transpose(from, at, ld, c1 - c0, k, data, to, panels.width(i));
      }
    }
  }

  /**
   * Packs some rows of a matrix with one gate, as they stand.
   *
   * @param first the row of this matrix that the first one becomes
   * @param from {@code rows} rows of all columns, without gaps
   */
  void rows(int first, int rows, float[] from, int from0) {
    for (int i = 0; i < panels.count(); i++) {
      int start = panels.column(i);
      int width = panels.width(i);
      int length = Math.min(start + width, columns) - start;
      int to = Packing.START + start * k + first * width;
      for (int p = 0; p < rows; p++) {
        System.arraycopy(from, from0 + p * columns + start, data, to + p * width, length);
      }
    }
  }

  private static int floatsOf(int k, Panels panels) {
    return Math.addExact(Packing.START, Math.multiplyExact(k, panels.paddedColumns()));
  }

  /** A column is the lower or the upper half of an int; the other half may be another gate's. */
  private void half(int gate, float[] from, int from0, int ld, int[] to) {
    int lanes = panels.lanes();
    int all = gates * padded;
    for (int group = 0; group < Bf16Matmul.groups(all, lanes); group++) {
      int first = Bf16Matmul.firstVector(group, all, lanes) * lanes;
      int width = Bf16Matmul.firstVector(group + 1, all, lanes) * lanes - first;
      int at = Bf16Matmul.firstInt(group, all, lanes, k);
      int ints = width == lanes ? width : width / 2;
      int c0 = Math.max(first, gate * padded);
      int c1 = Math.min(first + width, gate * padded + columns);
      for (int c = c0; c < c1; c++) {
        boolean upper = c - first >= ints;
        int j = upper ? c - first - ints : c - first;
        int row = from0 + (c - gate * padded) * ld;
        for (int p = 0; p < k; p++) {
          int bits = Bfloat16.roundedBits(from[row + p]);
          int place = at + p * ints + j;
          to[place] =
              upper ? (to[place] & 0xffff) | bits : (to[place] & 0xffff0000) | (bits >>> 16);
        }
      }
    }
  }

  int k() {
    return k;
  }

  int width() {
    return gates * padded;
  }

  Panels panels() {
    return panels;
  }

  long bytes() {
    return 4L * (data.length + (halves == null ? 0 : halves.length));
  }

  /** The panels, when stored as floats. */
  float[] floats() {
    return data;
  }

  int @Nullable [] halves() {
    return halves;
  }
}
