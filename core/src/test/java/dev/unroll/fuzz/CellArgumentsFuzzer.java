package dev.unroll.fuzz;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Activation;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cells and stacks of any dialect with any sizes, offsets and lengths: a call succeeds and leaves
 * numbers, or is refused with a documented exception that says why and with nothing written.
 */
public final class CellArgumentsFuzzer {

  private static final int LENGTH = 96;

  /** Larger cells are described, but not run. */
  private static final int MOST = 6;

  private static final List<Activation> FUNCTIONS =
      List.of(Activation.TANH, Activation.SIGMOID, Activation.RELU, Activation.IDENTITY);

  private final FuzzBytes bytes;
  private final List<float[]> arrays = new ArrayList<>();
  private final StringBuilder what = new StringBuilder();

  private CellArgumentsFuzzer(byte[] bytes) {
    this.bytes = new FuzzBytes(bytes, LENGTH);
  }

  /** The target. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    new CellArgumentsFuzzer(bytes).run();
  }

  private void run() {
    int call = bytes.choice(6);
    what.append("call ").append(call);
    StackSpec spec;
    try {
      spec = spec();
    } catch (IllegalArgumentException refused) {
      ArgumentsFuzzer.mustBeOurs(refused, what.toString());
      return;
    }
    what.append(' ').append(spec);
    if (Math.max(spec.inputSize(), spec.hiddenSize()) > MOST || spec.stateSize() > MOST) {
      return;
    }
    if (spec.layers() > 3) {
      return;
    }
    call(call, spec);
  }

  private StackSpec spec() {
    int options = bytes.choice(256);
    CellSpec cell = cell(bytes.size(5), bytes.size(5), options);
    float hidden = bytes.rate();
    float dropped = bytes.rate();
    cell = cell.withZoneout(hidden, 0).withVariationalDropout(dropped, hidden);
    StackSpec spec = StackSpec.of(cell, bytes.size(3));
    spec = (options & 64) != 0 ? spec.withResiduals() : spec;
    spec = spec.withDropout(bytes.rate());
    return switch (options >> 7) {
      case 0 -> spec;
      default ->
          spec.bidirectional(
              (options & 32) != 0 ? StackSpec.Merge.SUM : StackSpec.Merge.CONCATENATE);
    };
  }

  /** The options of a kind, and now and then one of another kind, which is refused. */
  private CellSpec cell(int inputs, int units, int options) {
    CellSpec cell =
        switch (options & 3) {
          case 0 -> CellSpec.elman(inputs, units);
          case 1 -> CellSpec.gru(inputs, units);
          default -> CellSpec.lstm(inputs, units);
        };
    return switch (options >> 2 & 7) {
      case 0 -> cell;
      case 1 -> cell.withPeepholes();
      case 2 -> cell.withProjection(bytes.size(4));
      case 3 -> cell.withCoupledGates().withBias(CellSpec.Bias.NONE);
      case 4 -> cell.withCellClip(bytes.number() / 4f);
      case 5 -> cell.withReset(CellSpec.Reset.BEFORE);
      case 6 -> cell.withActivation(FUNCTIONS.get(bytes.choice(FUNCTIONS.size())));
      default -> cell.withForm(CellSpec.Form.PRE_ACTIVATION);
    };
  }

  private float[] array(float value) {
    // Now and then the array before: overlapping or side by side.
    float[] array =
        !arrays.isEmpty() && bytes.choice(16) == 1 ? arrays.getLast() : new float[LENGTH];
    Arrays.fill(array, value);
    arrays.add(array);
    return array;
  }

  private void call(int call, StackSpec spec) {
    SequenceLayout layout =
        bytes.choice(2) == 0 ? SequenceLayout.TIME_MAJOR : SequenceLayout.BATCH_MAJOR;
    int steps = bytes.number();
    int batch = bytes.number();
    int[] lengths = lengths(steps, batch);
    float[] x = array(0.5f);
    float[] y = array(0.25f);
    float[] h = array(0.125f);
    float[] c = spec.hasCell() != (bytes.choice(32) == 1) ? array(-0.5f) : null;
    float[] dx = bytes.choice(4) == 1 ? null : array(-0.25f);
    int x0 = offset();
    int y0 = offset();
    int h0 = offset();
    int c0 = offset();
    int dx0 = offset();
    what.append(" T %d N %d %s ".formatted(steps, batch, layout)).append(Arrays.toString(lengths));
    what.append(" at %d %d %d %d %d".formatted(x0, y0, h0, c0, dx0));
    StackWeights weights = StackWeights.zeros(spec);
    weights.arrays().forEach(array -> Arrays.fill(array, 0.25f));
    StackWeights gradients = StackWeights.zeros(spec);
    WeightSet first = weights.part(0);
    switch (call) {
      case 0 -> {
        Stack stack = Stack.of(PackedStack.pack(weights));
        attempt(() -> stack.forward(layout, steps, batch, lengths, x, x0, y, y0, h, h0, c, c0));
      }
      case 1 -> {
        Stack stack = Stack.of(PackedStack.pack(weights));
        attempt(() -> stack.step(batch, x, x0, y, y0, h, h0, c, c0));
      }
      case 2 -> {
        StackTrainer stack = StackTrainer.of(spec);
        stack.load(weights);
        if (attempt(
            () -> stack.forward(layout, steps, batch, lengths, x, x0, y, y0, h, h0, c, c0))) {
          arrays.addAll(gradients.arrays());
          int dy0 = offset();
          attempt(() -> stack.backward(x, x0, y, dy0, h, h0, c, c0, dx, dx0, gradients, true));
        }
      }
      case 3 -> {
        Cell cell = Cell.of(PackedCell.pack(first));
        attempt(() -> cell.forward(layout, steps, batch, x, x0, y, y0, h, h0, c, c0));
      }
      case 4 -> {
        Cell cell = Cell.of(PackedCell.pack(first));
        attempt(() -> cell.step(batch, x, x0, h, h0, c, c0));
      }
      default -> {
        CellTrainer cell = CellTrainer.of(first.spec());
        cell.load(first);
        if (attempt(() -> cell.forward(layout, steps, batch, x, x0, y, y0, h, h0, c, c0))) {
          arrays.addAll(gradients.arrays());
          int dy0 = offset();
          WeightSet d = gradients.part(0);
          attempt(() -> cell.backward(x, x0, y, dy0, h, h0, c, c0, dx, dx0, d, true));
        }
      }
    }
    mustBeNumbers();
  }

  private int offset() {
    return bytes.choice(2) == 0 ? 0 : bytes.number();
  }

  /** Whether the call succeeded; when it did not, it must have been refused properly. */
  private boolean attempt(Runnable call) {
    Snapshot[] before =
        arrays.stream().map(array -> Snapshot.of("array", array)).toArray(Snapshot[]::new);
    try {
      call.run();
      return true;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException
        | IllegalStateException refused) {
      ArgumentsFuzzer.mustBeOurs(refused, what.toString());
      for (Snapshot snapshot : before) {
        snapshot.assertUnmodified(Reproducer.of(what.toString()));
      }
      return false;
    }
  }

  private void mustBeNumbers() {
    for (float[] array : arrays) {
      for (float value : array) {
        if (!Float.isFinite(value)) {
          throw new AssertionError(value + " out of numbers: " + what);
        }
      }
    }
  }

  private int @Nullable [] lengths(int steps, int batch) {
    int kind = bytes.choice(4);
    if (kind == 0) {
      return null;
    }
    int rows = kind == 1 ? bytes.number() : batch;
    int[] lengths = new int[rows < 0 || rows > LENGTH ? 2 : rows];
    for (int n = 0; n < lengths.length; n++) {
      lengths[n] = kind == 3 ? Math.min(bytes.number(), steps) : bytes.number();
    }
    return lengths;
  }
}
