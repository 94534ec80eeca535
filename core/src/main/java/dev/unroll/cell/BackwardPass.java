package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A cell over some steps of a batch, backward, from the tape of a {@link ForwardPass}.
 *
 * <p>Time is walked back in chunks. Each thread takes some rows through the steps of the chunk: the
 * stages turn the blocks of the tape into the gradients of the sums, and hand dh and dc to the step
 * before; then its rows of the chunk give dx, while they are in its caches; threads with few rows
 * each share this product instead. All rows at once give the gradients of the weights, see {@link
 * WeightGradients}.
 *
 * <p>dh before a step is one chain: dy of that step before, what passes the gates of a GRU, then
 * R^T dz, gate after gate.
 */
final class BackwardPass {

  /** Rows of a chunk: as long as a block of the products that follow. */
  private static final int CHUNK_ROWS = 384;

  private static final float[] NONE = {};
  private static final Sequence NO_SEQUENCE = new Sequence();

  private final PackedCell cell;
  private final CellBlock block;
  private final Tape tape;
  private final Stage[] stages;
  private final Parallelism parallelism;
  private final CellProducts products;
  private final Frame[] frames;
  private final CellMasks masks;
  private final WeightGradients weights;
  private final ProbedSteps probed;
  private final IntConsumer walk = this::walk;

  /** dh after even and after odd steps, and dc. */
  private final float[][] dStates = {{}, {}};

  private float[] dCells = {};
  private float[] scratch = {};

  /** What zoneout hands past a step of dc. */
  private float[] passedCells = {};

  private Rows rows = Rows.NONE;
  private Sequence x = NO_SEQUENCE;
  private Sequence dx = NO_SEQUENCE;
  private Sequence dy = NO_SEQUENCE;
  private @Nullable BackwardProbe probe;
  private @Nullable BackwardSignals signals;
  private float[] dh = NONE;
  private int dh0;
  private float[] dc = NONE;
  private int dc0;
  private int window;
  private int base;
  private int first;
  private int last;
  private int parts;

  /** Whether the threads share the product of a chunk's dx. */
  private boolean sharing;

  BackwardPass(
      PackedCell cell, Tape tape, ForwardPass forward, Parallelism parallelism, KernelSet kernels) {
    this.cell = cell;
    this.tape = tape;
    this.parallelism = parallelism;
    block = forward.block();
    products = forward.products();
    frames = forward.frames();
    masks = forward.masks();
    stages = BackwardStages.of(cell, block, masks, kernels);
    weights = new WeightGradients(cell, block, tape, masks, products, kernels);
    probed = new ProbedSteps(cell, block, masks, kernels);
  }

  long workspaceBytes() {
    return 4L * ((long) dStates[0].length + dStates[1].length + dCells.length + scratch.length)
        + 4L * passedCells.length
        + weights.workspaceBytes()
        + probed.bytes();
  }

  /**
   * Begins with the gradients of the states after each row's last step.
   *
   * @param truncated steps between two that hand no gradient back; 0 for none
   * @param listener hears of each step; null for none
   * @param keeper keeps what it hears; null for none
   */
  void begin(
      Rows q,
      Sequence fromDy,
      float[] dStatesIn,
      int h0,
      float[] dCellsIn,
      int c0,
      int truncated,
      @Nullable BackwardProbe listener,
      @Nullable BackwardSignals keeper) {
    rows = q;
    dy = fromDy;
    dh = dStatesIn;
    dh0 = h0;
    dc = dCellsIn;
    dc0 = c0;
    window = truncated;
    probe = listener;
    signals = keeper;
    if (keeper != null) {
      keeper.begin(q, cell.spec());
    }
    long states = (long) q.batch() * cell.paddedOutput();
    dStates[0] = Tape.reserve(dStates[0], states);
    dStates[1] = Tape.reserve(dStates[1], states);
    dCells = Tape.reserve(dCells, (long) q.batch() * cell.padded());
    scratch = Tape.reserve(scratch, (long) q.batch() * scratchWidth());
    if (block.zoned()) {
      passedCells = Tape.reserve(passedCells, (long) q.batch() * cell.padded());
    }
  }

  /** Floats of scratch for a row: two rows of units, or one of outputs where those are more. */
  private int scratchWidth() {
    return Math.max(2 * cell.padded(), cell.paddedOutput());
  }

  /** The steps [t0, t1), which the tape holds. */
  void run(int t0, int t1, Sequence fromX, Sequence toDx, WeightSet gradients) {
    x = fromX;
    dx = toDx;
    base = rows.start(t0);
    for (int t = t1; t > t0; t = first) {
      last = t;
      first = t - 1;
      while (first > t0 && rows.start(last) - rows.start(first - 1) <= CHUNK_ROWS) {
        first--;
      }
      weights.reserve(rows.start(last) - rows.start(first));
      if (probe != null) {
        probed.reserve(rows, first, last);
      }
      int alive = rows.count(first);
      parts = alive < frames.length ? 1 : Math.min(frames.length, alive);
      sharing = ForwardPass.few(alive, parts);
      frames[0].shareBy(parts < frames.length ? products : null);
      if (parts == 1) {
        walk(0);
      } else {
        parallelism.run(parts, walk);
      }
      if (dx.given() && sharing) {
        frames[0].shareBy(products);
        weights.inputs(frames[0], rows, base, first, last, 0, alive, dx);
      }
      weights.add(rows, base, first, last, x, gradients);
      if (probe != null) {
        probed.tell(probe, last);
      }
    }
  }

  /** Hands the gradients of the first states to the caller. */
  void end() {
    CellSpec spec = cell.spec();
    int out = spec.outputSize();
    float[] first = dStates[1];
    if (signals != null) {
      signals.end(rows, first, cell.paddedOutput());
    }
    for (int r = 0; r < rows.batch() && rows.length(r) > 0; r++) {
      System.arraycopy(first, r * cell.paddedOutput(), dh, dh0 + rows.order(r) * out, out);
      if (spec.hasCell()) {
        int units = spec.hiddenSize();
        int to = dc0 + rows.order(r) * units;
        System.arraycopy(dCells, r * cell.padded(), dc, to, units);
      }
    }
    rows = Rows.NONE;
    x = NO_SEQUENCE;
    dx = NO_SEQUENCE;
    dy = NO_SEQUENCE;
    probe = null;
    signals = null;
    probed.release();
    dh = NONE;
    dc = NONE;
    for (Frame frame : frames) {
      frame.release();
    }
  }

  private void walk(int part) {
    Frame f = frames[part];
    int row0 = bound(part);
    int row1 = bound(part + 1);
    boolean zoned = masks.zones();
    for (int t = last - 1; t >= first; t--) {
      int count = Math.min(rows.count(t), row1) - row0;
      if (count <= 0) {
        continue;
      }
      receive(t, row0, count);
      pass(t, row0, count);
      aim(f, t, row0, count);
      boolean heard = probe != null;
      if (heard) {
        probed.before(t, row0, f);
      }
      BackwardSignals keeper = signals;
      if (keeper != null) {
        keeper.before(rows, t, row0, f);
      }
      if (zoned) {
        masks.split(f);
      }
      weights.keep(rows, first, t, row0, count, f);
      for (Stage stage : stages) {
        stage.run(f);
      }
      if (heard) {
        probed.after(t, row0, f, x);
      }
      if (keeper != null) {
        keeper.after(rows, t, row0, f, block.inputSlot() / cell.padded() * units());
      }
      if (t > 0 && window > 0 && t % window == 0) {
        pass(t, row0, count);
        int from = row0 * cell.padded();
        java.util.Arrays.fill(dCells, from, from + count * cell.padded(), 0f);
      }
    }
    if (dx.given() && !sharing) {
      weights.inputs(f, rows, base, first, last, row0, row1, dx);
    }
  }

  private int units() {
    return cell.spec().hiddenSize();
  }

  private int bound(int part) {
    return (int) ((long) rows.count(first) * part / parts);
  }

  /** Rows that end with step {@code t} begin here. */
  private void receive(int t, int row0, int count) {
    CellSpec spec = cell.spec();
    int out = spec.outputSize();
    float[] to = dStates[t & 1];
    for (int r = row0; r < row0 + count; r++) {
      if (rows.length(r) != t + 1) {
        continue;
      }
      int at = r * cell.paddedOutput();
      int from = dh0 + rows.order(r) * out;
      if (dy.given()) {
        int y = dy.at(rows, t, r);
        for (int j = 0; j < out; j++) {
          to[at + j] = dy.data()[y + j] + dh[from + j];
        }
      } else {
        System.arraycopy(dh, from, to, at, out);
      }
      if (spec.hasCell()) {
        int units = spec.hiddenSize();
        int cells = dc0 + rows.order(r) * units;
        System.arraycopy(dc, cells, dCells, r * cell.padded(), units);
      }
    }
  }

  /** The chains of dh before step {@code t} begin. */
  private void pass(int t, int row0, int count) {
    int out = cell.spec().outputSize();
    float[] to = dStates[(t + 1) & 1];
    for (int r = row0; r < row0 + count; r++) {
      int at = r * cell.paddedOutput();
      if (t > 0 && dy.given()) {
        System.arraycopy(dy.data(), dy.at(rows, t - 1, r), to, at, out);
      } else {
        java.util.Arrays.fill(to, at, at + out, 0f);
      }
    }
  }

  private void aim(Frame f, int t, int row0, int count) {
    f.rows = count;
    f.of = rows;
    f.t = t;
    f.row0 = row0;
    f.z = tape.z;
    f.z0 = (rows.start(t) - base + row0) * block.width();
    f.ldz = block.width();
    f.h = tape.h;
    f.read = masks.dropsRecurrent() ? tape.read : tape.h;
    f.ldh = cell.paddedOutput();
    f.h0 = (rows.start(t) - base + row0) * f.ldh;
    f.dh = dStates[t & 1];
    f.dh0 = row0 * f.ldh;
    f.dPrevious = dStates[(t + 1) & 1];
    f.dPrevious0 = f.dh0;
    f.dc = dCells;
    f.dc0 = row0 * cell.padded();
    f.scratch = requireNonNull(scratch);
    f.scratch0 = row0 * scratchWidth();
    f.passed = passedCells;
    f.nextC = tape.z;
    f.nextC0 = f.z0 + block.newC();
    f.ldNextC = f.ldz;
    if (rows.start(t) > base) {
      f.c = tape.z;
      f.c0 = (rows.start(t - 1) - base + row0) * block.width() + block.c();
      f.ldc = f.ldz;
    } else {
      f.c = tape.c;
      f.c0 = row0 * cell.padded();
      f.ldc = cell.padded();
    }
  }
}
