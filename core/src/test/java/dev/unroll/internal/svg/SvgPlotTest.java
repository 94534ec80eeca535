package dev.unroll.internal.svg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class SvgPlotTest {

  @Test
  void escapesWhatItIsGiven() {
    String svg =
        new SvgPlot("a < b & c", "<x>", "y")
            .line("one & two", new double[] {0, 1}, new double[] {0, 1})
            .dashed("three", new double[] {0, 1}, new double[] {1, 0})
            .render();
    assertTrue(svg.startsWith("<svg ") && svg.endsWith("</svg>\n"));
    assertTrue(svg.contains("<title>a &lt; b &amp; c</title>"));
    assertTrue(svg.contains("&lt;x&gt;") && svg.contains("one &amp; two"));
  }

  @Test
  void valuesThatCannotBeDrawnInterruptALine() {
    double[] x = {1, 2, 3, 4, 5, 6};
    double[] y = {1, 10, 0, Double.NaN, 100, Double.POSITIVE_INFINITY};
    String path = path(new SvgPlot("t", "x", "y").logarithmicY().line("s", x, y).render());
    assertEquals(2, path.chars().filter(c -> c == 'M').count());
    assertEquals(1, path.chars().filter(c -> c == 'L').count());
    assertFalse(path.contains("NaN"));
  }

  @Test
  void linesEndInTheCornersOfTheirRange() {
    SvgPlot plot = new SvgPlot("t", "x", "y").line("s", new double[] {2, 4}, new double[] {-1, 3});
    assertEquals("M70.0 350.0L700.0 40.0", path(plot.render()));
  }

  @Test
  void aLineThatLeavesTheWindowIsCutOffThere() {
    double[] x = {0, 1, 9, 9, 1, 1, 5, 5, 3, 1};
    double[] y = {0, 1, 9, 1, 1, -4, -4, 1, 3, 3};
    SvgPlot plot = new SvgPlot("t", "x", "y").window(0, 2, 0, 2).line("s", x, y).points("p", x, y);
    String svg = plot.render();
    // Out at the corner, in from the right, out below; the rest is outside.
    assertEquals(
        "M70.0 350.0L385.0 195.0L700.0 40.0M700.0 195.0L385.0 195.0L385.0 350.0", path(svg));
    assertTrue(svg.contains("M70.0 350.0h0M385.0 195.0h0M385.0 195.0h0\""), svg);
    SvgPlot across =
        new SvgPlot("t", "x", "y")
            .window(0, 2, 0, 2)
            .line("s", new double[] {-1, 3, 3, 5}, new double[] {1, 1, -1, 1});
    assertEquals("M70.0 195.0L700.0 195.0", path(across.render()));
  }

  @Test
  void aCompanionHasTheColourOfItsLine() {
    double[] one = {0, 1};
    String svg =
        new SvgPlot("t", "x", "y")
            .line("a", one, one)
            .companion("b", one, one)
            .line("c", one, one)
            .render();
    // Each is drawn once and stands once in the legend.
    assertEquals(4, svg.split("class=\"l o0", -1).length - 1);
    assertEquals(2, svg.split("class=\"l o0 d\"", -1).length - 1);
    assertEquals(2, svg.split("class=\"l o1\"", -1).length - 1);
  }

  @Test
  void nothingToDrawIsStillAPlot() {
    SvgPlot none = new SvgPlot("t", "x", "y").logarithmicY();
    assertEquals("", path(none.line("s", new double[] {1}, new double[1]).render()));
    assertTrue(new SvgPlot("t", "x", "y").render().endsWith("</svg>\n"));
    SvgPlot one = new SvgPlot("t", "x", "y").line("s", new double[] {1}, new double[] {5});
    assertEquals("M385.0 195.0", path(one.render()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SvgPlot("t", "x", "y").line("s", new double[1], new double[2]));
  }

  @Test
  void fieldsAreImages() throws DataFormatException {
    HeatMap map = new HeatMap(0, 2, 0, 1, new double[][] {{0, 1, 0.5}, {1, Double.NaN, 0}});
    String href = map.dataUri();
    byte[] png = Base64.getDecoder().decode(href.substring(href.indexOf(',') + 1));
    ByteBuffer header = ByteBuffer.wrap(png, 16, 8);
    assertEquals(3, header.getInt());
    assertEquals(2, header.getInt());
    int length = ByteBuffer.wrap(png, 33, 4).getInt();
    Inflater inflater = new Inflater();
    inflater.setInput(Arrays.copyOfRange(png, 41, 41 + length));
    byte[] raw = new byte[2 * 10];
    assertEquals(raw.length, inflater.inflate(raw));
    inflater.end();
    // The first row is at the bottom; 0 is the darkest colour, 1 the lightest, NaN like 0.
    byte[] dark = {0x44, 0x01, 0x54};
    byte[] light = {(byte) 0xfd, (byte) 0xe7, 0x25};
    assertArrayEquals(light, Arrays.copyOfRange(raw, 1, 4));
    assertArrayEquals(dark, Arrays.copyOfRange(raw, 4, 7));
    assertArrayEquals(dark, Arrays.copyOfRange(raw, 11, 14));
    assertArrayEquals(light, Arrays.copyOfRange(raw, 14, 17));
  }

  @Test
  void marksAreRound() {
    Axis linear = new Axis(false, -3, -2, 0, 100);
    assertEquals("-2.6", linear.label(-2.6));
    Axis decades = new Axis(true, 1e-30, 1, 0, 100);
    assertEquals("1e-20", decades.label(decades.marks().get(2)));
    assertEquals("1", decades.label(1));
    assertEquals(100, decades.place(1), 1e-9);
    assertTrue(decades.marks().size() <= 8);
  }

  private static String path(String svg) {
    Matcher found = Pattern.compile("class=\"l o0\" d=\"([^\"]*)\"").matcher(svg);
    assertTrue(found.find());
    return found.group(1);
  }
}
