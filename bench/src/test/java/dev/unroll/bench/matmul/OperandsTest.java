package dev.unroll.bench.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.matmul.MatmulContender.Packing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperandsTest {

  private static final Shape SHAPE = new Shape(7, 33, 21);

  @ParameterizedTest
  @EnumSource(Packing.class)
  void ourProductPasses(Packing packing) {
    try (MatmulContender ours = new UnrollMatmul(packing)) {
      assertEquals(7 * 33, new Operands(SHAPE).prepareAndCheck(ours, 1).length);
    }
  }

  @Test
  void aProductWithOneBitTooManyFails() {
    Operands operands = new Operands(SHAPE);
    IllegalStateException wrong =
        assertThrows(
            IllegalStateException.class,
            () -> operands.prepareAndCheck(new Wrong(SHAPE.m() * SHAPE.n() - 1), 1));
    assertTrue(wrong.toString().contains("[6,32]"), wrong.toString());
  }

  @Test
  void everyElementIsComparedWithAnotherContender() {
    Operands operands = new Operands(SHAPE);
    float[] right = operands.prepareAndCheck(new NaiveMatmul(), 1);
    for (int i = 0; i < right.length; i++) {
      float[] wrong = right.clone();
      wrong[i] += 1e-3f;
      assertThrows(
          IllegalStateException.class, () -> operands.compare(right, "right", wrong, "wrong"));
    }
    operands.compare(right, "right", right.clone(), "copy");
  }

  /** Adds a little to one element of a right product. */
  private static final class Wrong implements MatmulContender {
    private final NaiveMatmul right = new NaiveMatmul();
    private final int element;

    Wrong(int element) {
      this.element = element;
    }

    @Override
    public String library() {
      return "wrong";
    }

    @Override
    public String variant() {
      return "one element";
    }

    @Override
    public void prepare(Shape shape, float[] a, float[] b, int threads) {
      right.prepare(shape, a, b, threads);
    }

    @Override
    public void run() {
      right.run();
    }

    @Override
    public float[] result() {
      float[] product = right.result();
      product[element] += 1e-3f;
      return product;
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
