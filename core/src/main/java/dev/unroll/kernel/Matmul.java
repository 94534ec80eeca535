package dev.unroll.kernel;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.check.Checks;
import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.parallel.SplitMatmul;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A plan for matrix products in f32.
 *
 * <p><b>Formula.</b> C = f(alpha op(A) op(B) + beta C + bias), op being transposition or nothing, f
 * an {@link Activation}. Element (i, j) is one chain of operations: it starts from
 *
 * <ul>
 *   <li>+0, or bias[j] where there is a bias, when beta is 0,
 *   <li>beta * C[i][j], or fma(beta, C[i][j], bias[j]) where there is a bias, when it is not,
 * </ul>
 *
 * then takes acc = fma(alpha * A[i][p], B[p][j], acc) for each p in ascending order, alpha * A
 * rounded first, and f last. Nothing else is ever done to it, so its bits depend neither on the
 * machine nor on threads, blocking, or the rows and columns beside it.
 *
 * <p><b>Shapes.</b> op(A) is m x k, op(B) is k x n, C is m x n, the bias has n elements; row-major,
 * each with an offset and a leading dimension in elements. Sizes may be 0: without m or n nothing
 * is done, without k C becomes f(beta C + bias).
 *
 * <p><b>Aliasing.</b> C shares no element with A, B or the bias; disjoint parts of one array are
 * fine. With beta = 0, C is not read; with alpha = 0, A and B are not read.
 *
 * <p><b>Accuracy.</b> Componentwise within gamma(k + 2) (|alpha| |A| |B| + |beta| |C| + |bias|)
 * before f, gamma(n) = n u / (1 - n u) and u = 2^-24; exact while all partial sums are integers
 * below 2^24.
 *
 * <p><b>Special values.</b> Nothing is skipped for being zero: NaN, infinities, signed zeros and
 * subnormals go through the chain as IEEE 754 says.
 *
 * <p><b>Allocation.</b> None once the plan has seen a shape; the plan owns its workspace. So a plan
 * belongs to one thread at a time; make one for each thread, they share packed matrices.
 *
 * <p>Source: the loop order of blocked products follows K. Goto and R. van de Geijn, "Anatomy of
 * high-performance matrix multiplication", ACM TOMS 34(3), 2008.
 */
public final class Matmul {

  private final Product product = new Product();
  private final SplitMatmul split;

  /** The cut of a B that is not packed; cut again for each n. */
  private final Panels panels;

  /** Whether the next product with a packed B walks from its end, see {@link Product#backwards}. */
  private boolean turn;

  private Matmul(Builder b) {
    KernelSet kernels = Kernels.get();
    panels = new Panels(0, kernels.matmul().shape());
    product.transposeA = b.transposeA;
    product.transposeB = b.transposeB;
    product.alpha = b.alpha;
    product.beta = b.beta;
    product.bias = b.bias;
    product.bias0 = b.biasOffset;
    product.activation = b.activation.of(kernels.activations());
    split = new SplitMatmul(kernels.matmul(), b.parallelism.splitter());
  }

  /** The plan of C = A B. */
  public static Matmul plain() {
    return builder().build();
  }

  /** Starts from the plan of C = A B. */
  public static Builder builder() {
    return new Builder();
  }

  /** What a plan computes; see {@link Matmul}. */
  public static final class Builder {

    private boolean transposeA;
    private boolean transposeB;
    private float alpha = 1;
    private float beta;
    private float @Nullable [] bias;
    private int biasOffset;
    private Activation activation = Activation.IDENTITY;
    private Parallelism parallelism = Parallelism.none();

    private Builder() {}

    /** op(A) is A transposed: A is stored as k x m. */
    public Builder transposeA() {
      transposeA = true;
      return this;
    }

    /** op(B) is B transposed: B is stored as n x k. A packed B has made this choice itself. */
    public Builder transposeB() {
      transposeB = true;
      return this;
    }

    /** The factor of the product; 1 when not set. */
    public Builder alpha(float value) {
      alpha = value;
      return this;
    }

    /** The factor of the C that is there; 0 when not set, and then C is not read. */
    public Builder beta(float value) {
      beta = value;
      return this;
    }

    /** A row that is added to each row of the product; read at each call, not copied. */
    public Builder bias(float[] values, int offset) {
      bias = requireNonNull(values, "values");
      Checks.range("values", values, offset, 0);
      biasOffset = offset;
      return this;
    }

    /** The function at the end; none when not set. */
    public Builder activation(Activation function) {
      activation = requireNonNull(function, "function");
      return this;
    }

    /** The threads that share a product; the calling one alone when not set. */
    public Builder parallelism(Parallelism threads) {
      parallelism = requireNonNull(threads, "threads");
      return this;
    }

    /** The plan. */
    public Matmul build() {
      return new Matmul(this);
    }
  }

  /**
   * One product.
   *
   * @throws NullPointerException when an array is null
   * @throws IllegalArgumentException when a size is negative, a leading dimension is below its row
   *     length, or C overlaps A, B or the bias
   * @throws IndexOutOfBoundsException when a matrix does not lie inside its array; nothing has been
   *     written then
   * @throws java.util.concurrent.RejectedExecutionException when the executor of the plan's {@link
   *     Parallelism} refuses work; C is not a result then
   */
  public void multiply(
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
      int ldc) {
    checkSizes(m, n, k);
    check(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    run(m, n, k, a, aOffset, lda, b, bOffset, ldb, null, c, cOffset, ldc);
  }

  /** One product of matrices that fill their arrays from the start, without gaps. */
  public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
    multiply(m, n, k, a, 0, product.transposeA ? m : k, b, 0, product.transposeB ? k : n, c, 0, n);
  }

  /**
   * One product with a packed B; n and k are its columns and rows.
   *
   * @throws NullPointerException when an argument is null
   * @throws IllegalArgumentException as for plain matrices, or when the plan transposes B, which is
   *     chosen while packing
   * @throws IndexOutOfBoundsException as for plain matrices
   * @throws java.util.concurrent.RejectedExecutionException as for plain matrices
   */
  public void multiply(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    Checks.size("m", m);
    requireNonNull(b, "b");
    if (product.transposeB) {
      throw new IllegalArgumentException("b is packed: transpose it while packing");
    }
    int n = b.columns();
    int k = b.rows();
    checkA(m, k, a, aOffset, lda);
    checkC(m, n, c, cOffset, ldc);
    checkOverlapOfA(m, n, k, a, aOffset, lda, c, cOffset, ldc);
    run(m, n, k, a, aOffset, lda, b.data(), Packing.START, 0, b.panels(), c, cOffset, ldc);
  }

  /** One product with a packed B; A and C fill their arrays from the start, without gaps. */
  public void multiply(int m, float[] a, PackedMatrix b, float[] c) {
    requireNonNull(b, "b");
    multiply(m, a, 0, product.transposeA ? m : b.rows(), b, c, 0, b.columns());
  }

  /**
   * {@code batch} products of one shape; product i takes its matrices i strides further on. A
   * stride of 0 for A or B lets all products share it.
   *
   * @throws IllegalArgumentException as for one product, when a stride or {@code batch} is
   *     negative, or when the matrices C overlap each other or any A or B
   * @throws IndexOutOfBoundsException as for one product; nothing has been written then
   */
  public void multiplyBatched(
      int batch,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int aStride,
      float[] b,
      int bOffset,
      int ldb,
      int bStride,
      float[] c,
      int cOffset,
      int ldc,
      int cStride) {
    Checks.size("batch", batch);
    checkSizes(m, n, k);
    Checks.size("aStride", aStride);
    Checks.size("bStride", bStride);
    Checks.size("cStride", cStride);
    if (batch == 0) {
      // No product, so the arrays need not hold one.
      requireNonNull(a, "a");
      requireNonNull(b, "b");
      requireNonNull(c, "c");
      return;
    }
    check(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    if (m == 0 || n == 0) {
      return;
    }
    long aFloats = extent(product.transposeA ? k : m, product.transposeA ? m : k, lda);
    long bFloats = extent(product.transposeB ? n : k, product.transposeB ? k : n, ldb);
    long cFloats = extent(m, n, ldc);
    Checks.range("a", a, aOffset, (batch - 1L) * aStride + aFloats);
    Checks.range("b", b, bOffset, (batch - 1L) * bStride + bFloats);
    Checks.range("c", c, cOffset, (batch - 1L) * cStride + cFloats);
    if (batch > 1) {
      if (cStride < cFloats) {
        throw new IllegalArgumentException(
            "cStride is " + cStride + ", must be at least " + cFloats + ", what one C takes");
      }
      long all = (batch - 1L) * cStride + cFloats;
      Checks.apart("c", c, cOffset, all, "a", a, aOffset, (batch - 1L) * aStride + aFloats);
      Checks.apart("c", c, cOffset, all, "b", b, bOffset, (batch - 1L) * bStride + bFloats);
      float[] bias = product.bias;
      if (bias != null) {
        Checks.apart("c", c, cOffset, all, "bias", bias, product.bias0, n);
      }
    }
    for (int i = 0; i < batch; i++) {
      run(
          m,
          n,
          k,
          a,
          aOffset + i * aStride,
          lda,
          b,
          bOffset + i * bStride,
          ldb,
          null,
          c,
          cOffset + i * cStride,
          ldc);
    }
  }

  /** What the plan's workspace takes at the moment; it grows with the largest product. */
  public long workspaceBytes() {
    return split.workspaceBytes();
  }

  private static long extent(int rows, int columns, int ld) {
    return rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
  }

  private static void checkSizes(int m, int n, int k) {
    Checks.size("m", m);
    Checks.size("n", n);
    Checks.size("k", k);
  }

  private void check(
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
      int ldc) {
    int bRows = product.transposeB ? n : k;
    int bColumns = product.transposeB ? k : n;
    checkA(m, k, a, aOffset, lda);
    Checks.matrix("b", b, bOffset, ldb, bRows, bColumns);
    checkC(m, n, c, cOffset, ldc);
    checkOverlapOfA(m, n, k, a, aOffset, lda, c, cOffset, ldc);
    Checks.disjoint("b", b, bOffset, ldb, bRows, bColumns, c, cOffset, ldc, m, n);
  }

  private void checkA(int m, int k, float[] a, int aOffset, int lda) {
    Checks.matrix("a", a, aOffset, lda, product.transposeA ? k : m, product.transposeA ? m : k);
  }

  private void checkC(int m, int n, float[] c, int cOffset, int ldc) {
    Checks.matrix("c", c, cOffset, ldc, m, n);
    float[] bias = product.bias;
    if (bias != null) {
      Checks.range("bias", bias, product.bias0, n);
      Checks.disjoint("bias", bias, product.bias0, n, 1, n, c, cOffset, ldc, m, n);
    }
  }

  private void checkOverlapOfA(
      int m, int n, int k, float[] a, int aOffset, int lda, float[] c, int cOffset, int ldc) {
    Checks.disjoint(
        "a",
        a,
        aOffset,
        lda,
        product.transposeA ? k : m,
        product.transposeA ? m : k,
        c,
        cOffset,
        ldc,
        m,
        n);
  }

  private void run(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      @Nullable Panels packed,
      float[] c,
      int cOffset,
      int ldc) {
    if (m == 0 || n == 0) {
      return;
    }
    Product p = product;
    p.m = m;
    p.n = n;
    p.k = k;
    p.a = a;
    p.a0 = aOffset;
    p.lda = lda;
    p.b = b;
    p.b0 = bOffset;
    p.ldb = ldb;
    p.panels = packed;
    p.inTurns = packed != null;
    p.backwards = p.inTurns && turn;
    turn = p.inTurns != turn;
    p.c = c;
    p.c0 = cOffset;
    p.ldc = ldc;
    try {
      split.run(p, packed == null ? panelsOf(n) : packed);
    } finally {
      p.release();
    }
  }

  private Panels panelsOf(int n) {
    panels.cut(n);
    return panels;
  }
}
