package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.MatrixView;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExactDotTest {

  /** 2^60 + 1 - 2^60: nothing of the 1 is left in double. */
  @Test
  void whatDoubleLosesIsKept() {
    float[] a = {0x1p30f, 1, -0x1p30f};
    float[] b = {0x1p30f, 1, 0x1p30f};
    assertEquals(1, ExactDot.dot(a, b));
    assertEquals(0, ReferenceMatmul.product(MatmulCase.of(1, 1, 3, a, b))[0]);
    assertEquals(0x1p61, ExactDot.condition(a, b));
  }

  @Test
  void startStridesAndOffsets() {
    float[] a = {9, 1, 9, 2, 9, 3};
    float[] b = {10, 100, 1000};
    assertEquals(0.5 + 10 + 200 + 3000, ExactDot.dot(0.5, a, 1, 2, b, 0, 1, 3));
    assertEquals(-0.25, ExactDot.dot(-0.25, a, 0, 1, b, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> ExactDot.dot(a, b));
    assertThrows(
        NumberFormatException.class, () -> ExactDot.dot(new float[] {Float.NaN}, new float[] {1}));
  }

  @Test
  void conditions() {
    assertEquals(1, ExactDot.condition(new float[] {1, 2}, new float[] {-3, -4}));
    assertEquals(3, ExactDot.condition(new float[] {2, 1}, new float[] {1, -1}));
    assertEquals(
        Double.POSITIVE_INFINITY, ExactDot.condition(new float[] {1, 1}, new float[] {1, -1}));
  }

  /** Where nothing cancels, both references agree; with all the rest of a product. */
  @Test
  void productsAgreeWhereDoubleIsEnough() {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(0.5, 1);
    }
    MatrixView view = new MatrixView(values, 3, 6);
    MatmulCase p = new MatmulCase(true, true, 4, 3, 5, 0.3f, view, view, -2, view, values, 7);
    double[] product = ReferenceMatmul.product(p);
    assertArrayEquals(product, ExactDot.product(p), 1e-14);
    MatmulCase none = new MatmulCase(false, false, 2, 2, 5, 0, view, view, 0, view, null, 0);
    assertArrayEquals(new double[4], ExactDot.product(none));
    assertTrue(product[0] != 0);
  }
}
