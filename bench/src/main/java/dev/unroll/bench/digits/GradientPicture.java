package dev.unroll.bench.digits;

import java.util.List;
import java.util.Locale;

/**
 * The norm of dL/dh_t at each time step, as a small picture for a terminal: a bar for each step, on
 * a logarithmic scale, so that a gradient that vanishes by a constant factor is a straight slope.
 */
public final class GradientPicture {

  private static final int WIDTH = 48;

  private GradientPicture() {}

  /** A block for each epoch. */
  public static String of(List<DigitsTraining.Flow> epochs) {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (DigitsTraining.Flow flow : epochs) {
      for (double norm : flow.norms()) {
        most = Math.max(most, norm);
        least = norm > 0 ? Math.min(least, norm) : least;
      }
    }
    StringBuilder text = new StringBuilder();
    for (DigitsTraining.Flow flow : epochs) {
      text.append(
          String.format(
              Locale.ROOT,
              "Epoch %d, loss %.4f: norm of dL/dh_t, logarithmic%n",
              flow.epoch(),
              flow.loss()));
      for (int t = 0; t < flow.norms().length; t++) {
        double norm = flow.norms()[t];
        text.append(
            String.format(
                Locale.ROOT,
                "  t = %d  %.2e  %s%n",
                t + 1,
                norm,
                "#".repeat(length(norm, least, most))));
      }
    }
    return text.toString();
  }

  /** From 1, the least norm of all, to {@link #WIDTH}, the largest; none for 0. */
  private static int length(double norm, double least, double most) {
    if (!(norm > 0)) {
      return 0;
    }
    if (!(most > least)) {
      return WIDTH;
    }
    double share = Math.log(norm / least) / Math.log(most / least);
    return 1 + (int) Math.round(share * (WIDTH - 1));
  }
}
