package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.internal.pack.Packing;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.tolerance.FloatAssert;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed weights: their size, and that they are a copy. */
class PackedMatrixTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "3, 64", "7, 65", "31, 100", "770, 5", "5, 0", "0, 5", "0, 0"})
  void bytesArePaddedToVectors(int rows, int columns) {
    PackedMatrix packed = PackedMatrix.pack(rows, columns, new float[rows * columns]);
    assertEquals(rows, packed.rows());
    assertEquals(columns, packed.columns());
    long floats = Packing.START + (long) rows * Math.ceilDiv(columns, LANES) * LANES;
    assertEquals(4 * floats, packed.bytes());
    assertEquals(
        "PackedMatrix[%d x %d, %d bytes]".formatted(rows, columns, packed.bytes()),
        packed.toString());
    PackedMatrix transposed =
        PackedMatrix.pack(rows, columns, true, new float[rows * columns], 0, rows);
    assertEquals(packed.bytes(), transposed.bytes());
    assertEquals(rows, transposed.rows());
    assertEquals(columns, transposed.columns());
  }

  @Test
  void packingCopies() {
    float[] b = Fill.MODERATE.array(7 * 9, 1);
    float[] a = Fill.MODERATE.array(3 * 7, 2);
    float[] expected = FmaChain.product(MatmulCase.of(3, 9, 7, a, b));
    PackedMatrix packed = PackedMatrix.pack(7, 9, b);
    Arrays.fill(b, Float.NaN);
    Matmul plan = Matmul.plain();
    float[] c = new float[27];
    for (int i = 0; i < 3; i++) {
      Arrays.fill(c, Float.NaN);
      plan.multiply(3, a, packed, c);
      FloatAssert.assertRawBitsEqual(c, 0, expected, 0, 27, here("packed").with("call", i));
    }
  }

  /** One packed matrix under plans that differ in everything else. */
  @Test
  void manyPlansShareOne() {
    int n = 3 * LANES + 1;
    float[] b = Fill.MODERATE.array(20 * n, 1);
    PackedMatrix packed = PackedMatrix.pack(20, n, b);
    float[] bias = Fill.MODERATE.array(n, 3);
    for (int m = 1; m <= 9; m++) {
      for (float beta : new float[] {0, 1, 0.5f}) {
        float[] a = Fill.MODERATE.array(m * 20, m);
        float[] start = Fill.MODERATE.array(m * n, 4);
        float[] c = start.clone();
        float[] plain = start.clone();
        Matmul.builder().alpha(0.75f).beta(beta).bias(bias, 0).build().multiply(m, a, packed, c);
        Matmul.builder()
            .alpha(0.75f)
            .beta(beta)
            .bias(bias, 0)
            .build()
            .multiply(m, n, 20, a, b, plain);
        FloatAssert.assertRawBitsEqual(c, 0, plain, 0, c.length, here("packed").with("m", m));
      }
    }
  }
}
