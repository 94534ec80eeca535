package dev.unroll.testing.tolerance;

import dev.unroll.testing.reference.ReferenceLstm;
import java.util.SplittableRandom;

/**
 * A layer and a batch of sequences, all of them floats, evenly spread: weights as frameworks start
 * them, within 1/sqrt(H), times {@code scale}; inputs and states within 1.
 *
 * @param positive whether no value is negative
 */
record LstmSample(
    int inputs, int units, int steps, int batch, double scale, boolean positive, long seed) {

  ReferenceLstm.Weights weights() {
    SplittableRandom random = new SplittableRandom(seed);
    double most = scale / Math.sqrt(units);
    return new ReferenceLstm.Weights(
        inputs,
        units,
        values(random, 4 * units * inputs, most),
        values(random, 4 * units * units, most),
        values(random, 4 * units, most),
        values(random, 4 * units, most));
  }

  double[] x() {
    return values(new SplittableRandom(seed + 1), steps * batch * inputs, 1);
  }

  double[] h0() {
    return values(new SplittableRandom(seed + 2), batch * units, 1);
  }

  double[] c0() {
    return values(new SplittableRandom(seed + 3), batch * units, 1);
  }

  ReferenceLstm.Result exact() {
    return ReferenceLstm.forward(weights(), steps, batch, x(), h0(), c0());
  }

  ReferenceLstm.Result bound(double sigmoidUlps, double tanhUlps) {
    return new LstmErrorBound(weights(), sigmoidUlps, tanhUlps)
        .forward(steps, batch, x(), h0(), c0());
  }

  ReferenceLstm.Result computed(RoundedLstm.Arithmetic by) {
    return RoundedLstm.forward(weights(), steps, batch, x(), h0(), c0(), by);
  }

  private double[] values(SplittableRandom random, int length, double most) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(positive ? 0 : -most, most);
    }
    return values;
  }
}
