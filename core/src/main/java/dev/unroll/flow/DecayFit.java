package dev.unroll.flow;

import java.util.Arrays;

/**
 * The rate at which norms shrink or grow with the lag.
 *
 * <p><b>Formula.</b> The Theil-Sen line through (lag, ln norm): the median of the slopes between
 * all pairs. Up to 29 % of the points may be anywhere without moving it far.
 *
 * <p><b>Special values.</b> Norms that are 0, infinite or NaN have no finite logarithm and are left
 * out; {@code used} says how many were not. With fewer than two left, the rate is NaN.
 *
 * <p>Source: H. Theil, 1950; P. Sen, 1968.
 *
 * @param rate the change of ln norm for each step back; below 0 it vanishes
 * @param norm the fitted norm at lag 0
 * @param used how many norms entered
 */
public record DecayFit(double rate, double norm, int used) {

  /** Fits norms by their lag; {@code norms[0]} is at lag 0. */
  public static DecayFit of(double... norms) {
    double[] lags = new double[norms.length];
    double[] logs = new double[norms.length];
    int used = 0;
    for (int lag = 0; lag < norms.length; lag++) {
      if (norms[lag] > 0 && norms[lag] < Double.POSITIVE_INFINITY) {
        lags[used] = lag;
        logs[used++] = StrictMath.log(norms[lag]);
      }
    }
    if (used < 2) {
      return new DecayFit(Double.NaN, used == 1 ? StrictMath.exp(logs[0]) : Double.NaN, used);
    }
    double[] slopes = new double[used * (used - 1) / 2];
    int pair = 0;
    for (int i = 0; i < used; i++) {
      for (int j = 0; j < i; j++) {
        slopes[pair++] = (logs[i] - logs[j]) / (lags[i] - lags[j]);
      }
    }
    double rate = median(slopes);
    double[] heights = new double[used];
    for (int i = 0; i < used; i++) {
      heights[i] = logs[i] - rate * lags[i];
    }
    return new DecayFit(rate, StrictMath.exp(median(heights)), used);
  }

  /** The factor for each step back: e^rate. */
  public double factor() {
    return StrictMath.exp(rate);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
