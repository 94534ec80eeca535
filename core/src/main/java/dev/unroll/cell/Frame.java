package dev.unroll.cell;

import dev.unroll.internal.pack.BlockedMatmul;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.parallel.SplitMatmul;
import dev.unroll.internal.spi.MatmulKernels;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one step, as the stages of a cell see them: where their blocks, states and gradients
 * lie. One for each thread, filled anew for each step.
 */
final class Frame {

  private static final float[] NONE = {};

  private final BlockedMatmul blocked;
  private final Product product = new Product();

  /** Set when the columns of a product are shared by threads, because the rows are too few. */
  private @Nullable SplitMatmul split;

  int rows;

  /** The blocks, see {@link CellBlock}. */
  float[] z = NONE;

  int z0;
  int ldz;

  /** h before the step, as the product with R reads it: f(h) in the pre-activation form. */
  float[] h = NONE;

  int h0;
  int ldh;

  /** Receives h after the step, in the same sense. */
  float[] next = NONE;

  int next0;

  /** c before the step. */
  float[] c = NONE;

  int c0;
  int ldc;

  /** Receives c after the step; {@link #c} itself when serving. */
  float[] nextC = NONE;

  int nextC0;
  int ldNextC;

  /** The gradient of h after the step; complete. */
  float[] dh = NONE;

  int dh0;

  /** Where the gradient of h before the step begins; the stages add theirs. */
  float[] dPrevious = NONE;

  int dPrevious0;

  /** The gradient of c after the step; becomes that before it. */
  float[] dc = NONE;

  int dc0;

  /** Room for a state and row. */
  float[] scratch = NONE;

  int scratch0;

  Frame(MatmulKernels kernels) {
    blocked = new BlockedMatmul(kernels);
  }

  long bytes() {
    return blocked.bytes();
  }

  void splitBy(@Nullable SplitMatmul columns) {
    split = columns;
  }

  /** {@code y = y + a B}, the chains going on, for all columns of B. */
  void addProduct(PackedPart b, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    run(b, 1, a, a0, lda, y, y0, ldy);
  }

  /** {@code y = a B}. */
  void product(PackedPart b, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    run(b, 0, a, a0, lda, y, y0, ldy);
  }

  private void run(
      PackedPart b, float beta, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    Product p = product;
    b.into(p);
    p.m = rows;
    p.beta = beta;
    p.a = a;
    p.a0 = a0;
    p.lda = lda;
    p.c = y;
    p.c0 = y0;
    p.ldc = ldy;
    SplitMatmul columns = split;
    if (columns == null) {
      blocked.run(p, b.panels(), 0, rows, 0, b.panels().count());
    } else {
      columns.run(p, b.panels());
    }
    p.release();
  }

  /** Lets go of arrays that are the caller's. */
  void release() {
    z = NONE;
    h = NONE;
    next = NONE;
    c = NONE;
    nextC = NONE;
    dh = NONE;
    dPrevious = NONE;
    dc = NONE;
  }
}
