package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.tolerance.FloatAssert;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Products by example; {@link MatmulProperties} goes through what can be combined. */
class MatmulTest {

  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  /** 2 x 3 and 3 x 2. */
  private static final float[] A = {1, 2, 3, 4, 5, 6};

  private static final float[] B = {7, 8, 9, 10, 11, 12};

  private static final float[] AB = {58, 64, 139, 154};

  /** Bits, NaN and the sign of zeros included. */
  private static void assertBits(float[] expected, float[] got) {
    FloatAssert.assertBitsEqual(got, 0, expected, 0, expected.length, here("example"));
    assertEquals(expected.length, got.length);
  }

  // Formula

  @Test
  void aTimesB() {
    float[] c = new float[4];
    Matmul.plain().multiply(2, 2, 3, A, B, c);
    assertBits(AB, c);
    Arrays.fill(c, 0);
    Matmul.plain().multiply(2, A, PackedMatrix.pack(3, 2, B), c);
    assertBits(AB, c);
  }

  @Test
  void transposedOperands() {
    float[] at = {1, 4, 2, 5, 3, 6};
    float[] bt = {7, 9, 11, 8, 10, 12};
    float[] c = new float[4];
    Matmul.builder().transposeA().build().multiply(2, 2, 3, at, B, c);
    assertBits(AB, c);
    Arrays.fill(c, 0);
    Matmul.builder().transposeB().build().multiply(2, 2, 3, A, bt, c);
    assertBits(AB, c);
    Arrays.fill(c, 0);
    Matmul.builder().transposeA().transposeB().build().multiply(2, 2, 3, at, bt, c);
    assertBits(AB, c);
    Arrays.fill(c, 0);
    PackedMatrix packed = PackedMatrix.pack(3, 2, true, bt, 0, 3);
    Matmul.builder().transposeA().build().multiply(2, at, packed, c);
    assertBits(AB, c);
  }

  @Test
  void alphaBetaBiasAndFunction() {
    float[] bias = {100, -1000};
    float[] c = {1, 2, 3, 4};
    Matmul.builder().alpha(2).beta(3).bias(bias, 0).build().multiply(2, 2, 3, A, B, c);
    assertBits(new float[] {219, -866, 387, -680}, c);
    c = new float[] {1, 2, 3, 4};
    Matmul.builder()
        .alpha(2)
        .beta(3)
        .bias(bias, 0)
        .activation(Activation.RELU)
        .build()
        .multiply(2, 2, 3, A, B, c);
    assertBits(new float[] {219, 0, 387, 0}, c);
  }

  @Test
  void theBiasIsReadAtEachCallFromItsOffset() {
    float[] bias = {NAN, 1, 2, NAN};
    Matmul plan = Matmul.builder().bias(bias, 1).build();
    float[] c = new float[4];
    plan.multiply(2, 2, 3, A, B, c);
    assertBits(new float[] {59, 66, 140, 156}, c);
    bias[1] = -58;
    plan.multiply(2, 2, 3, A, B, c);
    assertBits(new float[] {0, 66, 81, 156}, c);
  }

  @Test
  void theFunctionSeesOnlyTheEndOfALongChain() {
    // Every partial sum before the last is negative: relu in between would show. Fewer and more
    // rows than a tile has, since k is cut into other blocks where a panel serves several tiles.
    for (int m : new int[] {1, 2, 6}) {
      endOfALongChain(m, 4300);
    }
  }

  private static void endOfALongChain(int m, int k) {
    float[] a = new float[m * k];
    float[] b = new float[k * 3];
    Arrays.fill(a, 1);
    Arrays.fill(b, -1);
    Arrays.fill(b, (k - 1) * 3, k * 3, k + 4);
    float[] expected = new float[m * 3];
    Arrays.fill(expected, 5);
    Matmul plan = Matmul.builder().activation(Activation.RELU).build();
    float[] c = new float[m * 3];
    plan.multiply(m, 3, k, a, b, c);
    assertBits(expected, c);
    Arrays.fill(c, 0);
    plan.multiply(m, a, PackedMatrix.pack(k, 3, b), c);
    assertBits(expected, c);
  }

  @Test
  void everyShapeAroundTheTiles() {
    TreeSet<Integer> columns = new TreeSet<>();
    for (int vectors = 1; vectors <= 9; vectors++) {
      columns.add(vectors * LANES - 1);
      columns.add(vectors * LANES);
      columns.add(vectors * LANES + 1);
    }
    columns.add(1);
    columns.add(2);
    for (int m : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 17}) {
      for (int n : columns) {
        for (int k : new int[] {1, 2, 3, 9}) {
          dense(m, n, k);
        }
      }
    }
  }

  /** Several blocks of k, of columns that are packed at once, and of rows. */
  @Test
  void everyCutIntoBlocks() {
    dense(5, 3 * LANES + 1, 4100);
    dense(13, 1100, 1030);
    dense(70, 17, 1030);
  }

  @Test
  void oneRowOverEveryNumberOfVectors() {
    for (int vectors = 1; vectors <= 25; vectors++) {
      dense(1, vectors * LANES, 5);
      dense(1, vectors * LANES + 3, 5);
    }
  }

  /** Arrays that end with their last element: who reads or writes further is thrown out. */
  private static void dense(int m, int n, int k) {
    float[] a = Fill.MODERATE.array(m * k, 1);
    float[] b = Fill.MODERATE.array(k * n, 2);
    float[] expected = FmaChain.product(MatmulCase.of(m, n, k, a, b));
    float[] c = new float[m * n];
    var where = here("Matmul.multiply").shape("m=%d n=%d k=%d".formatted(m, n, k));
    Arrays.fill(c, NAN);
    Matmul.plain().multiply(m, n, k, a, b, c);
    FloatAssert.assertRawBitsEqual(c, 0, expected, 0, c.length, where);
    Arrays.fill(c, NAN);
    Matmul.plain().multiply(m, a, PackedMatrix.pack(k, n, b), c);
    FloatAssert.assertRawBitsEqual(c, 0, expected, 0, c.length, where.with("packed", true));
  }

  // Sizes of 0, and what must not be read

  @Test
  void withoutRowsOrColumnsNothingHappens() {
    float[] c = {NAN, 1, 2, 3};
    Matmul plan = Matmul.builder().beta(2).activation(Activation.TANH).build();
    plan.multiply(0, 2, 2, new float[0], new float[4], c);
    plan.multiply(2, 0, 2, new float[4], new float[0], c);
    plan.multiply(0, 0, 0, new float[0], new float[0], c);
    plan.multiply(0, new float[0], PackedMatrix.pack(2, 2, new float[4]), c);
    plan.multiply(2, new float[4], PackedMatrix.pack(2, 0, new float[0]), c);
    plan.multiplyBatched(3, 0, 2, 2, new float[4], 0, 2, 0, new float[4], 0, 2, 0, c, 0, 2, 0);
    plan.multiplyBatched(0, 2, 2, 2, new float[0], 0, 2, 4, new float[0], 0, 2, 4, c, 0, 2, 4);
    assertBits(new float[] {NAN, 1, 2, 3}, c);
  }

  @Test
  void withoutTermsCIsItsStart() {
    float[] none = new float[0];
    float[] c = {1, -2, NAN, 4};
    Matmul.builder().beta(-3).build().multiply(2, 2, 0, none, none, c);
    assertBits(new float[] {-3, 6, NAN, -12}, c);
    Matmul.builder().beta(1).build().multiply(2, 2, 0, none, none, c);
    assertBits(new float[] {-3, 6, NAN, -12}, c);
    Matmul.plain().multiply(2, 2, 0, none, none, c);
    assertBits(new float[4], c);
    Matmul.builder().bias(new float[] {5, -0f}, 0).build().multiply(2, 2, 0, none, none, c);
    assertBits(new float[] {5, -0f, 5, -0f}, c);
    PackedMatrix empty = PackedMatrix.pack(0, 2, none);
    Matmul.builder().beta(2).build().multiply(2, none, empty, c);
    assertBits(new float[] {10, -0f, 10, -0f}, c);
    Matmul.builder().beta(-1).activation(Activation.RELU).build().multiply(2, none, empty, c);
    assertBits(new float[] {0, 0, 0, 0}, c);
  }

  @Test
  void withBetaZeroCIsNotRead() {
    for (float zero : new float[] {0f, -0f}) {
      float[] c = {NAN, INF, NAN, -INF};
      Matmul.builder().beta(zero).build().multiply(2, 2, 3, A, B, c);
      assertBits(AB, c);
    }
  }

  @Test
  void withAlphaZeroAAndBAreNotRead() {
    float[] nan = {NAN, NAN, NAN, NAN, NAN, NAN};
    for (float zero : new float[] {0f, -0f}) {
      float[] c = {1, 2, 3, 4};
      Matmul.builder().alpha(zero).beta(2).build().multiply(2, 2, 3, nan, nan, c);
      assertBits(new float[] {2, 4, 6, 8}, c);
      Matmul.builder().alpha(zero).build().multiply(2, nan, PackedMatrix.pack(3, 2, nan), c);
      assertBits(new float[4], c);
    }
  }

  // Special values

  @Test
  void nothingIsSkippedForBeingZero() {
    float[] c = new float[2];
    Matmul.plain().multiply(1, 2, 2, new float[] {NAN, 1}, new float[] {0, 0, 1, 2}, c);
    assertBits(new float[] {NAN, NAN}, c);
    Matmul.plain().multiply(1, 2, 2, new float[] {0, 1}, new float[] {INF, NAN, 1, 2}, c);
    assertBits(new float[] {NAN, NAN}, c);
    Matmul.plain().multiply(1, 2, 2, new float[] {1, 1}, new float[] {INF, INF, 1, -INF}, c);
    assertBits(new float[] {INF, NAN}, c);
    Matmul.builder().alpha(INF).build().multiply(1, 2, 1, new float[] {0}, new float[] {1, 2}, c);
    assertBits(new float[] {NAN, NAN}, c);
  }

  @Test
  void subnormalsAreNotFlushed() {
    float[] c = new float[2];
    float[] b = {Float.MIN_NORMAL, 3 * Float.MIN_VALUE};
    Matmul.plain().multiply(1, 2, 1, new float[] {0.5f}, b, c);
    // 1.5 of the smallest lies half-way and goes to the even neighbour.
    assertBits(new float[] {Float.MIN_NORMAL / 2, 2 * Float.MIN_VALUE}, c);
  }

  @Test
  void theChainIsFusedAndStartsFromPlusZero() {
    float[] c = new float[1];
    Matmul.plain().multiply(1, 1, 1, new float[] {-0f}, new float[] {1}, c);
    assertBits(new float[] {0f}, c);
    // (1 + u)(1 - u) - 1 = -u^2, which a rounded product would lose.
    float u = 0x1p-12f;
    Matmul.plain().multiply(1, 1, 2, new float[] {-1, 1 + u}, new float[] {1, 1 - u}, c);
    assertBits(new float[] {-u * u}, c);
  }

  // Layout

  @Test
  void aHugeLeadingDimensionIsFineForOneRow() {
    int huge = Integer.MAX_VALUE;
    float[] c = new float[2];
    Matmul.plain()
        .multiply(1, 2, 1, new float[] {3}, 0, huge, new float[] {4, 5}, 0, huge, c, 0, huge);
    assertBits(new float[] {12, 15}, c);
    Matmul.builder()
        .transposeA()
        .transposeB()
        .build()
        .multiply(2, 1, 1, new float[] {3, 4}, 0, huge, new float[] {5}, 0, huge, c, 0, 1);
    assertBits(new float[] {15, 20}, c);
    PackedMatrix b = PackedMatrix.pack(1, 2, false, new float[] {4, 5}, 0, huge);
    Matmul.builder().alpha(2).build().multiply(1, new float[] {3}, 0, huge, b, c, 0, huge);
    assertBits(new float[] {24, 30}, c);
  }

  @Test
  void disjointPartsOfOneArray() {
    // A | B | C, one after the other.
    float[] all = new float[16];
    System.arraycopy(A, 0, all, 0, 6);
    System.arraycopy(B, 0, all, 6, 6);
    Matmul.plain().multiply(2, 2, 3, all, 0, 3, all, 6, 2, all, 12, 2);
    assertBits(AB, Arrays.copyOfRange(all, 12, 16));
    assertArrayEquals(A, Arrays.copyOfRange(all, 0, 6));
    assertArrayEquals(B, Arrays.copyOfRange(all, 6, 12));
  }

  // Plans

  @Test
  void theWorkspaceGrowsWithTheLargestProductAndStays() {
    // 48 rows are whole groups of every shape: of what is left behind them no second copy is kept.
    Matmul plan = Matmul.builder().transposeA().transposeB().build();
    assertEquals(0, plan.workspaceBytes());
    run(plan, MatmulSpec.of(48, 40, 50));
    long large = plan.workspaceBytes();
    assertTrue(large >= 4L * (48 * 50 + 40 * 50), () -> large + " bytes");
    run(plan, MatmulSpec.of(48, 41, 50));
    long both = plan.workspaceBytes();
    run(plan, MatmulSpec.of(2, 3, 5));
    run(plan, MatmulSpec.of(48, 40, 50));
    assertEquals(both, plan.workspaceBytes());
  }

  private static void run(Matmul plan, MatmulSpec shape) {
    GuardedMatmul product = shape.build();
    plan.multiply(
        shape.m(),
        shape.n(),
        shape.k(),
        product.a().toDense(),
        product.b().toDense(),
        new float[shape.m() * shape.n()]);
  }
}
