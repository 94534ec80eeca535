package dev.unroll.bench.page;

import dev.unroll.bench.health.Start;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Ceilings;
import dev.unroll.bench.suite.Functions;
import dev.unroll.bench.suite.Layers;
import dev.unroll.bench.suite.Products;
import dev.unroll.bench.suite.Roofline;
import dev.unroll.bench.suite.Scaling;
import dev.unroll.bench.suite.StepTimes;
import java.awt.BasicStroke;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The plots of a report, as SVG to stand inside a page. */
final class Plots {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;

  private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d{3,}");
  private static final Pattern PROLOGUE = Pattern.compile("^.*?(?=<svg)", Pattern.DOTALL);

  private final Results results;
  private final Map<String, String> plots = new LinkedHashMap<>();

  private Plots(Results results) {
    this.results = results;
  }

  /** Drawing needs fonts, which small containers lack: a report without plots is still one. */
  static final class CannotDrawException extends Exception {
    private static final long serialVersionUID = 1;

    private CannotDrawException(Throwable cause) {
      super("This JVM cannot draw text, perhaps for want of fonts: " + cause, cause);
    }
  }

  /** All plots for which there is data, by title. */
  static Map<String, String> of(Results results) throws CannotDrawException {
    System.setProperty("java.awt.headless", "true");
    try {
      return draw(results);
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new CannotDrawException(e);
    }
  }

  private static Map<String, String> draw(Results results) {
    Plots plots = new Plots(results);
    plots.products();
    plots.roofline();
    plots.accuracy();
    plots.curves(
        "Single steps of one row: time within which a share of them is done",
        StepTimes.GROUP,
        "nines of the share: 1 is 90 %, 2 is 99 %, 3 is 99.9 %",
        "microseconds",
        false,
        true);
    plots.scaling();
    plots.curves("The first calls in a fresh JVM", Start.GROUP, "milliseconds", "rate", true, true);
    plots.curves("Loads by one core", Ceilings.GROUP, "bytes", "GB/s", true, true);
    return plots.plots;
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartTitleVisible(false); // The page has it as a heading.
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    return chart;
  }

  private static XYSeries line(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineWidth(2f);
    return series;
  }

  private static void edge(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = line(chart, name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0));
  }

  /** Square products against their side; the peak is the top edge. */
  private void products() {
    XYChart chart = chart("Square products", "side", Measurement.GFLOPS);
    double peak = 0;
    double least = Double.MAX_VALUE;
    double most = 0;
    Comparison comparison = new Comparison(results, Products.GROUP);
    for (Map.Entry<String, Function<String, @Nullable Measurement>> line : lines(comparison)) {
      List<double[]> points = new ArrayList<>();
      for (String subject : results.subjects(Products.GROUP).toList()) {
        Shape shape = Shape.parse(subject);
        Measurement m = line.getValue().apply(subject);
        if (m != null && shape.m() == shape.n() && shape.n() == shape.k()) {
          points.add(new double[] {shape.m(), m.median()});
          peak = Math.max(peak, m.fact(Roofline.PEAK));
          least = Math.min(least, shape.m());
          most = Math.max(most, shape.m());
        }
      }
      add(chart, line.getKey(), points);
    }
    if (peak > 0 && most > least) {
      edge(chart, "FMA peak", new double[] {least, most}, new double[] {peak, peak});
      chart.getStyler().setXAxisLogarithmic(true);
      chart.getStyler().setYAxisMin(0.0);
      chart.getStyler().setYAxisMax(peak);
      render("Square products against their side; the top edge is the FMA peak", chart);
    }
  }

  /** Each way of ours, and each other library by its best way. */
  private List<Map.Entry<String, Function<String, @Nullable Measurement>>> lines(
      Comparison comparison) {
    Map<String, Function<String, @Nullable Measurement>> lines = new LinkedHashMap<>();
    for (Measurement m : results.group(Products.GROUP)) {
      if (m.library().equals(MatmulResult.OURS)) {
        lines.put(
            m.contender(),
            subject -> results.find(Products.GROUP, subject, m.contender()).orElse(null));
      } else {
        lines.put(m.library(), subject -> comparison.best(subject, m.library()));
      }
    }
    return List.copyOf(lines.entrySet());
  }

  private static void add(XYChart chart, String name, List<double[]> points) {
    if (!points.isEmpty()) {
      points.sort(Comparator.comparingDouble(p -> p[0]));
      line(
          chart,
          name,
          points.stream().mapToDouble(p -> p[0]).toArray(),
          points.stream().mapToDouble(p -> p[1]).toArray());
    }
  }

  private List<String> contenders(String group) {
    return results.group(group).stream().map(Measurement::contender).distinct().toList();
  }

  private void roofline() {
    List<Measurement> bound =
        results.measurements().stream()
            .filter(m -> m.fact(Measurement.INTENSITY) > 0 && m.library().equals(MatmulResult.OURS))
            .toList();
    double peak = bound.stream().mapToDouble(m -> m.fact(Roofline.PEAK)).max().orElse(0);
    if (peak == 0) {
      return;
    }
    XYChart chart = chart("Roofline", "operations for each byte", Measurement.GFLOPS);
    double least = bound.stream().mapToDouble(m -> m.fact(Measurement.INTENSITY)).min().orElse(1);
    double most = bound.stream().mapToDouble(m -> m.fact(Measurement.INTENSITY)).max().orElse(1);
    for (Measurement loads : results.group(Ceilings.GROUP)) {
      if (loads.subject().startsWith("loads")) {
        double bend = peak / loads.median();
        double from = Math.min(least / 2, bend / 2);
        edge(
            chart,
            loads.subject(),
            new double[] {from, bend, Math.max(most, bend) * 2},
            new double[] {from * loads.median(), peak, peak});
      }
    }
    for (String group : List.of(Products.GROUP, Layers.GROUP, Layers.TRAINING)) {
      List<Measurement> ours = bound.stream().filter(m -> m.group().equals(group)).toList();
      if (!ours.isEmpty()) {
        XYSeries series =
            chart.addSeries(
                group,
                ours.stream().mapToDouble(m -> m.fact(Measurement.INTENSITY)).toArray(),
                ours.stream().mapToDouble(Measurement::median).toArray());
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      }
    }
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    render("Roofline: our kernels under the ceilings of arithmetic and of loads", chart);
  }

  private void accuracy() {
    XYChart chart = chart("Accuracy", "max ULP", "ns for each value");
    for (String contender : contenders(Functions.GROUP)) {
      List<Measurement> ours =
          results.group(Functions.GROUP).stream()
              .filter(m -> m.contender().equals(contender))
              .filter(m -> m.subject().endsWith(", normal") && m.fact(Measurement.MAX_ULP) > 0)
              .toList();
      if (!ours.isEmpty()) {
        chart
            .addSeries(
                contender,
                ours.stream().mapToDouble(m -> m.fact(Measurement.MAX_ULP)).toArray(),
                ours.stream().mapToDouble(Measurement::median).toArray())
            .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      }
    }
    if (!chart.getSeriesMap().isEmpty()) {
      chart.getStyler().setYAxisLogarithmic(true);
      chart.getStyler().setXAxisLogarithmic(true);
      render("Activations: time for each value against the largest error", chart);
    }
  }

  private void scaling() {
    XYChart chart = chart("Threads", "threads", "times one thread");
    double most = 1;
    for (String subject : results.subjects(Scaling.GROUP).toList()) {
      List<Measurement> all =
          results.group(Scaling.GROUP).stream().filter(m -> m.subject().equals(subject)).toList();
      double one = all.getFirst().median();
      List<double[]> points = new ArrayList<>();
      for (Measurement m : all) {
        points.add(new double[] {m.fact("threads"), m.median() / one});
        most = Math.max(most, m.fact("threads"));
      }
      add(chart, subject, points);
    }
    if (most > 1) {
      edge(chart, "proportional", new double[] {1, most}, new double[] {1, most});
      chart.getStyler().setYAxisMin(0.0);
      render("Threads: speed over that of one thread", chart);
    }
  }

  private void curves(String title, String group, String x, String y, boolean logX, boolean logY) {
    XYChart chart = chart(title, x, y);
    for (Curve curve : results.curves(group)) {
      // Of several JVMs the first is shown; the tables have all of them.
      if (!chart.getSeriesMap().containsKey(curve.name())) {
        line(chart, curve.name(), curve.x(), curve.y());
      }
    }
    if (!chart.getSeriesMap().isEmpty()) {
      chart.getStyler().setXAxisLogarithmic(logX);
      chart.getStyler().setYAxisLogarithmic(logY);
      render(title, chart);
    }
  }

  private void render(String title, XYChart chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new IllegalStateException("a chart could not be drawn: " + title, e);
    }
    plots.put(title, tidy(bytes.toString(StandardCharsets.UTF_8), title, plots.size()));
  }

  /** An element to stand in a page: no prologue, names of its own, no digits that nobody sees. */
  private static String tidy(String svg, String title, int number) {
    String element = PROLOGUE.matcher(svg).replaceFirst("");
    element =
        element
            .replace("clip", "p" + number + "clip")
            .replace("p" + number + "clipPath", "clipPath");
    element = element.replace("p" + number + "clip-path", "clip-path");
    element =
        element.replaceFirst(
            "<svg ", "<svg role=\"img\" aria-label=\"" + Matcher.quoteReplacement(title) + "\" ");
    return NUMBER
        .matcher(element)
        .replaceAll(n -> String.format(Locale.ROOT, "%.2f", Double.parseDouble(n.group())));
  }
}
