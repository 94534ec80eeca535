package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;

import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What products have to do with each other: no reference, and no tolerance but in one law. */
class MatmulLawsProperties {

  /** A product of dense matrices. */
  record Shape(int m, int n, int k, int seed) {

    float[] a() {
      return Fill.MODERATE.array(m * k, seed);
    }

    float[] b() {
      return Fill.MODERATE.array(k * n, seed + 1L);
    }

    Reproducer where(String law) {
      return here(law).shape(this);
    }
  }

  @Provide
  static Arbitrary<Shape> shapes() {
    Arbitrary<Integer> seeds = Arbitraries.integers().between(0, 1_000_000);
    return Arbitraries.frequencyOf(
            Tuple.of(
                19,
                Combinators.combine(
                        ShapeArbitraries.sizesFrom(1, 19, 4, 8),
                        ShapeArbitraries.sizesFrom(1, 7 * LANES, LANES, 3 * LANES),
                        ShapeArbitraries.sizesFrom(1, 33),
                        seeds)
                    .as(Shape::new)),
            Tuple.of(
                1,
                Combinators.combine(
                        ShapeArbitraries.sizesFrom(1, 13),
                        ShapeArbitraries.sizesFrom(1, 3 * LANES, LANES),
                        ShapeArbitraries.sizesFrom(370, 1560, 384),
                        seeds)
                    .as(Shape::new)))
        .withoutEdgeCases();
  }

  private static float[] multiply(int m, int n, int k, float[] a, float[] b) {
    float[] c = new float[m * n];
    Matmul.plain().multiply(m, n, k, a, b, c);
    return c;
  }

  private static float[] product(Shape s) {
    return multiply(s.m, s.n, s.k, s.a(), s.b());
  }

  private static float[] transpose(float[] x, int rows, int columns) {
    float[] y = new float[x.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[j * rows + i] = x[i * columns + j];
      }
    }
    return y;
  }

  private static void same(float[] got, float[] expected, Reproducer where) {
    FloatAssert.assertRawBitsEqual(got, 0, expected, 0, expected.length, where);
  }

  @Property(tries = 100)
  void transposedOperandsAreTheSameOperands(@ForAll("shapes") Shape s) {
    float[] expected = product(s);
    float[] at = transpose(s.a(), s.m, s.k);
    float[] bt = transpose(s.b(), s.k, s.n);
    float[] c = new float[expected.length];
    Matmul.builder().transposeA().build().multiply(s.m, s.n, s.k, at, s.b(), c);
    same(c, expected, s.where("A^T^T B"));
    Matmul.builder().transposeB().build().multiply(s.m, s.n, s.k, s.a(), bt, c);
    same(c, expected, s.where("A B^T^T"));
    Matmul.builder().transposeA().transposeB().build().multiply(s.m, s.n, s.k, at, bt, c);
    same(c, expected, s.where("A^T^T B^T^T"));
    PackedMatrix packed = PackedMatrix.pack(s.k, s.n, true, bt, 0, s.k);
    Matmul.plain().multiply(s.m, s.a(), packed, c);
    same(c, expected, s.where("packed B^T^T"));
  }

  /** (A B)^T = B^T A^T: an fma does not care which factor comes first. */
  @Property(tries = 100)
  void theTransposedProductIsTheProductOfTheTransposed(@ForAll("shapes") Shape s) {
    float[] bt = transpose(s.b(), s.k, s.n);
    float[] at = transpose(s.a(), s.m, s.k);
    float[] ct = multiply(s.n, s.m, s.k, bt, at);
    same(transpose(ct, s.n, s.m), product(s), s.where("(A B)^T = B^T A^T"));
  }

  @Property(tries = 100)
  void blocksOfRowsAndColumnsAreTheirShareOfTheWhole(
      @ForAll("shapes") Shape s, @ForAll int rows, @ForAll int columns) {
    float[] c = new float[s.m * s.n];
    int i = Math.floorMod(rows, s.m);
    int j = Math.floorMod(columns, s.n);
    int[][] blocks = {{0, i, 0, j}, {0, i, j, s.n}, {i, s.m, 0, j}, {i, s.m, j, s.n}};
    Matmul plan = Matmul.plain();
    for (int[] at : blocks) {
      plan.multiply(
          at[1] - at[0],
          at[3] - at[2],
          s.k,
          s.a(),
          at[0] * s.k,
          s.k,
          s.b(),
          at[2],
          s.n,
          c,
          at[0] * s.n + at[2],
          s.n);
    }
    same(c, product(s), s.where("blocks").with("row", i).with("column", j));
  }

  /** A, B and C as blocks of columns of one matrix. */
  @Property(tries = 100)
  void operandsMayLieBesideEachOther(@ForAll("shapes") Shape s) {
    int ld = s.k + 2 * s.n + 3;
    int rows = Math.max(s.m, s.k);
    float[] all = Fill.MODERATE.array(rows * ld, s.seed + 2L);
    float[] expected = all.clone();
    float[] a = new MatrixView(all, 0, ld).toDense(s.m, s.k);
    float[] b = new MatrixView(all, s.k, ld).toDense(s.k, s.n);
    float[] c = multiply(s.m, s.n, s.k, a, b);
    int c0 = s.k + s.n;
    for (int i = 0; i < s.m; i++) {
      System.arraycopy(c, i * s.n, expected, i * ld + c0, s.n);
    }
    Matmul.plain().multiply(s.m, s.n, s.k, all, 0, ld, all, s.k, ld, all, c0, ld);
    same(all, expected, s.where("blocks of columns of one array"));
  }

  /** beta = 1 takes a chain up where it was left, wherever k is cut. */
  @Property(tries = 100)
  void aChainGoesOnWhereItWasLeft(@ForAll("shapes") Shape s, @ForAll int cut) {
    int k0 = Math.floorMod(cut, s.k + 1);
    float[] c = new float[s.m * s.n];
    Matmul.plain().multiply(s.m, s.n, k0, s.a(), 0, s.k, s.b(), 0, s.n, c, 0, s.n);
    Matmul.builder()
        .beta(1)
        .build()
        .multiply(s.m, s.n, s.k - k0, s.a(), k0, s.k, s.b(), k0 * s.n, s.n, c, 0, s.n);
    same(c, product(s), s.where("cut chain").with("cut", k0));
  }

  @Property(tries = 100)
  void permutedRowsAndColumnsArePermutedResults(@ForAll("shapes") Shape s) {
    List<Integer> rows = permutation(s.m, s.seed);
    List<Integer> columns = permutation(s.n, s.seed + 1);
    float[] a = s.a();
    float[] b = s.b();
    float[] c = product(s);
    float[] pa = new float[a.length];
    float[] pb = new float[b.length];
    float[] expected = new float[c.length];
    for (int i = 0; i < s.m; i++) {
      System.arraycopy(a, rows.get(i) * s.k, pa, i * s.k, s.k);
      for (int j = 0; j < s.n; j++) {
        expected[i * s.n + j] = c[rows.get(i) * s.n + columns.get(j)];
      }
    }
    for (int p = 0; p < s.k; p++) {
      for (int j = 0; j < s.n; j++) {
        pb[p * s.n + j] = b[p * s.n + columns.get(j)];
      }
    }
    same(multiply(s.m, s.n, s.k, pa, pb), expected, s.where("permutation"));
  }

  private static List<Integer> permutation(int size, int seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /** Rows of the unit matrix choose rows of B, its columns choose columns of A. */
  @Property(tries = 100)
  void unitVectorsChoose(@ForAll("shapes") Shape s) {
    Random random = new Random(s.seed);
    float[] choice = new float[s.m * s.k];
    float[] rows = new float[s.m * s.n];
    for (int i = 0; i < s.m; i++) {
      int p = random.nextInt(s.k);
      choice[i * s.k + p] = 1;
      System.arraycopy(s.b(), p * s.n, rows, i * s.n, s.n);
    }
    same(multiply(s.m, s.n, s.k, choice, s.b()), rows, s.where("unit rows"));
    choice = new float[s.k * s.n];
    float[] columns = new float[s.m * s.n];
    float[] a = s.a();
    for (int j = 0; j < s.n; j++) {
      int p = random.nextInt(s.k);
      choice[p * s.n + j] = 1;
      for (int i = 0; i < s.m; i++) {
        columns[i * s.n + j] = a[i * s.k + p];
      }
    }
    same(multiply(s.m, s.n, s.k, a, choice), columns, s.where("unit columns"));
  }

  @Property(tries = 100)
  void powersOfTwoScaleExactly(
      @ForAll("shapes") Shape s, @ForAll @IntRange(min = -60, max = 60) int power) {
    float scale = Math.scalb(1f, power);
    float[] expected = scaled(product(s), scale);
    Reproducer where = s.where("scaling").with("power", power);
    same(multiply(s.m, s.n, s.k, scaled(s.a(), scale), s.b()), expected, where);
    same(multiply(s.m, s.n, s.k, s.a(), scaled(s.b(), scale)), expected, where);
    float[] c = new float[s.m * s.n];
    Matmul.builder().alpha(scale).build().multiply(s.m, s.n, s.k, s.a(), s.b(), c);
    same(c, expected, where.with("alpha", scale));
    float[] onlyScaled = product(s);
    Matmul.builder().alpha(0).beta(scale).build().multiply(s.m, s.n, s.k, s.a(), s.b(), onlyScaled);
    same(onlyScaled, expected, where.with("beta", scale));
  }

  private static float[] scaled(float[] x, float scale) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = scale * x[i];
    }
    return y;
  }

  /** A (B + D) = A B + A D, within the bounds of the three products and the rounded sum. */
  @Property(tries = 100)
  void sumsGoThroughWithinTheBound(@ForAll("shapes") Shape s) {
    float[] b = s.b();
    float[] d = Fill.MODERATE.array(s.k * s.n, s.seed + 2L);
    float[] sum = new float[b.length];
    for (int i = 0; i < b.length; i++) {
      sum[i] = b[i] + d[i];
    }
    float[] left = multiply(s.m, s.n, s.k, s.a(), sum);
    float[] ab = multiply(s.m, s.n, s.k, s.a(), b);
    float[] ad = multiply(s.m, s.n, s.k, s.a(), d);
    double[] right = new double[left.length];
    double[] bound = new double[left.length];
    double[] ofSum = ReferenceMatmul.magnitude(MatmulCase.of(s.m, s.n, s.k, s.a(), sum));
    double[] ofB = ReferenceMatmul.magnitude(MatmulCase.of(s.m, s.n, s.k, s.a(), b));
    double[] ofD = ReferenceMatmul.magnitude(MatmulCase.of(s.m, s.n, s.k, s.a(), d));
    double gamma = ErrorBounds.gamma(s.k + 2L);
    for (int i = 0; i < left.length; i++) {
      right[i] = (double) ab[i] + ad[i];
      bound[i] = gamma * (ofB[i] + ofD[i]) + (gamma + ErrorBounds.gamma(1)) * ofSum[i];
    }
    FloatAssert.assertWithin(left, 0, right, bound, left.length, s.where("linearity"));
  }
}
