package dev.unroll.internal.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.internal.scalar.ScalarActivations;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The functions of the gates over rows, in each twin: every value once, and nothing beside them.
 */
class CellKernelsTest {

  private static final int MOST_ROWS = 5;
  private static final int MOST_VECTORS = 5;

  static List<KernelSet> twins() {
    return Twins.present();
  }

  @ParameterizedTest
  @MethodSource("twins")
  void sigmoid(KernelSet twin) {
    everyBlock(twin, twin.cell()::sigmoid, ScalarActivations::sigmoid);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void tanh(KernelSet twin) {
    everyBlock(twin, twin.cell()::tanh, ScalarActivations::tanh);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void relu(KernelSet twin) {
    everyBlock(twin, twin.cell()::relu, ScalarActivations::relu);
  }

  /** A function over rows in place, as cells call it. */
  private interface InPlace {
    void apply(int rows, int columns, float[] y, int y0, int ldy);
  }

  private static void everyBlock(KernelSet twin, InPlace kernel, UnaryOperator<Float> reference) {
    int lanes = twin.matmul().shape().lanes();
    SplittableRandom random = new SplittableRandom(5);
    for (int rows = 0; rows <= MOST_ROWS; rows++) {
      for (int vectors = 1; vectors <= MOST_VECTORS; vectors++) {
        for (int gap : new int[] {0, 1, 2 * lanes + 3}) {
          block(kernel, reference, rows, vectors * lanes, gap, random);
        }
      }
    }
  }

  private static void block(
      InPlace kernel,
      UnaryOperator<Float> reference,
      int rows,
      int columns,
      int gap,
      SplittableRandom random) {
    int y0 = 3;
    int ldy = columns + gap;
    // The last row ends with its last value: a load or store behind it would leave the array.
    float[] y = new float[y0 + Math.max(0, rows - 1) * ldy + columns];
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextInt(9) == 0 ? special(random) : (float) random.nextGaussian() * 4;
    }
    float[] expected = y.clone();
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++) {
        int at = y0 + row * ldy + j;
        expected[at] = reference.apply(expected[at]);
      }
    }
    kernel.apply(rows, columns, y, y0, ldy);
    for (int i = 0; i < y.length; i++) {
      int at = i;
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(y[i]),
          () -> rows + " x " + columns + ", gap " + gap + ", element " + at);
    }
  }

  private static float special(SplittableRandom random) {
    float[] values = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, -104, 90
    };
    return values[random.nextInt(values.length)];
  }
}
