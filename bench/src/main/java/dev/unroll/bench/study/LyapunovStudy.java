package dev.unroll.bench.study;

import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.LyapunovSpectrum;
import dev.unroll.flow.Nonlinearity;
import dev.unroll.flow.RecurrentNetwork;
import dev.unroll.flow.SequenceLoss;
import dev.unroll.flow.Trajectory;
import dev.unroll.flow.attractor.KnownMap;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Lyapunov exponents: of known systems, then of random networks beside their gradients. */
final class LyapunovStudy implements Study {

  private static final int UNITS = 100;
  private static final int STEPS = 1000;
  private static final int TRANSIENT = 200;
  private static final double[] GAINS = {0.5, 0.9, 1.5, 2, 3, 5};

  @Override
  public String name() {
    return "lyapunov";
  }

  @Override
  public String title() {
    return "Lyapunov exponents and gradients";
  }

  @Override
  public int parts() {
    return 2 + GAINS.length;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    progress.accept("known systems");
    known(rows);
    progress.accept("products of Gaussian matrices");
    String newman = newman(rows);
    double[] largest = new double[GAINS.length];
    for (int i = 0; i < GAINS.length; i++) {
      progress.accept("network of gain " + GAINS[i]);
      largest[i] = networks(GAINS[i], rows);
    }
    rows.add(
        Row.between(
            "lambda_1, gain 0.5",
            Math.log(0.5) - 0.05,
            Math.log(0.5) + 0.15,
            largest[0],
            "numerically"));
    rows.add(Row.near("lambda_1, gain 3", 0.28, largest[4], 0.03, "numerically"));
    rows.add(Row.near("lambda_1, gain 5", 0.49, largest[5], 0.03, "numerically"));
    return new StudyResult(
        name(),
        title(),
        "The largest Lyapunov exponent of a network is the rate at which its gradients grow with"
            + " the lag. For tanh networks with Gaussian weights of variance g^2/100 it changes its"
            + " sign near g = 1: below, gradients vanish, above, they explode.",
        rows,
        List.of(
            newman,
            new SvgPlot("Tanh networks of 100 units, mean of three", "gain g", "lambda_1 per step")
                .line("largest exponent", GAINS, largest)
                .dashed(
                    "ln g, without the nonlinearity",
                    GAINS,
                    Arrays.stream(GAINS).map(Math::log).toArray())
                .render()));
  }

  private static void known(List<Row> rows) {
    double[] henon =
        LyapunovSpectrum.of(Trajectory.run(KnownMap.HENON, new double[] {0.1, 0.1}, 200_000), 1000);
    rows.add(Row.near("Henon, lambda_1", 0.4192, henon[0], 2e-3, "literature"));
    rows.add(Row.near("Henon, sum", Math.log(0.3), henon[0] + henon[1], 1e-13, "ln |det J|"));
    double[] logistic =
        LyapunovSpectrum.of(Trajectory.run(KnownMap.LOGISTIC, new double[] {0.3}, 1_000_000), 0);
    rows.add(Row.near("logistic map, r = 4", Math.log(2), logistic[0], 1e-4, "ln 2"));
    LyapunovSpectrum fixed = new LyapunovSpectrum(2);
    LinearOperator a = LinearOperator.dense(2, 2, new double[] {1.5, 2, 0, 0.2});
    for (int t = 0; t < 20_000; t++) {
      fixed.step(a);
    }
    rows.add(
        Row.near(
            "fixed matrix, lambda_1",
            Math.log(1.5),
            fixed.exponents()[0],
            2e-4,
            "ln |eigenvalue|"));
  }

  private static String newman(List<Row> rows) {
    double[] expected = LyapunovSpectrum.newman(8, 1);
    Random random = new Random(1);
    LyapunovSpectrum spectrum = new LyapunovSpectrum(8);
    for (int t = 0; t < 40_000; t++) {
      spectrum.step(
          LinearOperator.dense(8, 8, NetworkModelStudy.normal(random, 64, 1 / Math.sqrt(8))));
    }
    double[] measured = spectrum.exponents();
    double worst = 0;
    double[] index = new double[8];
    for (int i = 0; i < 8; i++) {
      worst = Math.max(worst, Math.abs(measured[i] - expected[i]));
      index[i] = i + 1;
    }
    rows.add(Row.atMost("Gaussian products, largest error of 8", 0.02, worst, "Newman 1986"));
    return new SvgPlot("Products of Gaussian 8 x 8 matrices", "i", "lambda_i")
        .line("closed form", index, expected)
        .points("measured, 40,000 steps", index, measured)
        .render();
  }

  /** The mean largest exponent of three networks; beside it the measured decay of a gradient. */
  private static double networks(double gain, List<Row> rows) {
    double sum = 0;
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      RecurrentNetwork network =
          new RecurrentNetwork(
              RecurrentNetwork.Form.POST,
              Nonlinearity.TANH,
              NetworkModelStudy.normal(random, UNITS * UNITS, gain / Math.sqrt(UNITS)),
              new double[0],
              new double[UNITS]);
      Trajectory path = Trajectory.run(network, NetworkModelStudy.normal(random, UNITS, 1), STEPS);
      double exponent = largest(path);
      sum += exponent;
      if (seed == 0 && gain >= 2) {
        double rate = gradientRate(path, random);
        rows.add(
            Row.relative("rate of the gradient, gain " + gain, exponent, rate, 0.05, "lambda_1"));
      }
    }
    return sum / 3;
  }

  private static double largest(Trajectory path) {
    LyapunovSpectrum spectrum = new LyapunovSpectrum(UNITS, 1);
    for (int t = 1; t <= STEPS; t++) {
      if (t == TRANSIENT) {
        spectrum.forget();
      }
      spectrum.step(path.stateJacobian(t));
    }
    return spectrum.exponents()[0];
  }

  /** ln of the growth per step of a loss' gradient at the last step, on its way back. */
  private static double gradientRate(Trajectory path, Random random) {
    SequenceLoss loss =
        SequenceLoss.squares(new double[][] {NetworkModelStudy.normal(random, UNITS, 1)});
    double[] row = new double[UNITS];
    loss.gradient(1, path.last(), row);
    double log = 0;
    for (int t = STEPS; t > TRANSIENT; t--) {
      double[] before = new double[UNITS];
      path.stateJacobian(t).applyTransposed(row, before);
      double norm = norm(before);
      log += Math.log(norm / norm(row));
      for (int i = 0; i < UNITS; i++) {
        before[i] /= norm;
      }
      row = before;
    }
    return log / (STEPS - TRANSIENT);
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
