package dev.unroll.cell;

import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.KernelSet;

/**
 * The gradients of the weights, and dx, from the gradients of the sums of a chunk of steps.
 *
 * <p>Those of the weights are one product each over all rows of the chunk. An element is one chain
 * over all rows of all steps, the last row of the last step first: so chunks, which come from the
 * end of time, go on with it, and neither they nor checkpoints nor threads show in the bits.
 */
final class WeightGradients {

  private final PackedCell cell;
  private final CellBlock block;
  private final Tape tape;
  private final CellMasks masks;
  private final CellProducts products;
  private final CellGradKernels kernels;
  private final Panels panels;
  private final Product product = new Product();
  private final int units;
  private final int gates;
  private float[] gathered = {};

  /** dh of the chunk, for the gradient of a projection. */
  private float[] dStates = {};

  private final float[] sums;

  WeightGradients(
      PackedCell cell,
      CellBlock block,
      Tape tape,
      CellMasks masks,
      CellProducts products,
      KernelSet kernels) {
    this.cell = cell;
    this.block = block;
    this.tape = tape;
    this.masks = masks;
    this.products = products;
    this.kernels = kernels.cellGrad();
    TileShape shape = kernels.matmul().shape();
    panels = new Panels(0, shape);
    units = cell.spec().hiddenSize();
    gates = cell.spec().gates();
    sums = new float[gates * cell.padded()];
  }

  long workspaceBytes() {
    return 4L * ((long) gathered.length + dStates.length + sums.length);
  }

  void reserve(int chunkRows) {
    if (cell.spec().projectionSize() > 0) {
      dStates = Tape.reserve(dStates, (long) chunkRows * cell.paddedOutput());
    }
  }

  /** Keeps dh of some rows of a step where the chunk will need it again. */
  void keep(Rows rows, int first, int t, int row0, int count, Frame f) {
    if (cell.spec().projectionSize() > 0) {
      int to = (rows.start(t) - rows.start(first) + row0) * cell.paddedOutput();
      System.arraycopy(f.dh, f.dh0, dStates, to, count * cell.paddedOutput());
    }
  }

  void add(Rows rows, int base, int first, int last, Sequence x, WeightSet gradients) {
    CellSpec spec = cell.spec();
    int from = rows.start(first) - base;
    int count = rows.start(last) - rows.start(first);
    int width = block.width();
    int z0 = from * width + inputSlot();
    int in = spec.inputSize();
    float[] xs = x.data();
    int x0;
    if (x.inOrder(rows) && !masks.dropsInputs()) {
      x0 = x.direct(rows.start(first));
    } else {
      gathered = Tape.reserve(gathered, (long) count * in);
      x.gather(rows, first, last, 0, rows.batch(), gathered, 0, in);
      if (masks.dropsInputs()) {
        masks.dropInputs(rows, first, last, 0, rows.batch(), gathered, in);
      }
      xs = gathered;
      x0 = 0;
    }
    float[] dw = gradients.inputWeights();
    outer(count, gates * units, tape.z, z0, width, in, xs, x0, in, dw, 0);
    recurrent(from, count, gradients);
    biases(from, count, z0, gradients);
    float[] peepholes = gradients.peepholes();
    if (peepholes != null) {
      peepholes(rows, base, first, last, peepholes);
    }
    float[] projection = gradients.projection();
    if (projection != null) {
      int ld = cell.paddedOutput();
      int m0 = from * width + block.m();
      int p = spec.projectionSize();
      outer(count, p, dStates, 0, ld, units, tape.z, m0, width, projection, 0);
    }
  }

  /** Where the first gate that W reaches stands in a block; all are without gaps by then. */
  private int inputSlot() {
    return block.inputSlot() / cell.padded() * units;
  }

  /** dx = dz W for the rows [row0, row1) of the steps [first, last): a thread's part of a chunk. */
  void inputs(Frame f, Rows rows, int base, int first, int last, int row0, int row1, Sequence dx) {
    PackedPart w = cell.backward().input;
    int ld = w.width();
    int width = block.width();
    boolean all = row0 == 0 && row1 >= rows.count(first);
    int end;
    for (int t = first; t < last; t = end) {
      // The blocks of some rows of several steps do not follow each other.
      end = all ? last : t + 1;
      int alive = Math.min(rows.count(t), row1) - row0;
      int count = all ? rows.start(last) - rows.start(first) : alive;
      if (count <= 0) {
        return;
      }
      float[] to = f.gather(count, ld);
      int z0 = (rows.start(t) - base + row0) * width + inputSlot();
      f.start(w, null, count, tape.z, z0, width, to, 0, ld);
      if (masks.dropsInputs()) {
        masks.dropInputs(rows, t, end, row0, row1, to, ld);
      }
      dx.scatter(rows, t, end, row0, row1, to, 0, ld);
    }
  }

  /** dR = the gates' gradients, each with what R was multiplied by. */
  private void recurrent(int from, int count, WeightSet gradients) {
    CellSpec spec = cell.spec();
    float[] dr = gradients.recurrentWeights();
    int width = block.width();
    int out = spec.outputSize();
    int ldh = cell.paddedOutput();
    int h0 = from * ldh;
    int z0 = from * width;
    float[] states = masks.dropsRecurrent() ? tape.read : tape.h;
    if (spec.kind() == CellSpec.Kind.GRU) {
      // Blocks are nh r z n or rh r z n, see CellBlock; the gradients are r z n.
      outer(count, 2 * units, tape.z, z0 + units, width, out, states, h0, ldh, dr, 0);
      int n = 2 * units * out;
      if (spec.resetBefore()) {
        outer(count, units, tape.z, z0 + 3 * units, width, out, tape.z, z0, width, dr, n);
      } else {
        outer(count, units, tape.z, z0, width, out, states, h0, ldh, dr, n);
      }
    } else {
      outer(count, gates * units, tape.z, z0, width, out, states, h0, ldh, dr, 0);
    }
  }

  /** C = C + A^T B over {@code count} rows, the last one first; C is m x n without gaps. */
  private void outer(
      int count,
      int m,
      float[] a,
      int a0,
      int lda,
      int n,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0) {
    panels.cut(n);
    Product p = product;
    p.transposeA = true;
    p.m = m;
    p.n = n;
    p.k = count;
    p.beta = 1;
    p.a = a;
    p.a0 = a0 + (count - 1) * lda;
    p.lda = -lda;
    p.b = b;
    p.b0 = b0 + (count - 1) * ldb;
    p.ldb = -ldb;
    p.panels = null;
    p.c = c;
    p.c0 = c0;
    p.ldc = n;
    products.floats().run(p, panels);
    p.release();
  }

  private void biases(int from, int count, int z0, WeightSet gradients) {
    float[] first = gradients.inputBias();
    if (first == null) {
      return;
    }
    int all = gates * units;
    int columns = Math.ceilDiv(all, lanes()) * lanes();
    int width = block.width();
    float[] second = gradients.recurrentBias();
    boolean same = second != null && java.util.Arrays.equals(first, second);
    add(count, columns, z0, width, first, 0, all);
    if (second == null) {
      return;
    }
    boolean apart = cell.candidateBias().length > 0;
    if (apart) {
      // r and z have the same gradients on both sides, the candidate has not.
      int two = 2 * units;
      add(count, Math.ceilDiv(two, lanes()) * lanes(), z0, width, second, 0, two);
      add(count, cell.padded(), from * width, width, second, two, units);
    } else if (same) {
      System.arraycopy(first, 0, second, 0, all);
    } else {
      add(count, columns, z0, width, second, 0, all);
    }
  }

  private int lanes() {
    return panels.lanes();
  }

  private void add(int count, int columns, int z0, int width, float[] to, int to0, int length) {
    System.arraycopy(to, to0, sums, 0, length);
    kernels.columnSums(count, columns, tape.z, z0, width, sums, 0);
    System.arraycopy(sums, 0, to, to0, length);
  }

  /** dp = the gates' gradients times the cells that they saw. */
  private void peepholes(Rows rows, int base, int first, int last, float[] dp) {
    int seeing = dp.length / units;
    for (int t = last - 1; t >= first; t--) {
      int count = rows.count(t);
      int z0 = (rows.start(t) - base) * block.width();
      boolean started = rows.start(t) > base;
      float[] before = started ? tape.z : tape.c;
      int before0 = started ? (rows.start(t - 1) - base) * block.width() + block.c() : 0;
      int ldBefore = started ? block.width() : cell.padded();
      for (int row = 0; row < seeing; row++) {
        boolean output = row == seeing - 1;
        // In the blocks the candidate g stands before o.
        int slot = output ? gates - 1 : row;
        dots(
            count,
            z0 + slot * units,
            output ? tape.z : before,
            output ? z0 + block.newC() : before0,
            output ? block.width() : ldBefore,
            dp,
            row * units);
      }
    }
  }

  private void dots(int count, int z0, float[] c, int c0, int ldc, float[] to, int to0) {
    System.arraycopy(to, to0, sums, 0, units);
    kernels.columnDots(count, cell.padded(), tape.z, z0, block.width(), c, c0, ldc, sums, 0);
    System.arraycopy(sums, 0, to, to0, units);
  }

  /** Zeros, for gradients that start from none. */
  static void clear(WeightSet gradients) {
    for (int i = 0; i < gradients.arrays().size(); i++) {
      java.util.Arrays.fill(gradients.arrays().get(i), 0f);
    }
  }
}
