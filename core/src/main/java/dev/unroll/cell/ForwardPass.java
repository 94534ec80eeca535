package dev.unroll.cell;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import java.util.function.IntConsumer;

/**
 * A cell over some steps of a batch, forward.
 *
 * <p>Each thread takes some rows through all steps, as if they were the whole batch, and meets no
 * other on the way: what it writes is read while it is still in its own caches. It walks time in
 * chunks. The inputs of a chunk are one product of many rows, b + W x, whose result stays in the L2
 * cache; then, step after step, R h goes on with the chains, and the stages of the cell follow. A
 * chain is the bias, all of x, all of h, in this order, in one step as in a thousand.
 *
 * <p>Where rows end, the threads meet and share those that are left. With fewer rows than threads,
 * they share the columns of each product instead. In training, with few rows each, they share the
 * product of the inputs of a chunk: on the tape a thread's rows of several steps do not follow each
 * other, and a product of a few rows reads all of W for them.
 */
final class ForwardPass {

  /** Rows of a thread's chunk: enough for the product of the inputs to run at full speed. */
  private static final int CHUNK_ROWS = 64;

  /** A part of the rows may end before the threads share the others anew: one of so many. */
  private static final int UNEVEN = 16;

  /** In training, the rows from which on a thread has the products of its inputs to itself. */
  private static final int OWN_ROWS = 8;

  /** The floats of a large L2 cache. */
  private static final long L2_FLOATS = 256 * 1024;

  private static final float[] NONE = {};
  private static final Sequence NO_SEQUENCE = new Sequence();

  private final PackedCell cell;
  private final CellBlock block;
  private final Tape tape;
  private final int chunkRows;
  private final CellMasks masks;
  private final Stage[] stages;

  /** Turns a state of the caller's into what the product with R reads. */
  private final Stage enter;

  private final CellProducts products;
  private final Parallelism parallelism;
  private final Frame[] frames;
  private final IntConsumer walk = this::walk;

  private Rows rows = Rows.NONE;
  private Sequence x = NO_SEQUENCE;
  private Sequence y = NO_SEQUENCE;
  private float[] h = NONE;
  private int h0;
  private float[] c = NONE;
  private int c0;
  private boolean handing;

  /** The number of the first row of the tape. */
  private int base;

  private int first;
  private int last;
  private int parts;

  /** Whether the threads share the product of a chunk's inputs. */
  private boolean sharing;

  ForwardPass(PackedCell cell, Tape tape, Parallelism parallelism, KernelSet kernels) {
    this.cell = cell;
    this.tape = tape;
    this.parallelism = parallelism;
    block = new CellBlock(cell.spec(), cell.padded(), tape.training);
    masks = new CellMasks(cell);
    stages = ForwardStages.of(cell, block, tape.training ? masks : null, kernels);
    enter = ForwardStages.enter(cell, block, kernels);
    products = new CellProducts(kernels, parallelism);
    frames = new Frame[parallelism.threads()];
    CellSpec spec = cell.spec();
    long weights = (long) spec.gates() * spec.hiddenSize() * (spec.inputSize() + spec.outputSize());
    int large = kernels.matmul().shape().chunkRows();
    chunkRows = weights > L2_FLOATS ? large : CHUNK_ROWS;
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new Frame(kernels);
    }
  }

  CellBlock block() {
    return block;
  }

  CellMasks masks() {
    return masks;
  }

  CellProducts products() {
    return products;
  }

  Frame[] frames() {
    return frames;
  }

  long workspaceBytes() {
    long bytes = products.bytes() + masks.bytes();
    for (Frame frame : frames) {
      bytes += frame.bytes();
    }
    return bytes;
  }

  /**
   * Begins a call: from the states in h and c, which receive those after the last step of each row.
   * Of y, what lies beyond a row's length is left alone.
   *
   * @param segment the most steps that {@link #run} will be asked for at once
   */
  void begin(
      Rows q,
      int segment,
      Sequence fromX,
      Sequence toY,
      float[] states,
      int states0,
      float[] cells,
      int cells0) {
    rows = q;
    x = fromX;
    y = toY;
    h = states;
    h0 = states0;
    c = cells;
    c0 = cells0;
    handing = true;
    reserve(segment);
    if (tape.training) {
      masks.begin(q);
    }
    loadStates();
  }

  /** Begins to walk again through what has been walked: only the tape is written. */
  void beginAgain(Rows q, Sequence fromX) {
    rows = q;
    x = fromX;
    handing = false;
  }

  /** The steps [t0, t1), from the states at the beginning of the tape. */
  void run(int t0, int t1) {
    base = rows.start(t0);
    for (int t = t0; t < t1; t = last) {
      int alive = rows.count(t);
      parts = alive < frames.length ? 1 : frames.length;
      sharing = tape.training && few(alive, parts);
      first = t;
      last = t + 1;
      while (last < t1 && keepsRows(last) && !(sharing && fillsChunk(last))) {
        last++;
      }
      if (sharing) {
        frames[0].shareBy(products);
        int number = rows.start(last) - rows.start(t);
        inputs(frames[0], t, last, 0, alive, number, (rows.start(t) - base) * block.width());
      }
      frames[0].shareBy(parts < frames.length ? products : null);
      if (parts == 1) {
        walk(0);
      } else {
        parallelism.run(parts, walk);
      }
    }
  }

  /** Whether the threads go on with the rows that they have. */
  private boolean keepsRows(int t) {
    if (frames.length == 1) {
      return true;
    }
    if (tape.training) {
      // A row's last state lies on the tape where other rows write two steps later: threads must
      // not get there before it has been handed out.
      return rows.count(t) == rows.count(t - 1);
    }
    int begun = rows.count(first);
    int alive = rows.count(t);
    return begun < frames.length || (alive >= frames.length && begun - alive <= begun / UNEVEN);
  }

  /** Whether the threads of so many parts share the products of inputs in training. */
  static boolean few(int alive, int parts) {
    return parts > 1 && alive < parts * OWN_ROWS;
  }

  /** Whether one step more is more than the threads' chunks hold. */
  private boolean fillsChunk(int t) {
    return rows.start(t + 1) - rows.start(first) > chunkRows * frames.length;
  }

  /** Moves the states after the steps up to {@code t} to the beginning of the tape. */
  void carry(int t) {
    int count = rows.count(t);
    int ldh = cell.paddedOutput();
    System.arraycopy(tape.h, (rows.start(t) - base) * ldh, tape.h, 0, count * ldh);
    if (cell.spec().hasCell() && count > 0) {
      int from = (rows.start(t - 1) - base) * block.width() + block.c();
      for (int r = 0; r < count; r++) {
        int ld = cell.padded();
        System.arraycopy(tape.z, from + r * block.width(), tape.c, r * ld, ld);
      }
    }
  }

  /** Lets go of the caller's arrays. */
  void end() {
    rows = Rows.NONE;
    x = NO_SEQUENCE;
    y = NO_SEQUENCE;
    h = NONE;
    c = NONE;
    products.release();
    for (Frame frame : frames) {
      frame.release();
    }
  }

  private void reserve(int segment) {
    int batch = rows.count(0);
    int steps = rows.steps();
    long all = rows.total();
    if (tape.training) {
      // No segment has more rows than the first.
      all = rows.start(Math.min(segment, steps));
    } else {
      all = (long) frames.length * regionRows();
    }
    tape.reserve(
        all,
        block.width(),
        tape.training ? all + batch : besides() ? 2L * batch : batch,
        cell.paddedOutput(),
        cell.spec().hasCell() ? batch : 0,
        cell.padded());
    if (tape.training && masks.dropsRecurrent()) {
      tape.read = Tape.reserve(tape.read, all * cell.paddedOutput());
    }
  }

  /** Serving, the rows of blocks that each thread has for itself: those of its longest chunk. */
  private int regionRows() {
    int most = Math.ceilDiv(rows.count(0), frames.length);
    return (int) Math.max(most, Math.min(chunkRows, (long) most * rows.steps()));
  }

  /** Whether serving needs h before and after a step at once: zoneout mixes them. */
  private boolean besides() {
    return !tape.training && cell.spec().hiddenZoneout() > 0;
  }

  private void loadStates() {
    CellSpec spec = cell.spec();
    int out = spec.outputSize();
    int ldh = cell.paddedOutput();
    int alive = rows.count(0);
    for (int r = 0; r < alive; r++) {
      System.arraycopy(h, h0 + rows.order(r) * out, tape.h, r * ldh, out);
      if (spec.hasCell()) {
        int units = spec.hiddenSize();
        System.arraycopy(c, c0 + rows.order(r) * units, tape.c, r * cell.padded(), units);
      }
    }
    Frame f = frames[0];
    f.rows = alive;
    f.next = tape.h;
    f.next0 = 0;
    f.ldh = ldh;
    enter.run(f);
  }

  private void walk(int part) {
    Frame f = frames[part];
    int row0 = bound(part);
    int row1 = bound(part + 1);
    int width = block.width();
    // A single part has the chunks of all threads.
    int most = chunkRows * (frames.length / parts);
    int end;
    for (int t = first; t < last; t = end) {
      int number = alive(t, row0, row1);
      end = t + 1;
      // On the tape, the blocks of some rows of several steps do not follow each other.
      while (end < last
          && (parts == 1 || !tape.training)
          && number + alive(end, row0, row1) <= most) {
        number += alive(end, row0, row1);
        end++;
      }
      if (number == 0) {
        return;
      }
      int at = tape.training ? rows.start(t) - base + row0 : part * regionRows();
      if (!sharing) {
        inputs(f, t, end, row0, row1, number, at * width);
      }
      for (int u = t; u < end; u++) {
        int count = alive(u, row0, row1);
        if (count == 0) {
          return;
        }
        aim(f, u, row0, count, at * width);
        for (Stage stage : stages) {
          stage.run(f);
        }
        if (handing) {
          hand(f, u, row0, count);
        }
        at += count;
      }
    }
  }

  /** How many of the rows [row0, row1) are alive at a step: the first ones. */
  private int alive(int t, int row0, int row1) {
    return Math.max(0, Math.min(rows.count(t), row1) - row0);
  }

  /** b + W x for the rows [row0, row1) of the steps [t0, t1), {@code number} in all. */
  private void inputs(Frame f, int t0, int t1, int row0, int row1, int number, int z0) {
    int in = cell.spec().inputSize();
    float[] from = x.data();
    int from0 = 0;
    boolean drops = tape.training && masks.dropsInputs();
    boolean together = t1 == t0 + 1 || (row0 == 0 && row1 == rows.count(t0));
    if (together && x.inOrder(rows) && !drops) {
      from0 = x.direct(rows.start(t0) + row0);
    } else {
      from = f.gather(number, in);
      x.gather(rows, t0, t1, row0, row1, from, 0, in);
      if (drops) {
        masks.dropInputs(rows, t0, t1, row0, row1, from, in);
      }
    }
    f.start(
        cell.input(),
        cell.bias(),
        number,
        from,
        from0,
        in,
        tape.z,
        z0 + block.inputSlot(),
        block.width());
  }

  private int bound(int part) {
    return (int) ((long) rows.count(first) * part / parts);
  }

  private void aim(Frame f, int t, int row0, int count, int z0) {
    f.rows = count;
    f.of = rows;
    f.t = t;
    f.row0 = row0;
    f.z = tape.z;
    f.z0 = z0;
    f.ldz = block.width();
    f.h = tape.h;
    f.read = tape.training && masks.dropsRecurrent() ? tape.read : tape.h;
    f.next = tape.h;
    f.ldh = cell.paddedOutput();
    int state = tape.training ? rows.start(t) - base : 0;
    f.h0 = (state + row0) * f.ldh;
    f.state0 = tape.training ? f.h0 + rows.count(t) * f.ldh : f.h0;
    f.next0 = besides() ? f.h0 + rows.count(0) * f.ldh : f.state0;
    f.c = tape.c;
    f.c0 = row0 * cell.padded();
    f.ldc = cell.padded();
    if (tape.training) {
      if (rows.start(t) > base) {
        f.c = tape.z;
        f.c0 = (rows.start(t - 1) - base + row0) * block.width() + block.c();
        f.ldc = f.ldz;
      }
      f.stateC = tape.z;
      f.stateC0 = f.z0 + block.c();
      f.ldStateC = f.ldz;
    } else {
      f.stateC = f.c;
      f.stateC0 = f.c0;
      f.ldStateC = f.ldc;
    }
    boolean apart = block.zoned();
    f.nextC = apart ? tape.z : f.stateC;
    f.nextC0 = apart ? f.z0 + block.newC() : f.stateC0;
    f.ldNextC = apart ? f.ldz : f.ldStateC;
  }

  /** The step's outputs to y, and the states of rows that end with it to the caller. */
  private void hand(Frame f, int t, int row0, int count) {
    CellSpec spec = cell.spec();
    int out = spec.outputSize();
    boolean pre = spec.preActivation();
    float[] from = pre ? f.z : f.h;
    int from0 = pre ? f.z0 : f.state0;
    int ld = pre ? f.ldz : f.ldh;
    for (int r = 0; r < count; r++) {
      int row = row0 + r;
      if (y.given()) {
        y.put(rows, t, row, from, from0 + r * ld);
      }
      if (rows.length(row) == t + 1) {
        System.arraycopy(from, from0 + r * ld, h, h0 + rows.order(row) * out, out);
        if (spec.hasCell()) {
          int units = spec.hiddenSize();
          int at = c0 + rows.order(row) * units;
          System.arraycopy(f.stateC, f.stateC0 + r * f.ldStateC, c, at, units);
        }
      }
    }
  }
}
