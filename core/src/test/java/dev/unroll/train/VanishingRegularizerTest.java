package dev.unroll.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.BackwardSignals;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.flow.Omega;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The regularizer in f32 against the one in double precision, which finite differences judge. */
class VanishingRegularizerTest {

  private static final int ROWS = 23;
  private static final int N = 9;
  private static final float ALPHA = 3;

  private final float[] dh = normal(1, ROWS * N);
  private final float[] dz = normal(2, ROWS * N);
  private final float[] r = normal(3, N * N);
  private final float[] back = product(dz, r);

  @ParameterizedTest
  @EnumSource
  void isTheOneInDoublePrecision(VanishingRegularizer.Form form) {
    // Two rows without a direction.
    Arrays.fill(dh, 0, N, 1e-11f);
    Arrays.fill(dh, 5 * N, 6 * N, 0);
    double[] expected = new double[N * N];
    double omega =
        new Omega(Omega.Form.valueOf(form.name()))
            .withGradient(ROWS, N, wide(dh), wide(dz), wide(r), expected);
    float[] dR = normal(4, N * N);
    float[] before = dR.clone();
    double value =
        new VanishingRegularizer(form).accumulate(ROWS, N, ALPHA, dh, 0, dz, 0, back, 0, dR, 0);
    // back is rounded to float, elements of it cancel: N roundings; squared it is twice that.
    assertEquals(omega, value, 4 * N * 0x1p-24 * omega);
    double scale = 0;
    for (double element : expected) {
      scale = Math.max(scale, ALPHA * Math.abs(element));
    }
    for (int i = 0; i < dR.length; i++) {
      double exact = before[i] + ALPHA * expected[i];
      assertEquals(exact, dR[i], (ROWS + 4 * N) * 0x1p-24 * (scale + Math.abs(before[i])));
    }
  }

  @Test
  void offsetsAndOverlapsOfWhatIsRead() {
    // One array holds the signals of steps 0 to 3, each of 2 rows; back of a step is dh before it.
    int rows = 6;
    float[] signals = normal(5, 8 * N + 3);
    float[] slopes = normal(6, rows * N + 1);
    float[] dR = new float[N * N + 2];
    dR[0] = 7;
    VanishingRegularizer regularizer = new VanishingRegularizer();
    double value =
        regularizer.accumulate(rows, N, 1, signals, 3 + 2 * N, slopes, 1, signals, 3, dR, 1);
    float[] plain = new float[N * N];
    float[] in = Arrays.copyOfRange(signals, 3 + 2 * N, 3 + 8 * N);
    float[] out = Arrays.copyOfRange(signals, 3, 3 + 6 * N);
    float[] z = Arrays.copyOfRange(slopes, 1, 1 + rows * N);
    // A used instance and a new one give the same bits.
    assertEquals(
        value, new VanishingRegularizer().accumulate(rows, N, 1, in, 0, z, 0, out, 0, plain, 0), 0);
    assertEquals(7, dR[0], 0);
    assertEquals(0, dR[N * N + 1], 0);
    assertArrayEquals(plain, Arrays.copyOfRange(dR, 1, N * N + 1));
  }

  @Test
  void ofATrainersSignalsIsTheSameInTheOtherOrder() {
    CellSpec spec = CellSpec.elman(3, N).withBias(CellSpec.Bias.SINGLE);
    int steps = 5;
    int batch = 4;
    int rows = steps * batch;
    WeightSet weights = WeightSet.zeros(spec);
    System.arraycopy(r, 0, weights.recurrentWeights(), 0, r.length);
    BackwardSignals signals = new BackwardSignals();
    CellTrainer trainer = CellTrainer.of(spec).keep(signals);
    trainer.load(weights);
    float[] x = normal(8, rows * 3);
    float[] h = normal(9, batch * N);
    trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, new float[rows * N], h, null);
    float[] last = normal(10, batch * N);
    // A row without any signal.
    Arrays.fill(last, N, 2 * N, 0);
    WeightSet gradients = WeightSet.zeros(spec);
    trainer.backward(x, 0, null, 0, last, 0, null, 0, null, 0, gradients, false);
    Arrays.fill(gradients.recurrentWeights(), 0.5f);
    VanishingRegularizer regularizer = new VanishingRegularizer();
    double omega = regularizer.accumulate(signals, ALPHA, gradients);
    float[] dR = new float[N * N];
    Arrays.fill(dR, 0.5f);
    float[] all = signals.dh();
    assertEquals(
        omega,
        regularizer.accumulate(rows, N, ALPHA, all, batch * N, signals.dz(), 0, all, 0, dR, 0),
        0);
    assertTrue(omega > 0);
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        assertEquals(dR[i * N + j], gradients.recurrentWeights()[j * N + i], 0);
      }
    }
    WeightSet gru = WeightSet.zeros(CellSpec.gru(3, N));
    assertThrows(IllegalArgumentException.class, () -> regularizer.accumulate(signals, 1, gru));
    WeightSet other = WeightSet.zeros(CellSpec.elman(3, N + 1));
    assertThrows(IllegalArgumentException.class, () -> regularizer.accumulate(signals, 1, other));
    WeightSet pre = WeightSet.zeros(spec.withForm(CellSpec.Form.PRE_ACTIVATION));
    assertThrows(IllegalArgumentException.class, () -> regularizer.accumulate(signals, 1, pre));
    assertEquals(0, regularizer.accumulate(new BackwardSignals(), 1, gradients), 0);
  }

  @Test
  void nothingToKeep() {
    float[] dR = {1};
    VanishingRegularizer regularizer = new VanishingRegularizer();
    float[] zero = new float[1];
    assertEquals(0, regularizer.accumulate(1, 1, 1, zero, 0, zero, 0, zero, 0, dR, 0), 0);
    assertEquals(0, regularizer.accumulate(0, 1, 1, zero, 0, zero, 0, zero, 0, dR, 0), 0);
    assertArrayEquals(new float[] {1}, dR);
    // All of the signal is lost: the form with norms has no derivative there.
    float[] one = {1};
    assertEquals(
        1,
        new VanishingRegularizer(VanishingRegularizer.Form.NORMS)
            .accumulate(1, 1, 1, one, 0, zero, 0, zero, 0, dR, 0),
        0);
    assertArrayEquals(new float[] {1}, dR);
  }

  @Test
  void refusesBadArgumentsBeforeItWrites() {
    VanishingRegularizer regularizer = new VanishingRegularizer();
    float[] two = new float[2];
    float[] four = {1, 2, 3, 4};
    assertThrows(
        IllegalArgumentException.class,
        () -> regularizer.accumulate(-1, 2, 1, two, 0, two, 0, two, 0, four, 0));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> regularizer.accumulate(1, 2, 1, two, 1, two, 0, two, 0, four, 0));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> regularizer.accumulate(1, 2, 1, two, 0, two, 0, two, 0, new float[3], 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> regularizer.accumulate(1, 2, 1, two, 0, two, 0, four, 2, four, 0));
    assertArrayEquals(new float[] {1, 2, 3, 4}, four);
  }

  private static float[] normal(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (0.6 * random.nextGaussian());
    }
    return values;
  }

  /** dz R^T. */
  private static float[] product(float[] dz, float[] r) {
    float[] out = new float[dz.length];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) {
          sum += (double) dz[row * N + j] * r[i * N + j];
        }
        out[row * N + i] = (float) sum;
      }
    }
    return out;
  }

  private static double[] wide(float[] x) {
    double[] wide = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      wide[i] = x[i];
    }
    return wide;
  }
}
