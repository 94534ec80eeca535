package dev.unroll.internal.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A plot of lines and points, over a field of colours if wanted, as one SVG element.
 *
 * <p>Text stays text, colours follow the reader's light or dark scheme, nothing is fetched. Points
 * that cannot be drawn, NaN, infinities, and what is not above 0 on a logarithmic axis, interrupt a
 * line; one that leaves the window is cut off there.
 */
public final class SvgPlot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int LEGEND_LINE = 18;

  private static final String STYLE =
      """
      <style>
      .up{--t:#222;--g:#ddd;--c0:#0b66b2;--c1:#c2410c;--c2:#157f4c;--c3:#8e3fa8;--c4:#8a6d00;--c5:#555}
      @media (prefers-color-scheme:dark){.up{--t:#ddd;--g:#444;--c0:#6cb2f5;--c1:#fb923c;--c2:#5fd08f;\
      --c3:#d39bea;--c4:#e3c341;--c5:#aaa}}
      .up text{fill:var(--t);font:12px system-ui,sans-serif}.up .h{font-size:15px;font-weight:600}
      .up .g{stroke:var(--g);stroke-width:1}.up .a{stroke:var(--t);fill:none}
      .up .l{fill:none;stroke-width:1.8}.up .d{stroke-dasharray:6 4}
      .up .o0{stroke:var(--c0)}.up .o1{stroke:var(--c1)}.up .o2{stroke:var(--c2)}\
      .up .o3{stroke:var(--c3)}.up .o4{stroke:var(--c4)}.up .o5{stroke:var(--c5)}
      .up .p0{fill:var(--c0)}.up .p1{fill:var(--c1)}.up .p2{fill:var(--c2)}\
      .up .p3{fill:var(--c3)}.up .p4{fill:var(--c4)}.up .p5{fill:var(--c5)}
      .up .w{stroke:#fff}.up .k{stroke:#000}.up .r{stroke:#f33}
      </style>
      """;

  private static final int COLOURS = 6;

  private enum Kind {
    LINE,
    DASHED,
    POINTS
  }

  private record Series(Kind kind, String name, String colour, double[] x, double[] y) {}

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private int colours;
  private @Nullable HeatMap field;
  private boolean logarithmicX;
  private boolean logarithmicY;
  private double @Nullable [] window;

  /** An empty plot. */
  public SvgPlot(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /** Draws x by its logarithm. */
  public SvgPlot logarithmicX() {
    logarithmicX = true;
    return this;
  }

  /** Draws y by its logarithm. */
  public SvgPlot logarithmicY() {
    logarithmicY = true;
    return this;
  }

  /** Shows this range; without it, all that there is. */
  public SvgPlot window(double left, double right, double bottom, double top) {
    window = new double[] {left, right, bottom, top};
    return this;
  }

  /** A line through points. */
  public SvgPlot line(String name, double[] x, double[] y) {
    return add(Kind.LINE, name, x, y);
  }

  /** A broken line through points. */
  public SvgPlot dashed(String name, double[] x, double[] y) {
    return add(Kind.DASHED, name, x, y);
  }

  /** A broken line in the colour of what was added last. */
  public SvgPlot companion(String name, double[] x, double[] y) {
    colours--;
    return add(Kind.DASHED, name, x, y);
  }

  /** Points. */
  public SvgPlot points(String name, double[] x, double[] y) {
    return add(Kind.POINTS, name, x, y);
  }

  /**
   * Colours behind everything else, which then is drawn in white, black and red.
   *
   * @param values [row][column] from 0, dark, to 1, light; the first row is at the bottom
   */
  public SvgPlot field(double left, double right, double bottom, double top, double[][] values) {
    field = new HeatMap(left, right, bottom, top, values);
    return window(left, right, bottom, top);
  }

  private SvgPlot add(Kind kind, String name, double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "x has " + x.length + " elements, y " + y.length + ", must be the same");
    }
    series.add(new Series(kind, name, colour(colours++), x.clone(), y.clone()));
    return this;
  }

  private String colour(int i) {
    if (field != null) {
      return new String[] {"w", "r", "k"}[i % 3];
    }
    return "o" + i % COLOURS;
  }

  /** The SVG element. */
  public String render() {
    double[] range = window == null ? range() : window;
    Axis x = new Axis(logarithmicX, range[0], range[1], LEFT, WIDTH - RIGHT);
    Axis y = new Axis(logarithmicY, range[2], range[3], HEIGHT - BOTTOM, TOP);
    int height = HEIGHT + LEGEND_LINE * ((series.size() + 1) / 2);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"up\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\">\n"
            .formatted(WIDTH, height, WIDTH));
    svg.append("<title>").append(escape(title)).append("</title>\n").append(STYLE);
    text(svg, WIDTH / 2.0, 24, "middle", " class=\"h\"", title);
    frame(svg, x, y);
    HeatMap map = field;
    if (map != null) {
      svg.append(
          "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\" href=\"%s\"/>\n"
              .formatted(
                  number(x.place(map.left())),
                  number(y.place(map.top())),
                  number(x.place(map.right()) - x.place(map.left())),
                  number(y.place(map.bottom()) - y.place(map.top())),
                  map.dataUri()));
    }
    for (Series one : series) {
      draw(svg, one, x, y);
    }
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private double[] range() {
    double[] range = {
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (Series one : series) {
      for (int i = 0; i < one.x().length; i++) {
        if (drawable(one.x()[i], logarithmicX) && drawable(one.y()[i], logarithmicY)) {
          range[0] = Math.min(range[0], one.x()[i]);
          range[1] = Math.max(range[1], one.x()[i]);
          range[2] = Math.min(range[2], one.y()[i]);
          range[3] = Math.max(range[3], one.y()[i]);
        }
      }
    }
    return range[0] <= range[1] ? range : new double[] {1, 10, 1, 10};
  }

  private static boolean drawable(double value, boolean logarithmic) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  private void frame(StringBuilder svg, Axis x, Axis y) {
    for (double mark : x.marks()) {
      String at = number(x.place(mark));
      svg.append("<path class=\"g\" d=\"M%s %dV%d\"/>\n".formatted(at, TOP, HEIGHT - BOTTOM));
      text(svg, x.place(mark), HEIGHT - BOTTOM + 16, "middle", "", x.label(mark));
    }
    for (double mark : y.marks()) {
      String at = number(y.place(mark));
      svg.append("<path class=\"g\" d=\"M%d %sH%d\"/>\n".formatted(LEFT, at, WIDTH - RIGHT));
      text(svg, LEFT - 6, y.place(mark) + 4, "end", "", y.label(mark));
    }
    svg.append(
        "<rect class=\"a\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
            .formatted(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM));
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "", xLabel);
    double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    text(svg, 16, middle, "middle", " transform=\"rotate(-90 16 " + number(middle) + ")\"", yLabel);
  }

  private void draw(StringBuilder svg, Series one, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    Pen pen = new Pen(path, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM);
    for (int i = 0; i < one.x().length; i++) {
      double vx = one.x()[i];
      double vy = one.y()[i];
      if (!drawable(vx, logarithmicX) || !drawable(vy, logarithmicY)) {
        pen.lift();
      } else if (one.kind() != Kind.POINTS) {
        pen.to(x.place(vx), y.place(vy));
      } else if (x.shows(vx) && y.shows(vy)) {
        path.append('M' + number(x.place(vx)) + ' ' + number(y.place(vy)) + "h0");
      }
    }
    path(svg, one, path.toString());
  }

  private static void path(StringBuilder svg, Series one, String path) {
    String kind =
        switch (one.kind()) {
          case LINE -> "";
          case DASHED -> " d";
          case POINTS -> "\" stroke-linecap=\"round\" style=\"stroke-width:4";
        };
    svg.append("<path class=\"l ")
        .append(one.colour())
        .append(kind)
        .append("\" d=\"")
        .append(path)
        .append("\"/>\n");
  }

  private void legend(StringBuilder svg) {
    int columns = 2;
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      double left = LEFT + i % columns * (WIDTH - LEFT - RIGHT) / (double) columns;
      double at = HEIGHT + i / columns * LEGEND_LINE + 4;
      if (field != null) {
        svg.append(
            "<path d=\"M%s %sh26v10h-26z\" fill=\"#21918c\"/>\n"
                .formatted(number(left - 1), number(at - 5)));
      }
      boolean points = one.kind() == Kind.POINTS;
      String start = "M" + number(points ? left + 12 : left) + " " + number(at);
      path(svg, one, start + (points ? "h0" : "h24"));
      text(svg, left + 32, at + 4, "start", "", one.name());
    }
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String more, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"%s>%s</text>\n"
            .formatted(number(x), number(y), anchor, more, escape(text)));
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
