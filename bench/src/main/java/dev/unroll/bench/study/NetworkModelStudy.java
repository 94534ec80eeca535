package dev.unroll.bench.study;

import dev.unroll.flow.Counterexamples;
import dev.unroll.flow.GradientBounds;
import dev.unroll.flow.JacobianProduct;
import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.Nonlinearity;
import dev.unroll.flow.OperatorNorm;
import dev.unroll.flow.RecurrentNetwork;
import dev.unroll.flow.SequenceGradient;
import dev.unroll.flow.SequenceLoss;
import dev.unroll.flow.SingularValues;
import dev.unroll.flow.SpectralRadius;
import dev.unroll.flow.Trajectory;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** The recurrent network of the theory: three gradients, bounds, and what breaks them. */
final class NetworkModelStudy implements Study {

  private static final String PASCANU = "Pascanu 2013";
  private static final int UNITS = 50;
  private static final int STEPS = 40;

  @Override
  public String name() {
    return "network-model";
  }

  @Override
  public String title() {
    return "The recurrent network: gradients and bounds";
  }

  @Override
  public int parts() {
    return 3;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    progress.accept("three gradients");
    gradients(rows);
    progress.accept("bounds");
    violations(rows);
    double[][] bounded = bounded(rows);
    progress.accept("counterexamples");
    String examples = counterexamples(rows);
    return new StudyResult(
        name(),
        title(),
        "A largest singular value below 1/gamma is enough for gradients to vanish, one above is"
            + " necessary for them to explode. The spectral radius says neither: weights whose"
            + " eigenvalues are all 0 can double the gradient in each step.",
        rows,
        List.of(boundPicture(bounded), examples));
  }

  private static void gradients(List<Row> rows) {
    Random random = new Random(1);
    double worst = 0;
    for (RecurrentNetwork.Form form : RecurrentNetwork.Form.values()) {
      RecurrentNetwork network =
          new RecurrentNetwork(
              form,
              Nonlinearity.TANH,
              normal(random, 64, 0.5),
              normal(random, 24, 1),
              normal(random, 8, 0.5));
      Trajectory path = Trajectory.run(network, normal(random, 8, 1), inputs(random, 30, 3));
      SequenceLoss loss = SequenceLoss.squares(inputs(random, 30, 8));
      double[] bptt = SequenceGradient.bptt(path, loss).parameters();
      worst = Math.max(worst, apart(bptt, SequenceGradient.rtrl(path, loss)));
      worst = Math.max(worst, apart(bptt, SequenceGradient.temporalComponents(path, loss).sum()));
    }
    rows.add(Row.atMost("BPTT, temporal components, RTRL apart", 1e-12, worst, PASCANU));
  }

  private static void violations(List<Row> rows) {
    Random random = new Random(2);
    int violations = 0;
    for (int trial = 0; trial < 1000; trial++) {
      Nonlinearity s = random.nextBoolean() ? Nonlinearity.TANH : Nonlinearity.LOGISTIC;
      double[] w = normal(random, 36, 2 * random.nextDouble());
      RecurrentNetwork network =
          new RecurrentNetwork(
              RecurrentNetwork.Form.PRE, s, w, normal(random, 12, 1), normal(random, 6, 1));
      Trajectory path = Trajectory.run(network, normal(random, 6, 1), inputs(random, 8, 2));
      double norm = SingularValues.of(path.jacobians(0, 8))[0];
      double bound = GradientBounds.jacobianNorm(s.gamma(), SingularValues.of(6, 6, w)[0], 8);
      violations += norm <= bound * (1 + 1e-12) ? 0 : 1;
    }
    rows.add(Row.near("violations of the bound on 1000 networks", 0, violations, 0, PASCANU));
  }

  /** Norms over lags of a logistic network with sigma = 3.6, and their bounds. */
  private static double[][] bounded(List<Row> rows) {
    Random random = new Random(3);
    double[] w = normal(random, UNITS * UNITS, 1);
    double sigma = SingularValues.of(UNITS, UNITS, w)[0];
    double scale = 3.6 / sigma;
    for (int i = 0; i < w.length; i++) {
      w[i] *= scale;
    }
    double power = OperatorNorm.of(LinearOperator.dense(UNITS, UNITS, w));
    rows.add(Row.relative("sigma by power iteration", 3.6, power, 1e-10, "Jacobi SVD"));
    RecurrentNetwork network =
        new RecurrentNetwork(
            RecurrentNetwork.Form.PRE, Nonlinearity.LOGISTIC, w, new double[0], new double[UNITS]);
    Trajectory path = Trajectory.run(network, normal(random, UNITS, 1), STEPS);
    double[][] norms = new double[3][STEPS];
    for (int lag = 1; lag <= STEPS; lag++) {
      norms[0][lag - 1] = lag;
      norms[1][lag - 1] = OperatorNorm.of(path.jacobians(0, lag));
      norms[2][lag - 1] = GradientBounds.jacobianNorm(0.25, 3.6, lag);
    }
    rows.add(
        Row.atMost(
            "|dx_40/dx_0|, logistic, sigma = 3.6", 0.9 * norms[2][38], norms[1][39], PASCANU));
    return norms;
  }

  private static String boundPicture(double[][] norms) {
    return new SvgPlot("A logistic network with gamma sigma = 0.9", "lag", "|dx_t/dx_0|")
        .logarithmicY()
        .line("measured", norms[0], norms[1])
        .dashed("bound, 0.9^lag", norms[0], norms[2])
        .render();
  }

  private static String counterexamples(List<Row> rows) {
    LinearOperator jacobian = LinearOperator.dense(2, 2, new double[] {8, 6, -8, -6});
    rows.add(
        Row.relative(
            "nilpotent weights: |J^20|", 7414552.001894653, power(jacobian, 20), 1e-12, "Lean"));
    double[] weights = Counterexamples.nilpotent().network().recurrentWeights().toArray();
    rows.add(Row.near("their spectral radius", 0, SpectralRadius.of(2, weights), 0, "nilpotent"));
    rows.add(
        Row.near(
            "defective matrix: |A^3|",
            7.5021,
            power(Counterexamples.DEFECTIVE, 3),
            5e-5,
            "closed form"));
    rows.add(
        Row.near(
            "defective matrix: |A^20|",
            3.81e-4,
            power(Counterexamples.DEFECTIVE, 20),
            5e-7,
            "closed form"));
    rows.add(
        Row.relative(
            "(WD)^40, slopes 0.90",
            0.566663576739214,
            power(Counterexamples.scaledSwap(0.6, 0.9), 40),
            1e-12,
            "article, note 3"));
    rows.add(
        Row.relative(
            "(WD)^40, slopes 0.95",
            4.926847643824391,
            power(Counterexamples.scaledSwap(0.6, 0.95), 40),
            1e-12,
            "article, note 3"));
    double[] lags = new double[20];
    Arrays.setAll(lags, i -> i + 1);
    return new SvgPlot("Spectral radius below 1, and yet", "lag", "norm")
        .logarithmicY()
        .line("nilpotent weights in a tanh network", lags, powers(lags, jacobian))
        .line("defective matrix, radius 1/2", lags, powers(lags, Counterexamples.DEFECTIVE))
        .render();
  }

  private static double[] powers(double[] lags, LinearOperator a) {
    return Arrays.stream(lags).map(lag -> power(a, (int) lag)).toArray();
  }

  private static double power(LinearOperator a, int n) {
    return OperatorNorm.of(new JacobianProduct(Collections.nCopies(n, a)));
  }

  private static double apart(double[] x, double[] y) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < x.length; i++) {
      difference = Math.hypot(difference, x[i] - y[i]);
      size = Math.hypot(size, x[i]);
    }
    return difference / size;
  }

  static double[] normal(Random random, int length, double deviation) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = deviation * random.nextGaussian();
    }
    return values;
  }

  private static double[][] inputs(Random random, int steps, int size) {
    double[][] inputs = new double[steps][];
    for (int t = 0; t < steps; t++) {
      inputs[t] = normal(random, size, 1);
    }
    return inputs;
  }
}
