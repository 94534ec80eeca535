package dev.unroll.cell;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one step, as the stages of a cell see them: where their blocks, states and gradients
 * lie. One for each thread, filled anew for each step.
 */
final class Frame {

  private static final float[] NONE = {};

  private final CellProducts own;

  /** Those of all threads, when a product is shared because the rows are too few. */
  private CellProducts products;

  private float[] gathered = {};

  int rows;

  /** Which rows and step these are. */
  Rows of = Rows.NONE;

  int t;
  int row0;

  /** The blocks, see {@link CellBlock}. */
  float[] z = NONE;

  int z0;
  int ldz;

  /** h before the step, as the product with R reads it: f(h) in the pre-activation form. */
  float[] h = NONE;

  int h0;
  int ldh;

  /** What the product with R reads: h itself, or h times a mask. */
  float[] read = NONE;

  /** Receives h after the step, in the same sense, before zoneout. */
  float[] next = NONE;

  int next0;

  /** h after the step: {@link #next}, but for zoneout when serving. */
  int state0;

  /** c before the step. */
  float[] c = NONE;

  int c0;
  int ldc;

  /** Receives c after the step, before zoneout; {@link #c} itself when serving without it. */
  float[] nextC = NONE;

  int nextC0;
  int ldNextC;

  /** c after the step: {@link #nextC}, but for zoneout. */
  float[] stateC = NONE;

  int stateC0;
  int ldStateC;

  /** The gradient of h after the step; complete. */
  float[] dh = NONE;

  int dh0;

  /** Where the gradient of h before the step begins; the stages add theirs. */
  float[] dPrevious = NONE;

  int dPrevious0;

  /** The gradient of c after the step; becomes that before it. */
  float[] dc = NONE;

  int dc0;

  /** What zoneout hands past the step of the gradient of c. */
  float[] passed = NONE;

  /** Room for a state and row. */
  float[] scratch = NONE;

  int scratch0;

  Frame(KernelSet kernels) {
    own = new CellProducts(kernels, Parallelism.none());
    products = own;
  }

  long bytes() {
    return own.bytes() + 4L * gathered.length;
  }

  void shareBy(@Nullable CellProducts all) {
    products = all == null ? own : all;
  }

  /** Room for {@code number} rows of {@code width} values. */
  float[] gather(int number, int width) {
    gathered = Tape.reserve(gathered, (long) number * width);
    return gathered;
  }

  /** {@code y = bias + a B}: the chains begin. */
  void start(
      PackedPart b,
      float @Nullable [] bias,
      int number,
      float[] a,
      int a0,
      int lda,
      float[] y,
      int y0,
      int ldy) {
    products.walk(false, false);
    products.run(b, false, bias, number, a, a0, lda, y, y0, ldy);
  }

  /** {@code y = y + a B}, the chains going on, for all columns of B. */
  void addProduct(PackedPart b, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    run(b, true, a, a0, lda, y, y0, ldy);
  }

  /** {@code y = a B}. */
  void product(PackedPart b, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    run(b, false, a, a0, lda, y, y0, ldy);
  }

  /** Steps walk a matrix in turns, those of odd number from its end. */
  private void run(
      PackedPart b, boolean add, float[] a, int a0, int lda, float[] y, int y0, int ldy) {
    products.walk(of.steps() > 1, t % 2 != 0);
    products.run(b, add, null, rows, a, a0, lda, y, y0, ldy);
  }

  /** Lets go of arrays that are the caller's. */
  void release() {
    own.release();
    of = Rows.NONE;
    z = NONE;
    h = NONE;
    read = NONE;
    next = NONE;
    c = NONE;
    nextC = NONE;
    stateC = NONE;
    dh = NONE;
    dPrevious = NONE;
    dc = NONE;
    passed = NONE;
  }
}
