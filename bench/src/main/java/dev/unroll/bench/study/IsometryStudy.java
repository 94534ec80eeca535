package dev.unroll.bench.study;

import dev.unroll.flow.Isometry;
import dev.unroll.flow.JacobianProduct;
import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.SingularValues;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Singular values of products of Jacobians over depth: Gaussian and orthogonal weights. */
final class IsometryStudy implements Study {

  private static final int WIDTH = 400;
  private static final int[] DEPTHS = {1, 2, 5, 10};
  private static final double[] SHARES = {0.1, 0.1, 0.2, 0.35};
  private static final String PENNINGTON = "Pennington 2017";

  @Override
  public String name() {
    return "isometry";
  }

  @Override
  public String title() {
    return "Dynamical isometry over depth";
  }

  @Override
  public int parts() {
    return DEPTHS.length + 1;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    double[][] gaussian = new double[DEPTHS.length][];
    for (int i = 0; i < DEPTHS.length; i++) {
      int depth = DEPTHS[i];
      progress.accept("depth " + depth);
      gaussian[i] = SingularValues.of(product(depth, false, false, 1));
      Isometry linear = Isometry.of(gaussian[i]);
      rows.add(
          Row.relative(
              "linear Gaussian, L = " + depth + ", m_2",
              Isometry.fussCatalan(depth, 2),
              linear.secondMoment(),
              SHARES[i],
              "Fuss-Catalan"));
      rows.add(
          Row.relative(
              "linear Gaussian, L = " + depth + ", largest sigma^2",
              Isometry.edge(depth),
              linear.largest(),
              SHARES[i],
              "Fuss-Catalan"));
      for (boolean orthogonal : new boolean[] {false, true}) {
        Isometry relu = Isometry.of(product(depth, true, orthogonal, 2));
        double s1 = orthogonal ? Isometry.ORTHOGONAL : Isometry.GAUSSIAN;
        String kind = orthogonal ? "orthogonal" : "Gaussian";
        Row row =
            Row.relative(
                "ReLU, " + kind + ", L = " + depth + ", variance",
                Isometry.expectedRelativeVariance(depth, 2, s1),
                relu.relativeVariance(),
                2 * SHARES[i],
                PENNINGTON);
        rows.add(row);
      }
    }
    progress.accept("orthogonal, linear");
    Isometry rotations = Isometry.of(product(10, false, true, 3));
    rows.add(
        Row.near(
            "linear orthogonal, L = 10, smallest sigma^2",
            1,
            rotations.smallest(),
            1e-12,
            "closed form"));
    rows.add(
        Row.near(
            "linear orthogonal, L = 10, largest sigma^2",
            1,
            rotations.largest(),
            1e-12,
            "closed form"));
    return new StudyResult(
        name(),
        title(),
        "Layers of width "
            + WIDTH
            + ". With Gaussian weights the mean squared singular value stays"
            + " 1, but a few directions take all of it; orthogonal weights keep every length. The"
            + " closed forms are for infinite width.",
        rows,
        List.of(picture(gaussian)));
  }

  private static String picture(double[][] gaussian) {
    double[] share = new double[WIDTH];
    Arrays.setAll(share, i -> (i + 0.5) / WIDTH);
    SvgPlot plot =
        new SvgPlot(
                "Singular values of products of Gaussian layers", "share of directions", "sigma")
            .logarithmicY()
            .window(0, 1, 1e-6, 10);
    for (int i = 0; i < DEPTHS.length; i++) {
      plot.line("L = " + DEPTHS[i], share, gaussian[i]);
    }
    return plot.render();
  }

  /** W_L D_L ... W_1 D_1, D keeping half of the units for ReLU, and weights scaled to m_1 = 1. */
  private static JacobianProduct product(int depth, boolean relu, boolean orthogonal, long seed) {
    Random random = new Random(seed);
    List<LinearOperator> layers = new ArrayList<>();
    double scale = relu ? Math.sqrt(2) : 1;
    for (int layer = 0; layer < depth; layer++) {
      double[] w = NetworkModelStudy.normal(random, WIDTH * WIDTH, 1 / Math.sqrt(WIDTH));
      if (orthogonal) {
        orthogonalize(w);
      }
      for (int column = 0; column < WIDTH; column++) {
        double slope = relu && random.nextBoolean() ? 0 : scale;
        for (int row = 0; row < WIDTH; row++) {
          w[row * WIDTH + column] *= slope;
        }
      }
      layers.add(LinearOperator.dense(WIDTH, WIDTH, w));
    }
    return new JacobianProduct(layers);
  }

  /** Gram and Schmidt, each row twice: a uniformly distributed rotation. */
  private static void orthogonalize(double[] w) {
    for (int row = 0; row < WIDTH; row++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int earlier = 0; earlier < row; earlier++) {
          double part = 0;
          for (int k = 0; k < WIDTH; k++) {
            part += w[row * WIDTH + k] * w[earlier * WIDTH + k];
          }
          for (int k = 0; k < WIDTH; k++) {
            w[row * WIDTH + k] -= part * w[earlier * WIDTH + k];
          }
        }
      }
      double norm = 0;
      for (int k = 0; k < WIDTH; k++) {
        norm = Math.hypot(norm, w[row * WIDTH + k]);
      }
      for (int k = 0; k < WIDTH; k++) {
        w[row * WIDTH + k] /= norm;
      }
    }
  }
}
