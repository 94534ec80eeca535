package dev.unroll.testing.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatmulLawsTest {

  private static final String ACCURACY = "within the bound of dot products";
  private static final String INTEGERS = "integers are exact";
  private static final String MEMORY = "writes C and nothing else";
  private static final String SPECIALS = "NaN and infinity as in the naive loop";
  private static final String AGAIN = "the same bits from call to call";
  private static final String TRANSPOSED = "(A B)^T = B^T A^T";
  private static final String PERMUTED = "permuted rows and columns";
  private static final String BLOCKS = "blocks of rows and columns";
  private static final String UNIT = "unit vectors choose";
  private static final String POWERS = "powers of two scale exactly";
  private static final String LINEAR = "A (B + D) = A B + A D within the bound";
  private static final String BESIDE = "operands lie side by side";
  private static final String OPERANDS = "transposed operands are the same operands";
  private static final String SCALARS = "alpha and beta scale by powers of two";
  private static final String CUT = "beta = 1 goes on where k was cut";
  private static final String CHAIN = "the bits of the chain";
  private static final String EMPTY = "empty products";

  /** A right product, one fma after the other; faults override its parts. */
  private static class Product implements MatmulLaws.Gemm {

    @Override
    public void multiply(
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
        int ldc) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          int at = cOffset + i * ldc + j;
          float acc = start(beta, c[at]);
          for (int p = 0; p < k && alpha != 0; p++) {
            int ai = aOffset + (transposeA ? p * lda + i : i * lda + p);
            int bi = bOffset + (transposeB ? j * ldb + p : p * ldb + j);
            acc = add(alpha * a[ai], b[bi], acc, p);
          }
          c[at] = end(acc, i, j, n);
        }
      }
    }

    float start(float beta, float c) {
      return beta == 0 ? 0 : beta * c;
    }

    float add(float x, float y, float acc, int p) {
      return Math.fma(x, y, acc);
    }

    float end(float acc, int i, int j, int n) {
      return acc;
    }
  }

  private static MatmulLaws laws(MatmulLaws.Gemm kernel) {
    return MatmulLaws.of("product", kernel).units(4, 8);
  }

  @TestFactory
  Stream<DynamicTest> aRightProductKeepsThemAll() {
    return laws(new Product()).fmaChain().laws().stream()
        .map(law -> DynamicTest.dynamicTest(law.name(), law::mustHold));
  }

  /** What can be wrong with a product, and the laws that have to notice. */
  @SuppressWarnings("ImmutableEnumChecker") // a kernel with state is one of the faults
  enum Fault {
    SKIPS_ZEROS(
        new Product() {
          @Override
          float add(float x, float y, float acc, int p) {
            return x == 0 ? acc : Math.fma(x, y, acc);
          }
        },
        SPECIALS),
    READS_C_WITH_BETA_ZERO(
        new Product() {
          @Override
          float start(float beta, float c) {
            return beta * c;
          }
        },
        ACCURACY),
    READS_A_WITH_ALPHA_ZERO(
        (ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc) -> {
          new Product().multiply(ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc);
          for (int i = 0; i < m && k > 0 && n > 0; i++) {
            c[c0 + i * ldc] += 0 * a[a0 + (ta ? i : i * lda)];
          }
        },
        ACCURACY),
    FIRST_TERM_MISSING(
        new Product() {
          @Override
          float add(float x, float y, float acc, int p) {
            return p == 0 ? acc : Math.fma(x, y, acc);
          }
        },
        ACCURACY,
        INTEGERS,
        UNIT,
        CUT),
    LEADING_DIMENSION_OF_B(
        (ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc) ->
            new Product()
                .multiply(ta, tb, m, n, k, alpha, a, a0, lda, b, b0, tb ? k : n, beta, c, c0, ldc),
        ACCURACY,
        INTEGERS,
        BLOCKS,
        BESIDE),
    FORGETS_TRANSPOSE_OF_B(
        (ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc) ->
            new Product()
                .multiply(
                    ta, tb && k != n, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc),
        OPERANDS),
    BETA_ONLY_ONCE_ROUNDED_AWAY(
        new Product() {
          @Override
          float start(float beta, float c) {
            return beta == 0 ? 0 : c;
          }
        },
        SCALARS,
        EMPTY),
    PADDING_WRITTEN(
        (ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc) -> {
          new Product().multiply(ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc);
          if (m > 1 && n < ldc) {
            c[c0 + n] = 0;
          }
        },
        MEMORY),
    SCRATCH_IN_A(
        (ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc) -> {
          new Product().multiply(ta, tb, m, n, k, alpha, a, a0, lda, b, b0, ldb, beta, c, c0, ldc);
          if (m > 0 && k > 0) {
            a[a0] = 7;
          }
        },
        MEMORY),
    NOT_LINEAR(
        new Product() {
          @Override
          float add(float x, float y, float acc, int p) {
            return Math.fma(x, y > 15 ? 15 : y, acc);
          }
        },
        ACCURACY,
        POWERS,
        LINEAR,
        UNIT),
    DIFFERENT_EVERY_TIME(
        new Product() {
          private int calls;

          @Override
          float end(float acc, int i, int j, int n) {
            return i + j == 0 && calls++ % 3 == 0 ? Math.nextUp(acc) : acc;
          }
        },
        AGAIN);

    private final MatmulLaws.Gemm kernel;
    private final List<String> broken;

    Fault(MatmulLaws.Gemm kernel, String... broken) {
      this.kernel = kernel;
      this.broken = List.of(broken);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultBreaksTheLawsThatAreAboutIt(Fault fault) {
    List<String> broken = laws(fault.kernel).laws().broken();
    assertTrue(broken.containsAll(fault.broken), broken.toString());
  }

  /** Columns of whole vectors forwards, the others backwards: right, but not in one order. */
  private static void twoOrders(int m, int n, int k, float[] a, float[] b, float[] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          int q = j < n / 8 * 8 ? p : k - 1 - p;
          sum += a[i * k + q] * b[q * n + j];
        }
        c[i * n + j] = sum;
      }
    }
  }

  @Test
  void anyOrderIsRightUnlessOneIsPromised() {
    MatmulLaws laws = MatmulLaws.ofDense("two orders", MatmulLawsTest::twoOrders).units(4, 8);
    laws.checkAll();
    assertEquals(List.of(TRANSPOSED, PERMUTED, BLOCKS), laws.oneOrder().laws().broken());
    assertTrue(laws.fmaChain().laws().broken().contains(CHAIN));
  }

  @Test
  void productsInsideArrays() {
    MatmulLaws.ofStrided(
            "strided",
            (m, n, k, a, a0, lda, b, b0, ldb, c, c0, ldc) ->
                new Product()
                    .multiply(false, false, m, n, k, 1, a, a0, lda, b, b0, ldb, 0, c, c0, ldc))
        .fmaChain()
        .shapes(new int[] {5, 17, 9}, new int[] {1, 1, 2})
        .checkAll();
  }

  @Test
  void aFailureTellsShapeAndSeed() {
    MatmulLaws laws = laws(Fault.FIRST_TERM_MISSING.kernel).seed(11);
    MatmulLaws.ShapeLaw unit = Objects.requireNonNull(laws.byName().get("unit vectors choose"));
    String message = Failures.messageOf(() -> unit.at(2, 3, 4, 11));
    assertTrue(message.contains("law=[unit rows] shape=[m=2 n=3 k=4] seed=[11]"), message);
  }
}
