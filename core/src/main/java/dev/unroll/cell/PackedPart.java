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
    data = new float[half ? 0 : Math.multiplyExact(k, panels.paddedColumns())];
    halves = half ? new int[halvesOf(shape.lanes())] : null;
  }

  static int padded(TileShape shape, int columns) {
    return Math.multiplyExact(Math.ceilDiv(columns, shape.lanes()), shape.lanes());
  }

  /** A scratch array that {@link #load} needs. */
  int scratchFloats() {
    return k * gates * padded;
  }

  /**
   * Packs the matrix whose element (p, column j of gate g) is {@code from[at(g, j, p)]}.
   *
   * @param from0 the first element of each gate
   * @param columnStride elements from one column to the next
   * @param rowStride elements from one p to the next
   */
  void load(float[] from, int[] from0, int columnStride, int rowStride, float[] scratch) {
    // The matrix transposed, a padded column of it after the other: what Packing takes.
    java.util.Arrays.fill(scratch, 0, scratchFloats(), 0f);
    for (int gate = 0; gate < gates; gate++) {
      for (int j = 0; j < columns; j++) {
        int at = from0[gate] + j * columnStride;
        int to = (gate * padded + j) * k;
        for (int p = 0; p < k; p++) {
          scratch[to + p] = from[at + p * rowStride];
        }
      }
    }
    if (halves == null) {
      Packing.all(panels, k, scratch, 0, k, true, data, 0);
    } else {
      loadHalves(scratch, halves);
    }
  }

  private int halvesOf(int lanes) {
    int all = gates * padded;
    // The unit of the multiplication first: an overflow is an exception.
    int columns = Bf16Matmul.firstInt(Bf16Matmul.groups(all, lanes), all, lanes, 1);
    return Math.multiplyExact(k, columns);
  }

  private void loadHalves(float[] scratch, int[] to) {
    int lanes = panels.lanes();
    int all = gates * padded;
    for (int group = 0; group < Bf16Matmul.groups(all, lanes); group++) {
      int first = Bf16Matmul.firstVector(group, all, lanes) * lanes;
      int width = Bf16Matmul.firstVector(group + 1, all, lanes) * lanes - first;
      int at = Bf16Matmul.firstInt(group, all, lanes, k);
      int ints = width == lanes ? width : width / 2;
      for (int j = 0; j < ints; j++) {
        int lower = (first + j) * k;
        int upper = (first + j + ints) * k;
        for (int p = 0; p < k; p++) {
          int bits = Bfloat16.roundedBits(scratch[lower + p]) >>> 16;
          to[at + p * ints + j] =
              ints == width ? bits : bits | Bfloat16.roundedBits(scratch[upper + p]);
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
