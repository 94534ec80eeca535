package dev.unroll.internal.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How columns are cut, and where each element goes in the packed form. */
class PanelsTest {

  static List<TileShape> shapes() {
    return List.of(
        TileShape.of(4, 16),
        TileShape.of(8, 16),
        TileShape.of(4, 32),
        TileShape.of(8, 32),
        TileShape.of(16, 32));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void panelsCoverEachColumnOnce(TileShape shape) {
    for (int n = 0; n <= 14 * shape.lanes(); n++) {
      check(new Panels(n, shape), n, shape);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void anotherCutForgetsTheLast(TileShape shape) {
    Panels panels = new Panels(0, shape);
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      int n = random.nextInt(20 * shape.lanes());
      panels.cut(n);
      check(panels, n, shape);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void blocksOfAChainAreNoLongerThanAKernelTakes(TileShape shape) {
    assertTrue(shape.kBlock() > 0 && shape.kBlock() <= TileShape.MAX_DEPTH, shape::toString);
  }

  @Test
  void depthIsCheckedAndUnchanged() {
    for (int kc : new int[] {0, 1, TileShape.MAX_DEPTH}) {
      assertEquals(kc, TileShape.depth(kc));
    }
    for (int kc : new int[] {-1, TileShape.MAX_DEPTH + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> TileShape.depth(kc), "kc = " + kc);
    }
  }

  private static void check(Panels panels, int n, TileShape shape) {
    int next = 0;
    for (int i = 0; i < panels.count(); i++) {
      boolean last = i == panels.count() - 1;
      assertEquals(next, panels.column(i), "first column");
      assertTrue(
          panels.vectors(i) >= 1 && panels.vectors(i) <= TileShape.MAX_VECTORS,
          "vectors of a panel");
      assertEquals(panels.vectors(i) * shape.lanes(), panels.width(i), "width");
      assertTrue(panels.columns(i) > panels.width(i) - shape.lanes(), "a vector of padding only");
      assertTrue(last || panels.columns(i) == panels.width(i), "padding before the last panel");
      next += panels.columns(i);
    }
    assertEquals(n, next, "columns");
    int lanes = shape.lanes();
    assertEquals(Math.ceilDiv(n, lanes) * lanes, panels.paddedColumns(), "padded columns");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void narrowPanelsOnlyWhereThereIsNoOther(TileShape shape) {
    for (int vectors = 2; vectors <= 40; vectors++) {
      Panels panels = new Panels(vectors * shape.lanes(), shape);
      assertEquals(Math.ceilDiv(vectors, TileShape.MAX_VECTORS), panels.count(), "panels");
      for (int i = 0; i < panels.count(); i++) {
        assertTrue(panels.vectors(i) > 1, "a panel of one vector");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void packedPanelsHoldRowsAndZeros(TileShape shape) {
    for (int k : new int[] {1, 2, 15, 16, 17, 33}) {
      for (int n = 1; n <= 6 * shape.lanes() + 1; n += n < 20 ? 1 : 5) {
        packed(shape, k, n, false);
        packed(shape, k, n, true);
      }
    }
  }

  private static void packed(TileShape shape, int k, int n, boolean transposed) {
    int ldb = (transposed ? k : n) + 3;
    int b0 = 5;
    float[] b = Fill.MODERATE.array(b0 + (transposed ? n : k) * ldb, 1);
    Panels panels = new Panels(n, shape);
    int floats = k * panels.paddedColumns();
    assertEquals(Packing.START + floats, Packing.all(panels, k, b, b0, ldb, transposed).length);
    // Into an array that was used before: padding is written, and nothing beside the panels.
    int packed0 = 3;
    float[] packed = new float[packed0 + floats + 5];
    Arrays.fill(packed, Float.NaN);
    Packing.all(panels, k, b, b0, ldb, transposed, packed, packed0);
    for (int i = 0; i < packed.length; i++) {
      boolean inside = i >= packed0 && i < packed0 + floats;
      assertEquals(inside, !Float.isNaN(packed[i]), "element " + i + " written");
    }
    for (int i = 0; i < panels.count(); i++) {
      for (int p = 0; p < k; p++) {
        for (int j = 0; j < panels.width(i); j++) {
          int column = panels.column(i) + j;
          float expected =
              column >= n ? 0f : transposed ? b[b0 + column * ldb + p] : b[b0 + p * ldb + column];
          int at = packed0 + panels.column(i) * k + p * panels.width(i) + j;
          assertEquals(expected, packed[at]);
        }
      }
    }
  }
}
