package dev.unroll.cell;

import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.pack.TileShape;

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

  /** {@code gates} blocks of {@code columns} columns each, every block padded. */
  PackedPart(TileShape shape, int k, int gates, int columns) {
    this.k = k;
    this.gates = gates;
    this.columns = columns;
    padded = padded(shape, columns);
    panels = new Panels(Math.multiplyExact(gates, padded), shape);
    data = new float[Math.multiplyExact(k, panels.paddedColumns())];
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
    Packing.all(panels, k, scratch, 0, k, true, data, 0);
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
    return 4L * data.length;
  }

  /** B of a product, and the sizes that it fixes. */
  void into(Product p) {
    p.n = gates * padded;
    p.k = k;
    p.b = data;
    p.b0 = 0;
    p.panels = panels;
  }
}
