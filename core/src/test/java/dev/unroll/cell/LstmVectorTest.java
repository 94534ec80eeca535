package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A small LSTM whose results are known to twelve digits, calculated in double precision by another
 * program.
 *
 * <p>Parameters are {@code 0.5 sin(k)}, k = 1, 2, ..., in the order W, U, b of the gates i, f, g, o
 * and then the peepholes of i, f, o. The loss is {@code sum_t (h_t (1, -2) + h_t h_t / 2) + c_T
 * (0.3, 0.7)}.
 */
class LstmVectorTest {

  private static final int STEPS = 3;
  private static final int UNITS = 2;

  /**
   * About a hundred roundings of 2^-24 stand on the longest way from a parameter to a gradient, and
   * no factor or sum on it is above 4.
   */
  private static final double TOLERANCE = 100 * 4 * 0x1p-24;

  private int k;

  private void fill(float[] values, int from) {
    for (int i = 0; i < UNITS * UNITS && from + i < values.length; i++) {
      values[from + i] = parameter();
    }
  }

  private float parameter() {
    return (float) (0.5 * Math.sin(++k));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void forwardAndBackward(boolean peepholes) {
    CellSpec spec = CellSpec.lstm(UNITS, UNITS).withBias(CellSpec.Bias.SINGLE);
    if (peepholes) {
      spec = spec.withPeepholes();
    }
    WeightSet weights = WeightSet.zeros(spec);
    float[] bias = Objects.requireNonNull(weights.inputBias());
    for (int gate = 0; gate < 4; gate++) {
      fill(weights.inputWeights(), gate * UNITS * UNITS);
      fill(weights.recurrentWeights(), gate * UNITS * UNITS);
      bias[gate * UNITS] = parameter();
      bias[gate * UNITS + 1] = parameter();
    }
    float[] peeps = weights.peepholes();
    for (int i = 0; peeps != null && i < peeps.length; i++) {
      peeps[i] = parameter();
    }
    float[] x = {1, .5f, -.5f, .25f, .1f, -1};
    float[] h = {.1f, -.2f};
    float[] c = {.05f, .3f};
    float[] y = new float[STEPS * UNITS];
    CellTrainer trainer = CellTrainer.of(spec);
    trainer.load(weights);
    trainer.forward(SequenceLayout.TIME_MAJOR, STEPS, 1, x, y, h, c);
    double loss = .3 * c[0] + .7 * c[1];
    float[] dy = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      int weight = i % UNITS == 0 ? 1 : -2;
      loss += weight * y[i] + 0.5 * y[i] * y[i];
      dy[i] = weight + y[i];
    }
    float[] dh = new float[UNITS];
    float[] dc = {.3f, .7f};
    WeightSet gradients = WeightSet.zeros(spec);
    trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, null, 0, gradients, false);
    float[] forget =
        Arrays.copyOfRange(Objects.requireNonNull(gradients.inputBias()), UNITS, 2 * UNITS);
    if (peepholes) {
      assertEquals(.015091070735, loss, TOLERANCE);
      near(h, -.154474180706, -.100701322969);
      near(c, -.296567433551, -.193523599159);
      near(dh, .0108074631, .4734472771);
      near(dc, .3770841631, -1.6588365969);
      near(forget, -.0269367665, -.0900948075);
    } else {
      assertEquals(.077428409956, loss, TOLERANCE);
      near(h, -.161601654879, -.108113200932);
      near(c, -.292001495431, -.199602637710);
      near(dh, .0037903848, .4814207081);
      near(dc, .3809740132, -1.5302029187);
      near(forget, -.0313862339, -.0788500216);
    }
  }

  private static void near(float[] actual, double... expected) {
    double[] wide = new double[actual.length];
    Arrays.setAll(wide, i -> actual[i]);
    assertArrayEquals(expected, wide, TOLERANCE);
  }
}
