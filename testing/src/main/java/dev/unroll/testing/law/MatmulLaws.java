package dev.unroll.testing.law;

import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The laws of a product of row-major matrices.
 *
 * <pre>{@code
 * MatmulLaws.ofDense("multiply", Kernels::multiply).checkAll();
 * }</pre>
 *
 * <p>Without a further promise, a kernel may sum in any order: what compares two ways to the same
 * product then allows the sum of the bounds of both, and only what no order can change (integers,
 * unit vectors, powers of two, NaN and infinity) is asked in bits. {@link #oneOrder} and {@link
 * #fmaChain} promise more.
 */
public final class MatmulLaws {

  /** {@code C = alpha op(A) op(B) + beta C}, all row-major: the general form. */
  @FunctionalInterface
  public interface Gemm {
    /** Multiplies. */
    void multiply(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        float alpha,
        float[] a,
        int aOffset,
        int lda,
        float[] b,
        int bOffset,
        int ldb,
        float beta,
        float[] c,
        int cOffset,
        int ldc);
  }

  /** {@code C = A B} of matrices inside arrays. */
  @FunctionalInterface
  public interface Strided {
    /** Multiplies. */
    void multiply(
        int m,
        int n,
        int k,
        float[] a,
        int aOffset,
        int lda,
        float[] b,
        int bOffset,
        int ldb,
        float[] c,
        int cOffset,
        int ldc);
  }

  /** {@code C = A B} of matrices that fill their arrays. */
  @FunctionalInterface
  public interface Dense {
    /** Multiplies. */
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c);
  }

  /** A law about products of one shape; the data is a function of shape and seed. */
  @FunctionalInterface
  public interface ShapeLaw {
    /** Fails when it is broken. */
    void at(int m, int n, int k, long seed);
  }

  final String name;
  final Gemm gemm;
  final boolean strided;
  final boolean general;
  boolean oneOrder;
  boolean fmaChain;
  Reproducer start;
  private int rows = 8;
  private int lanes = 16;
  private long seed;
  private int @Nullable [][] shapes;

  private MatmulLaws(String name, Gemm gemm, boolean strided, boolean general) {
    this.name = name;
    this.gemm = gemm;
    this.strided = strided;
    this.general = general;
    start = Reproducer.of(name);
  }

  /** The laws of the general form. */
  public static MatmulLaws of(String name, Gemm kernel) {
    return new MatmulLaws(name, kernel, true, true);
  }

  /** The laws of plain products inside arrays. */
  public static MatmulLaws ofStrided(String name, Strided kernel) {
    return new MatmulLaws(
        name,
        (ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) ->
            kernel.multiply(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc),
        true,
        false);
  }

  /** The laws of plain products of whole arrays. */
  public static MatmulLaws ofDense(String name, Dense kernel) {
    return new MatmulLaws(
        name,
        (ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) ->
            kernel.multiply(m, n, k, a, b, c),
        false,
        false);
  }

  /**
   * Each element is summed in one order, which depends on k alone: blocks, permutations and
   * transposes then give the same bits.
   */
  public MatmulLaws oneOrder() {
    oneOrder = true;
    return this;
  }

  /** That order is {@link dev.unroll.testing.reference.FmaChain}. */
  public MatmulLaws fmaChain() {
    fmaChain = true;
    return oneOrder();
  }

  /** What the kernel works in; 8 rows and 16 lanes unless told otherwise. */
  public MatmulLaws units(int ofRows, int ofLanes) {
    rows = ofRows;
    lanes = ofLanes;
    return this;
  }

  /** Shapes (m, n, k) to try instead of those around the units. */
  public MatmulLaws shapes(int[]... all) {
    shapes = all.clone();
    return this;
  }

  /** Other data; 0 unless told otherwise. */
  public MatmulLaws seed(long value) {
    seed = value;
    return this;
  }

  /** What failures say first, such as the twin and its width. */
  public MatmulLaws reproducer(Reproducer from) {
    start = from;
    return this;
  }

  /** The laws by name, to be asked at shapes that a property tester supplies. */
  public Map<String, ShapeLaw> byName() {
    MatmulChecks checks = new MatmulChecks(this);
    MatmulAlgebra algebra = new MatmulAlgebra(this);
    Map<String, ShapeLaw> all = new LinkedHashMap<>();
    all.put("within the bound of dot products", checks::accuracy);
    all.put("integers are exact", checks::integers);
    all.put("writes C and nothing else", checks::memory);
    all.put("NaN and infinity as in the naive loop", checks::specials);
    all.put("the same bits from call to call", checks::again);
    all.put("(A B)^T = B^T A^T", algebra::transposedProduct);
    all.put("permuted rows and columns", algebra::permutation);
    all.put("blocks of rows and columns", algebra::blocks);
    all.put("unit vectors choose", algebra::unitVectors);
    all.put("powers of two scale exactly", algebra::powersOfTwo);
    all.put("A (B + D) = A B + A D within the bound", algebra::linearity);
    if (strided) {
      all.put("operands lie side by side", algebra::sideBySide);
    }
    if (general) {
      all.put("transposed operands are the same operands", algebra::transposedOperands);
      all.put("alpha and beta scale by powers of two", algebra::scalars);
      all.put("beta = 1 goes on where k was cut", algebra::cutOfK);
    }
    if (fmaChain) {
      all.put("the bits of the chain", checks::chain);
    }
    return all;
  }

  /** All of them, each over a list of shapes. */
  public Laws laws() {
    List<Law> all = new ArrayList<>();
    int[][] list = shapes == null ? around(rows, lanes) : shapes;
    byName()
        .forEach(
            (law, check) ->
                all.add(
                    new Law(
                        law,
                        () -> {
                          for (int[] s : list) {
                            check.at(s[0], s[1], s[2], seed);
                          }
                        })));
    all.add(new Law("empty products", () -> new MatmulChecks(this).empty(seed)));
    return new Laws(name, all);
  }

  /** Checks all of them; see {@link Laws#checkAll}. */
  public void checkAll() {
    laws().checkAll();
  }

  /** Every remainder of rows and vectors occurs, and every small size. */
  private static int[][] around(int rows, int lanes) {
    SplittableRandom random = new SplittableRandom(rows * 31L + lanes);
    List<int[]> all = new ArrayList<>();
    all.add(new int[] {1, 1, 1});
    for (int i = 1; i <= 2 * rows + 1; i++) {
      all.add(new int[] {i, random.nextInt(1, 4 * lanes + 2), random.nextInt(1, 40)});
    }
    for (int j = 1; j <= 3 * lanes + 1; j++) {
      all.add(new int[] {random.nextInt(1, rows + 2), j, random.nextInt(1, 20)});
    }
    // A sum that is cut into blocks, and a panel of many columns.
    all.add(new int[] {3, lanes + 1, 1100});
    all.add(new int[] {2 * rows, 20 * lanes + 3, 5});
    all.add(new int[] {40 * rows + 3, 3, 7});
    return all.toArray(new int[0][]);
  }
}
