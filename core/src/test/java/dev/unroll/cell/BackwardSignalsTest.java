package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The signals that a backward pass keeps are those that it works with. */
class BackwardSignalsTest {

  private static final int STEPS = 7;
  private static final int BATCH = 3;

  private static final List<CellSpec> SPECS =
      List.of(
          CellSpec.lstm(5, 19).withPeepholes(),
          CellSpec.lstm(5, 9).withProjection(4),
          CellSpec.gru(4, 8),
          CellSpec.gru(4, 11).withReset(CellSpec.Reset.BEFORE),
          CellSpec.elman(2, 37),
          CellSpec.elman(2, 5).withForm(CellSpec.Form.PRE_ACTIVATION));

  /** A backward call without dy. */
  private static final class Run {
    final WeightSet gradients;
    final float[] dh;
    final float[] x;
    final BackwardSignals signals = new BackwardSignals();
    final double[] heard = new double[STEPS];

    Run(CellSpec spec, KernelSet twin, int threads, boolean kept, int @Nullable [] lengths) {
      WeightSet weights = WeightSet.zeros(spec);
      for (float[] array : weights.arrays()) {
        float[] values = Fill.MODERATE.array(array.length, array.length);
        for (int i = 0; i < array.length; i++) {
          array[i] = values[i] / 8;
        }
      }
      x = Fill.MODERATE.array(STEPS * BATCH * spec.inputSize(), 1);
      Sequence in = sequence(spec.inputSize(), x);
      float[] y = new float[STEPS * BATCH * spec.outputSize()];
      Sequence out = sequence(spec.outputSize(), y);
      float[] h = Fill.MODERATE.array(BATCH * spec.outputSize(), 2);
      float @Nullable [] c =
          spec.hasCell() ? Fill.MODERATE.array(BATCH * spec.hiddenSize(), 3) : null;
      dh = Fill.MODERATE.array(BATCH * spec.outputSize(), 4);
      float @Nullable [] dc = spec.hasCell() ? new float[BATCH * spec.hiddenSize()] : null;
      gradients = WeightSet.zeros(spec);
      try (Parallelism pool = Parallelism.pool(threads)) {
        CellTrainer trainer = CellTrainer.of(spec, pool, twin).checkpointEvery(2);
        trainer.load(weights);
        if (kept) {
          trainer.keep(signals).probe(this::hear);
        }
        trainer.forward(STEPS, BATCH, lengths, Direction.FORWARD, in, out, h, 0, c, 0);
        trainer.backward(in, null, dh, 0, dc, 0, null, gradients, false);
      }
    }

    private static Sequence sequence(int width, float[] data) {
      return new Sequence().strided(SequenceLayout.TIME_MAJOR, STEPS, BATCH, width, data, 0, width);
    }

    private void hear(int step, BackwardProbe.Squares squares) {
      for (int i = 0; i < squares.rows(); i++) {
        heard[step] += squares.dh(i);
      }
    }
  }

  @Test
  void changesNoBitAndKeepsTheSameOnEveryTwinAndThread() {
    int[] ragged = {4, STEPS, 0};
    for (CellSpec spec : SPECS) {
      for (int @Nullable [] lengths : new int @Nullable [][] {null, ragged}) {
        @Nullable Run first = null;
        for (KernelSet twin : Twins.list()) {
          Run alone = new Run(spec, twin, 1, false, lengths);
          for (int threads = 1; threads <= 2; threads++) {
            Run kept = new Run(spec, twin, threads, true, lengths);
            Reproducer where = Reproducer.of("signals " + spec).twin(twin.name());
            for (int i = 0; i < alone.gradients.arrays().size(); i++) {
              same(alone.gradients.arrays().get(i), kept.gradients.arrays().get(i), where);
            }
            same(alone.dh, kept.dh, where);
            if (first != null) {
              same(first.signals.dh(), kept.signals.dh(), where);
              same(first.signals.dz(), kept.signals.dz(), where);
            }
            first = kept;
          }
        }
      }
    }
  }

  @Test
  void theyAreTheGradients() {
    int[] ragged = {4, STEPS, 0};
    for (CellSpec spec : SPECS) {
      int out = spec.outputSize();
      Run run = new Run(spec, Twins.list().getFirst(), 1, true, ragged);
      BackwardSignals signals = run.signals;
      assertEquals(STEPS, signals.steps());
      assertEquals(BATCH, signals.batch());
      assertEquals(out, signals.outputSize());
      float[] given = Fill.MODERATE.array(BATCH * out, 4);
      for (int n = 0; n < 2; n++) {
        // What was given stands after each row's last step, what was handed back before the first.
        int last = signals.dhAt(ragged[n] - 1) + n * out;
        for (int j = 0; j < out; j++) {
          assertEquals(given[n * out + j], signals.dh()[last + j], 0, spec.toString());
          assertEquals(run.dh[n * out + j], signals.dh()[n * out + j], 0, spec.toString());
        }
      }
      for (int t = 0; t < STEPS; t++) {
        double squares = 0;
        for (int i = signals.dhAt(t); i < signals.dhAt(t) + BATCH * out; i++) {
          squares += (double) signals.dh()[i] * signals.dh()[i];
        }
        // A sum of squares in f32.
        assertEquals(squares, run.heard[t], (out + 2) * 0x1p-24 * squares, spec + " " + t);
        int row2 = signals.dhAt(t) + 2 * out;
        assertTrue(zero(signals.dh(), row2, out), "a row without steps has no signal");
      }
      inputGradient(spec, run);
    }
  }

  /** dW is the sum of dz x^T: dz is what W is multiplied into, in the order of the gates of W. */
  private static void inputGradient(CellSpec spec, Run run) {
    int in = spec.inputSize();
    int sums = run.signals.sums();
    int rows = STEPS * BATCH;
    float[] dz = run.signals.dz();
    for (int g = 0; g < sums; g++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        double sizes = 0;
        for (int row = 0; row < rows; row++) {
          double term = (double) dz[row * sums + g] * run.x[row * in + i];
          sum += term;
          sizes += Math.abs(term);
        }
        float actual = run.gradients.inputWeights()[g * in + i];
        assertEquals(sum, actual, (rows + 1) * 0x1p-24 * sizes, spec + " " + g + " " + i);
      }
    }
  }

  @Test
  void noSuchStep() {
    BackwardSignals signals = new BackwardSignals();
    assertEquals(0, signals.dhAt(-1));
    assertThrows(IllegalArgumentException.class, () -> signals.dhAt(0));
    assertThrows(IllegalArgumentException.class, () -> signals.dzAt(-1));
  }

  private static boolean zero(float[] values, int from, int length) {
    float[] part = Arrays.copyOfRange(values, from, from + length);
    return Arrays.equals(part, new float[length]);
  }

  private static void same(float[] expected, float[] actual, Reproducer where) {
    FloatAssert.assertBitsEqual(actual, 0, expected, 0, expected.length, where);
  }
}
