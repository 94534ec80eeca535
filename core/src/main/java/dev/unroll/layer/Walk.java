package dev.unroll.layer;

import dev.unroll.cell.Direction;
import dev.unroll.cell.Rows;
import dev.unroll.cell.Sequence;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.internal.random.Masks;
import org.jspecify.annotations.Nullable;

/**
 * The way of a batch through the layers of a stack, upwards; who serves and who trains differ in
 * the cells that run and in the buffers that lie between the layers.
 *
 * <p>Between layers, sequences are packed: padding takes neither memory nor time.
 */
abstract class Walk {

  private static final int DROPOUT = 0;
  private static final int CELL = 1;

  final StackSpec spec;
  final Rows rows = new Rows();
  private final Sequence in = new Sequence();
  private final Sequence out = new Sequence();

  Walk(StackSpec spec) {
    this.spec = spec;
  }

  /** What a layer above the first takes, packed. */
  abstract float[] buffer(int layer);

  /** Runs a part. */
  abstract void run(
      int part,
      int steps,
      int batch,
      int @Nullable [] lengths,
      Sequence from,
      Sequence to,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset);

  /** What happens to the output of a layer before the next one takes it. */
  abstract void between(int layer, float[] values);

  /** Runs all layers; {@link #rows} are set, arguments checked, buffers there. */
  void up(
      SequenceLayout layout,
      int steps,
      int batch,
      int @Nullable [] lengths,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] h,
      int hOffset,
      float @Nullable [] c,
      int cOffset) {
    int directions = spec.directions();
    for (int layer = 0; layer < spec.layers(); layer++) {
      from(layer, layout, steps, batch, x, xOffset);
      boolean last = layer == spec.layers() - 1;
      for (int part = layer * directions; part < (layer + 1) * directions; part++) {
        if (last) {
          strided(out, layout, steps, batch, y, yOffset, part);
        } else {
          packed(out, buffer(layer + 1), part);
        }
        if (spec.adds(part)) {
          out.adding();
        }
        int hAt = hOffset + part * batch * spec.stateSize();
        int cAt = c == null ? 0 : cOffset + part * batch * spec.hiddenSize();
        run(part, steps, batch, lengths, in, out, h, hAt, c, cAt);
      }
      if (spec.residual(layer)) {
        if (last) {
          whole(out, layout, steps, batch, y, yOffset);
        } else {
          out.packed(spec.outputSize(), buffer(layer + 1), 0, spec.outputSize());
        }
        add(in, out);
      }
      if (!last) {
        between(layer, buffer(layer + 1));
      }
    }
    in.release();
    out.release();
  }

  private void from(
      int layer, SequenceLayout layout, int steps, int batch, float[] x, int xOffset) {
    int width = spec.inputSize(layer);
    if (layer == 0) {
      in.strided(layout, steps, batch, width, x, xOffset, width);
    } else {
      in.packed(width, buffer(layer), 0, width);
    }
  }

  /** All of y, or of dy. */
  void whole(Sequence to, SequenceLayout layout, int steps, int batch, float[] y, int yOffset) {
    int width = spec.outputSize();
    to.strided(layout, steps, batch, width, y, yOffset, width);
  }

  /** What a part has of y, or of dy. */
  void strided(
      Sequence to, SequenceLayout layout, int steps, int batch, float[] y, int yOffset, int part) {
    to.strided(
        layout, steps, batch, spec.stateSize(), y, yOffset + spec.column(part), spec.outputSize());
  }

  /** What a part has of a packed output. */
  void packed(Sequence to, float[] values, int part) {
    to.packed(spec.stateSize(), values, spec.column(part), spec.outputSize());
  }

  /** Adds one sequence to another. */
  void add(Sequence from, Sequence to) {
    to.adding();
    for (int t = 0; t < rows.steps(); t++) {
      for (int r = 0; r < rows.count(t); r++) {
        to.put(rows, t, r, from.data(), from.at(rows, t, r));
      }
    }
  }

  /** Dropout of a layer's packed output, or of its gradient. */
  void drop(int layer, float[] values, long seed, long firstRow, long firstStep) {
    float p = spec.dropout();
    if (p == 0) {
      return;
    }
    long key = Masks.key(seed, DROPOUT, layer, 0);
    int threshold = Masks.threshold(p);
    float scale = 1 / (1 - p);
    int width = spec.outputSize();
    int at = 0;
    for (int t = 0; t < rows.steps(); t++) {
      for (int r = 0; r < rows.count(t); r++) {
        long stream = Masks.stream(key, firstRow + rows.order(r), firstStep + t);
        Masks.apply(stream, threshold, scale, values, at, width);
        at += width;
      }
    }
  }

  /** What a part's cell draws its masks from, for zoneout and variational dropout. */
  static long seed(long seed, int layer, Direction direction) {
    return Masks.key(seed, CELL, layer, direction == Direction.REVERSE ? 1 : 0);
  }

  /** A buffer for a packed output. */
  float[] reserve(float[] buffer) {
    // At least a row, so that each part's columns have a place even when no row has a step.
    long floats = Math.max(1L, rows.total()) * spec.outputSize();
    if (buffer.length >= floats) {
      return buffer;
    }
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "steps * batch needs a buffer of "
              + floats
              + " floats between layers, at most "
              + (Integer.MAX_VALUE - 8)
              + " fit into an array: use fewer rows or steps");
    }
    return new float[(int) floats];
  }
}
