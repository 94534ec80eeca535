package dev.unroll.cell;

import static dev.unroll.cell.LstmGateOrder.GATES;

import dev.unroll.internal.pack.BlockedMatmul;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.LstmKernels;
import dev.unroll.internal.spi.MatmulKernels;

/**
 * An LSTM over some rows of a batch, by one thread.
 *
 * <p>Time is walked in chunks. The input products of a chunk are one product of many rows, W x + b;
 * its result z stays in the L2 cache. Then, step by step and panel by panel of units, R h goes on
 * with the chains in z, and the gates follow while the panel is in the L1 cache. A chain is the
 * bias, all of x, all of h, in this order, in one step as in a thousand.
 */
final class LstmPass {

  /** Rows of z in a chunk: enough for the input product to run at full speed. */
  private static final int CHUNK_ROWS = 64;

  /** Rows that walk through time together; no row needs another. */
  private static final int MOST_ROWS = 256;

  private final LstmWeights weights;
  private final MatmulKernels matmul;
  private final LstmKernels lstm;
  private final Product product = new Product();
  private final BlockedMatmul blocked;
  private float[] z = {};

  LstmPass(LstmWeights weights, KernelSet kernels) {
    this.weights = weights;
    matmul = kernels.matmul();
    blocked = new BlockedMatmul(matmul);
    lstm = kernels.lstm();
  }

  long workspaceBytes() {
    return blocked.bytes() + 4L * z.length;
  }

  /** Rows {@code row0} up to {@code row1} of a batch, all steps. */
  void run(LstmSequence q, int row0, int row1) {
    for (int row = row0; row < row1; row += MOST_ROWS) {
      block(q, row, Math.min(row + MOST_ROWS, row1));
    }
  }

  private void block(LstmSequence q, int row0, int row1) {
    int rows = row1 - row0;
    int width = GATES * weights.panels().paddedColumns();
    int chunk = Math.min(q.steps, Math.max(1, Math.ceilDiv(CHUNK_ROWS, rows)));
    if (z.length < chunk * rows * width) {
      z = new float[chunk * rows * width];
    }
    for (int t = 0; t < q.steps; t += chunk) {
      int count = Math.min(chunk, q.steps - t);
      inputs(q, t, count, row0, rows);
      for (int s = t; s < t + count; s++) {
        step(q, s, row0, rows, (s - t) * rows * width);
      }
    }
  }

  /** z = b + W x for some steps; one product where the rows lie evenly. */
  private void inputs(LstmSequence q, int step, int steps, int row0, int rows) {
    int width = GATES * weights.panels().paddedColumns();
    int x0 = q.x0 + step * q.xStep + row0 * q.xRow;
    if (steps == 1 || q.xStep == rows * q.xRow) {
      inputRows(steps * rows, q.x, x0, q.xRow, 0, width);
    } else if (rows > steps) {
      for (int t = 0; t < steps; t++) {
        inputRows(rows, q.x, x0 + t * q.xStep, q.xRow, t * rows * width, width);
      }
    } else {
      for (int r = 0; r < rows; r++) {
        inputRows(steps, q.x, x0 + r * q.xRow, q.xStep, r * width, rows * width);
      }
    }
  }

  private void inputRows(int m, float[] x, int x0, int ldx, int z0, int ldz) {
    Panels panels = weights.panels();
    int padded = panels.paddedColumns();
    int k = weights.inputSize();
    Product p = product;
    p.m = m;
    p.n = padded;
    p.k = k;
    p.a = x;
    p.a0 = x0;
    p.lda = ldx;
    p.b = weights.w();
    p.panels = weights.gatePanels();
    p.bias = weights.bias();
    p.c = z;
    p.ldc = ldz;
    for (int gate = 0; gate < GATES; gate++) {
      p.b0 = gate * padded * k;
      p.bias0 = gate * padded;
      p.c0 = z0 + gate * padded;
      blocked.run(p, weights.gatePanels(), 0, m, 0, panels.count());
    }
    p.release();
  }

  /** z += R h, then the gates: all units of one step. */
  private void step(LstmSequence q, int t, int row0, int rows, int z0) {
    Panels panels = weights.panels();
    int units = weights.hiddenSize();
    int padded = panels.paddedColumns();
    int ldz = GATES * padded;
    boolean first = t == 0;
    float[] h = first ? q.h : q.y;
    int ldh = first ? units : q.yRow;
    int from = (first ? q.h0 : q.y0 + (t - 1) * q.yStep) + row0 * ldh;
    int to = q.y0 + t * q.yStep + row0 * q.yRow;
    float[] r = weights.r();
    for (int j = 0; j < panels.count(); j++) {
      int unit = panels.column(j);
      int vectors = panels.vectors(j);
      int ldr = panels.width(j);
      if (rows == 1) {
        int at = z0 + unit;
        int panel = unit * units;
        int step = padded * units;
        matmul.row(vectors, units, h, from, r, panel, step, z, at, padded, z, at, padded);
      } else {
        for (int gate = 0; gate < GATES; gate++) {
          int at = z0 + gate * padded + unit;
          int panel = (gate * padded + unit) * units;
          matmul.panel(vectors, rows, units, h, from, ldh, r, panel, ldr, z, at, ldz, z, at, ldz);
        }
      }
      int c0 = q.c0 + row0 * units + unit;
      lstm.gates(
          rows,
          panels.columns(j),
          z,
          z0 + unit,
          ldz,
          padded,
          q.c,
          c0,
          units,
          q.y,
          to + unit,
          q.yRow);
    }
  }
}
