package dev.unroll.bench.study;

import dev.unroll.flow.attractor.AttractorLandscape;
import dev.unroll.flow.attractor.Descent;
import dev.unroll.flow.attractor.Landscape;
import dev.unroll.flow.attractor.WallLandscape;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The error landscape with a wall, and what clipping does at it. */
final class GeometryStudy implements Study {

  private static final String CLOSED = "closed form";
  private static final String FIGURE = "Pascanu 2013, figure 6";
  private static final double[][] TABLE = {
    {4.5, -2.301066990, 267.432001, 11.4804},
    {5, -2.612296656, 18155.808180, 779.398},
    {5.5, -2.923526322, 1275596.3167, 5.47592e4},
    {6, -3.234755987, 70549052.408, 3.02855e6},
    {7, -3.857215318, 9.9784002e10, 4.28356e9}
  };
  private static final double[][] REFERENCE = {
    {5, -2.5, .0240888688134, .0863116695, .100925018},
    {5, -2, .0555854941196, .0379183435, .0405211914},
    {5, -3, .404198103021, -.00701883751, -.109269412},
    {3, -1, .0108480459513, .0500095244, .0621889928},
    {1, 0, .00167722451289, -.0156453577, -.0237393992},
    {0, 0, .04, -.05, -.1}
  };

  private static final int COLUMNS = 301;
  private static final int ROWS = 501;

  /** Rows of the landscape between two signs of life. */
  private static final int BAND = 100;

  private static final int STEPS = 400;
  private static final double RATE = 0.1;

  private final WallLandscape wall = WallLandscape.paper();

  @Override
  public String name() {
    return "geometry";
  }

  @Override
  public String title() {
    return "An error landscape with a wall";
  }

  @Override
  public int parts() {
    return 1 + ROWS / BAND;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    for (double[] line : TABLE) {
      double w = line[0];
      rows.add(Row.near("b of the wall at w = " + w, line[1], wall.wall(w), 5e-10, CLOSED));
      rows.add(Row.relative("dx_50/db there", line[2], wall.wallSensitivity(w), 5e-9, CLOSED));
      rows.add(Row.relative("|grad E| there", line[3], wall.wallSlope(w), 5e-6, CLOSED));
    }
    Landscape.Point onWall = wall.at(5, wall.wall(5));
    rows.add(
        Row.relative(
            "|grad E| at w = 5, by sensitivities",
            wall.wallSlope(5),
            onWall.slope(),
            1e-9,
            CLOSED));
    for (double[] line : REFERENCE) {
      Landscape.Point point = wall.at(line[0], line[1]);
      String where = " at w = " + line[0] + ", b = " + line[1];
      rows.add(Row.relative("E" + where, line[2], point.error(), 1e-11, "reference"));
      rows.add(Row.relative("dE/dw" + where, line[3], point.dw(), 1e-8, "reference"));
      rows.add(Row.relative("dE/db" + where, line[4], point.db(), 1e-8, "reference"));
    }
    rows.add(
        Row.near(
            "E just above the wall",
            .010047,
            wall.at(5, wall.wall(5) + 1e-3).error(),
            5e-7,
            FIGURE));
    rows.add(
        Row.near(
            "E just below the wall",
            .341649,
            wall.at(5, wall.wall(5) - 1e-3).error(),
            5e-7,
            FIGURE));
    article(rows);
    double[][] field = field(rows, progress);
    progress.accept("descents");
    Descent plain = descend(0, Double.POSITIVE_INFINITY);
    Descent clipped = descend(0, 1);
    rows.add(
        Row.atLeast("longest step from the wall, not clipped", 10, plain.longestStep(), FIGURE));
    rows.add(
        Row.near(
            "E at its end", 0.09, plain.last().point().error(), 1e-3, "saturated unit: 0.3^2"));
    rows.add(
        Row.atMost(
            "longest step, clipped at 1", 0.1 * (1 + 1e-12), clipped.longestStep(), "rate 0.1"));
    for (double beside : new double[] {0, 0.001, 0.02}) {
      rows.add(
          Row.atMost(
              "E after 400 clipped steps from b = wall + " + beside,
              1e-3,
              descend(beside, 1).last().point().error(),
              FIGURE));
    }
    return new StudyResult(
        name(),
        title(),
        "E(w, b) = (s(x_50) - 0.7)^2 for one neuron x_t = w s(x_{t-1}) + b. Where x_0 is the"
            + " unstable fixed point stands a wall, in closed form. Plain gradient descent that"
            + " meets it is thrown far away; with a clipped norm it stays and finds the valley.",
        rows,
        List.of(picture(field, plain, clipped), articlePicture()));
  }

  private static void article(List<Row> rows) {
    String source = "article, numerically";
    AttractorLandscape late = AttractorLandscape.article(200);
    rows.add(
        Row.near(
            "article's L just above b = -2.5", 0, late.at(5, -2.5 + 1e-6).error(), 1e-7, source));
    rows.add(
        Row.near("article's L just below", .504393, late.at(5, -2.5 - 1e-6).error(), 5e-7, source));
    AttractorLandscape early = AttractorLandscape.article(50);
    rows.add(
        Row.relative(
            "dL/db just above, T = 50", -3.80e4, early.at(5, -2.5 + 1e-6).db(), 2e-3, source));
    rows.add(
        Row.relative(
            "dL/db just below, T = 50", -5.63e4, early.at(5, -2.5 - 1e-6).db(), 2e-3, source));
  }

  private Descent descend(double beside, double threshold) {
    return Descent.run(wall, 5, wall.wall(5) + beside, RATE, threshold, STEPS);
  }

  private double[][] field(List<Row> rows, Consumer<String> progress) {
    double[][] errors = new double[ROWS][COLUMNS];
    double steepest = 0;
    for (int row = 0; row < ROWS; row++) {
      if (row % BAND == 0 && row + BAND <= ROWS) {
        progress.accept("landscape");
      }
      for (int column = 0; column < COLUMNS; column++) {
        Landscape.Point point = wall.at(4 + column * 0.01, -4 + row * 0.005);
        // Square roots, so that the valley shows.
        errors[row][column] = Math.sqrt(point.error() / 0.49);
        steepest = Math.max(steepest, point.slope());
      }
    }
    rows.add(Row.relative("largest |grad E| on the grid", 3319.98, steepest, 1e-4, "numerically"));
    return errors;
  }

  private String picture(double[][] field, Descent plain, Descent clipped) {
    double[] w = new double[100];
    Arrays.setAll(w, i -> wall.wallBegins() + 1e-9 + (7 - wall.wallBegins()) * i / 99);
    double[] b = Arrays.stream(w).map(wall::wall).toArray();
    return new SvgPlot(
            "E(w, b), dark is small; a plain step from the wall leaves the picture", "w", "b")
        .field(3.995, 7.005, -4.0025, -1.4975, field)
        .dashed("the wall, in closed form", w, b)
        .line("descent, clipped at 1", weights(clipped), biases(clipped))
        .line(
            "descent, not clipped, from b = wall + 0.02",
            weights(descend(0.02, 1e99)),
            biases(descend(0.02, 1e99)))
        .line("descent, not clipped, from the wall", weights(plain), biases(plain))
        .render();
  }

  private static double[] weights(Descent descent) {
    return descent.path().stream().mapToDouble(Descent.Step::w).toArray();
  }

  private static double[] biases(Descent descent) {
    return descent.path().stream().mapToDouble(Descent.Step::b).toArray();
  }

  private static String articlePicture() {
    double[] b = new double[801];
    Arrays.setAll(b, i -> -2.9 + i * 0.001);
    AttractorLandscape article = AttractorLandscape.article(50);
    double[] errors = Arrays.stream(b).map(bias -> article.at(5, bias).error()).toArray();
    return new SvgPlot("L(b) = (0.855 - x_50)^2, w = 5, x_0 = 1/2", "b", "L")
        .line("L", b, errors)
        .render();
  }
}
