package dev.unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class GradientAmplificationTest {

  private static final int DEPTH = 6;
  private static final int WIDTH = 5;

  @Test
  void gradientsAreScaledByTheLayersAboveBitForBit() {
    float[][] plain = gradients(new GradientAmplification(2, new BitSet()));
    for (int count = 0; count <= DEPTH; count++) {
      GradientAmplification amplification = GradientAmplification.random(2, DEPTH, count, count);
      float[][] amplified = gradients(amplification);
      for (int layer = 0; layer < DEPTH; layer++) {
        float[] expected = plain[layer].clone();
        for (int i = 0; i < expected.length; i++) {
          expected[i] = Math.scalb(expected[i], amplification.timesAbove(layer));
        }
        assertArrayEquals(expected, amplified[layer], "layer " + layer);
      }
    }
  }

  /** dW of each layer of a tanh network, by plain loops in float. */
  private static float[][] gradients(GradientAmplification amplification) {
    Random random = new Random(9);
    float[][] w = new float[DEPTH][WIDTH * WIDTH];
    float[][] x = new float[DEPTH + 1][WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      x[0][i] = (float) random.nextGaussian();
    }
    for (int layer = 0; layer < DEPTH; layer++) {
      for (int i = 0; i < w[layer].length; i++) {
        w[layer][i] = (float) random.nextGaussian() / 2;
      }
      for (int i = 0; i < WIDTH; i++) {
        float z = 0;
        for (int j = 0; j < WIDTH; j++) {
          z += w[layer][i * WIDTH + j] * x[layer][j];
        }
        x[layer + 1][i] = (float) StrictMath.tanh(z);
      }
    }
    float[] dy = {1, -2, 0.5f, 0.25f, 3};
    float[][] dW = new float[DEPTH][WIDTH * WIDTH];
    for (int layer = DEPTH - 1; layer >= 0; layer--) {
      float[] dx = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        float dz = dy[i] * (1 - x[layer + 1][i] * x[layer + 1][i]);
        for (int j = 0; j < WIDTH; j++) {
          dW[layer][i * WIDTH + j] = dz * x[layer][j];
          dx[j] += dz * w[layer][i * WIDTH + j];
        }
      }
      amplification.apply(layer, dx, 0, WIDTH);
      dy = dx;
    }
    return dW;
  }

  @Test
  void drawsAsManyLayersAsWanted() {
    for (int count = 0; count <= 10; count++) {
      GradientAmplification amplification = GradientAmplification.random(2, 10, count, 3);
      int found = 0;
      for (int layer = 0; layer < 10; layer++) {
        found += amplification.amplifies(layer) ? 1 : 0;
      }
      assertEquals(count, found);
      assertEquals(count - (amplification.amplifies(0) ? 1 : 0), amplification.timesAbove(0));
    }
  }

  @Test
  void touchesItsRangeAlone() {
    BitSet second = new BitSet();
    second.set(1);
    GradientAmplification amplification = new GradientAmplification(3, second);
    float[] dx = {1, 1, 1};
    amplification.apply(0, dx, 0, 3);
    assertArrayEquals(new float[] {1, 1, 1}, dx);
    amplification.apply(1, dx, 1, 1);
    assertArrayEquals(new float[] {1, 3, 1}, dx);
    assertThrows(IndexOutOfBoundsException.class, () -> amplification.apply(1, dx, 1, 3));
    assertThrows(IllegalArgumentException.class, () -> amplification.apply(-1, dx, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new GradientAmplification(0, second));
    assertThrows(IllegalArgumentException.class, () -> GradientAmplification.random(2, 3, 4, 1));
  }
}
