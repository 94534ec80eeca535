package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A probe hears the norms of the gradient, and changes nothing. */
class BackwardProbeTest {

  private static final int STEPS = 6;
  private static final int BATCH = 3;

  private static final List<CellSpec> SPECS =
      List.of(
          CellSpec.lstm(5, 19).withPeepholes(),
          CellSpec.gru(4, 8),
          CellSpec.gru(4, 11).withReset(CellSpec.Reset.BEFORE),
          CellSpec.elman(2, 37),
          CellSpec.elman(2, 5).withForm(CellSpec.Form.PRE_ACTIVATION),
          CellSpec.lstm(5, 19).withZoneout(0.25f, 0.5f).withVariationalDropout(0.5f, 0.5f),
          CellSpec.lstm(5, 9).withProjection(20).withZoneout(0.25f, 0),
          CellSpec.gru(4, 11)
              .withReset(CellSpec.Reset.BEFORE)
              .withZoneout(0.25f, 0)
              .withVariationalDropout(0.25f, 0.5f));

  /** A backward call over some steps, and what a probe heard. */
  private static final class Run {
    final List<float[]> results = new ArrayList<>();
    final double[] dh = new double[STEPS];
    double dW;
    double dR;

    Run(CellSpec spec, KernelSet twin, boolean probed, int steps, int batch, int threads) {
      WeightSet weights = WeightSet.zeros(spec);
      for (float[] array : weights.arrays()) {
        float[] values = Fill.MODERATE.array(array.length, array.length);
        for (int i = 0; i < array.length; i++) {
          array[i] = values[i] / 8;
        }
      }
      float[] x = Fill.MODERATE.array(steps * batch * spec.inputSize(), 1);
      float[] y = new float[steps * batch * spec.outputSize()];
      float[] h = Fill.MODERATE.array(batch * spec.outputSize(), 2);
      float @Nullable [] c =
          spec.hasCell() ? Fill.MODERATE.array(batch * spec.hiddenSize(), 3) : null;
      float[] dHidden = Fill.MODERATE.array(batch * spec.outputSize(), 4);
      float @Nullable [] dc = spec.hasCell() ? new float[batch * spec.hiddenSize()] : null;
      WeightSet gradients = WeightSet.zeros(spec);
      try (Parallelism pool = Parallelism.pool(threads)) {
        CellTrainer trainer = CellTrainer.of(spec, pool, twin).checkpointEvery(2);
        trainer.load(weights);
        trainer.probe(probed ? this::hear : null);
        trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
        trainer.backward(x, 0, null, 0, dHidden, 0, dc, 0, null, 0, gradients, false);
      }
      results.addAll(gradients.arrays());
      results.add(dHidden);
    }

    private void hear(int step, BackwardProbe.Squares squares) {
      for (int i = 0; i < squares.rows(); i++) {
        dh[step] += squares.dh(i);
        dW += squares.dW(i);
        dR += squares.dR(i);
      }
    }
  }

  @Test
  void changesNoBitAndHearsTheSameOnEveryTwinAndThread() {
    for (CellSpec spec : SPECS) {
      double[] first = {};
      for (KernelSet twin : Twins.list()) {
        Run alone = new Run(spec, twin, false, STEPS, BATCH, 1);
        for (int threads = 1; threads <= 2; threads++) {
          Run probed = new Run(spec, twin, true, STEPS, BATCH, threads);
          Reproducer where = Reproducer.of("probe " + spec).twin(twin.name());
          for (int i = 0; i < alone.results.size(); i++) {
            float[] expected = alone.results.get(i);
            FloatAssert.assertBitsEqual(
                probed.results.get(i), 0, expected, 0, expected.length, where);
          }
          double[] heard = Arrays.copyOf(probed.dh, STEPS + 2);
          heard[STEPS] = probed.dW;
          heard[STEPS + 1] = probed.dR;
          if (first.length > 0) {
            assertEquals(Arrays.toString(first), Arrays.toString(heard), spec.toString());
          }
          first = heard;
        }
      }
    }
  }

  /** The gradient of the last state is what was given; one row's contribution is its gradient. */
  @Test
  void hearsTheNorms() {
    for (CellSpec spec : SPECS) {
      for (KernelSet twin : Twins.list()) {
        Run run = new Run(spec, twin, true, 1, 1, 1);
        double given = square(Fill.MODERATE.array(spec.outputSize(), 4));
        // Sums of at most 40 squares in f32.
        assertEquals(given, run.dh[0], 40 * 0x1p-24 * given, spec.toString());
        // A product of two rounded sums against the sum of rounded products.
        double dW = square(run.results.get(0));
        double dR = square(run.results.get(1));
        assertEquals(dW, run.dW, 200 * 0x1p-24 * dW, spec.toString());
        assertEquals(dR, run.dR, 200 * 0x1p-24 * dR, spec.toString());
      }
    }
  }

  private static double square(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}
