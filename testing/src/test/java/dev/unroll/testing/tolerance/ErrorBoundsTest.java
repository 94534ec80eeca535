package dev.unroll.testing.tolerance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.reference.MatmulCase;
import org.junit.jupiter.api.Test;

class ErrorBoundsTest {

  @Test
  void gammaByHand() {
    assertEquals(0, ErrorBounds.gamma(0));
    assertEquals(0x1p-24 / (1 - 0x1p-24), ErrorBounds.gamma(1));
    assertEquals(1, ErrorBounds.gamma(1 << 23), "n u = 1/2");
    assertThrows(IllegalArgumentException.class, () -> ErrorBounds.gamma(1 << 24));
    assertThrows(IllegalArgumentException.class, () -> ErrorBounds.gamma(-1));
  }

  @Test
  void alarmByHand() {
    assertEquals(8 * 32 * 0x1p-24, ErrorBounds.alarm(1024));
    assertTrue(ErrorBounds.alarm(1024) < ErrorBounds.gamma(1024), "sharper than the proof");
  }

  @Test
  void matmulByHand() {
    // 2 * (|1 * -3| + |2 * 4|) + |-1| * |5| + |7| = 34, and k = 2.
    MatmulCase p =
        new MatmulCase(
            false,
            false,
            1,
            1,
            2,
            2,
            MatrixView.dense(new float[] {1, 2}, 2),
            MatrixView.dense(new float[] {-3, 4}, 1),
            -1,
            MatrixView.dense(new float[] {5}, 1),
            new float[] {7},
            0);
    assertArrayEquals(new double[] {ErrorBounds.gamma(4) * 34}, ErrorBounds.matmul(p), 1e-40);
  }

  @Test
  void matmulOfProductsThatUnderflowIsNotZero() {
    MatmulCase p =
        MatmulCase.of(1, 1, 1, new float[] {Float.MIN_VALUE}, new float[] {Float.MIN_VALUE});
    double bound = ErrorBounds.matmul(p)[0];
    assertTrue(bound >= ErrorBounds.ETA && bound <= 5 * ErrorBounds.ETA, "got " + bound);
  }

  @Test
  void roundingOfAlphaTimesAThatUnderflowsCountsWithB() {
    // 0.75 * MIN_VALUE rounds up to MIN_VALUE: an error of half of eta, times B.
    MatmulCase p =
        new MatmulCase(
            false,
            false,
            1,
            1,
            1,
            0.75f,
            MatrixView.dense(new float[] {Float.MIN_VALUE}, 1),
            MatrixView.dense(new float[] {1024}, 1),
            0,
            MatrixView.dense(new float[1], 1),
            null,
            0);
    double error = 1024 * (Float.MIN_VALUE - 0.75 * Float.MIN_VALUE);
    assertTrue(error <= ErrorBounds.matmul(p)[0]);
  }
}
