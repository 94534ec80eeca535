package dev.unroll.bench.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import dev.unroll.bench.suite.Roofline;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  private static Measurement rate(String group, String subject, String contender, double rate) {
    return Measurement.rate(group, subject, contender, "GFLOP/s", new double[] {rate});
  }

  private static Results results() {
    Results results = new Results();
    for (int side : new int[] {32, 64, 512}) {
      results.add(
          rate("matmul", side + "," + side + "," + side, "Unroll: <packed>", side / 6.0)
              .with(Roofline.PEAK, 100)
              .with(Roofline.FLOPS, 2.0 * side * side * side)
              .with(Roofline.BYTES, 12.0 * side * side)
              .with(Roofline.FOOTPRINT, 12.0 * side * side));
    }
    for (int threads = 1; threads <= 2; threads++) {
      results.add(
          rate("scaling", "matmul", threads + " threads", threads * 90).with("threads", threads));
    }
    results.add(rate("bandwidth", "loads, L1", "probe", 180));
    results.add(
        Measurement.time("activations", "tanh, normal", "Unroll", "ns/value", new double[] {0.4})
            .with(Measurement.MAX_ULP, 0.6));
    for (String group : new String[] {"start", "step latency", "bandwidth"}) {
      String name = group.equals("bandwidth") ? "loads" : "kernel";
      results.add(
          new Curve(
              group, name, "x", "y", new double[] {1e3, 1e6, 1e9}, new double[] {180, 100, 20}));
    }
    Roofline.apply(results);
    return results;
  }

  private static ReportDocument document() {
    return ReportDocument.of(
        "2026-01-31", "quick", Environment.current(), MachineFacts.current(), results());
  }

  @Test
  void isOneWholePageWithEveryPlot() throws Exception {
    String page = HtmlReport.of(document());
    // But for the elements without an end it is XML.
    String xml = page.replace("<!DOCTYPE html>\n", "").replace("<meta charset=\"utf-8\">", "");
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)))
            .getDocumentElement();
    NodeList plots = root.getElementsByTagName("svg");
    assertEquals(7, plots.getLength());
    NodeList headings = root.getElementsByTagName("h2");
    for (int i = 0; i < plots.getLength(); i++) {
      Node label = plots.item(i).getAttributes().getNamedItem("aria-label");
      assertEquals(headings.item(i).getTextContent(), label.getNodeValue());
    }
    assertTrue(root.getElementsByTagName("table").getLength() >= 3);
    assertFalse(page.contains("src=") || page.contains("href=\"http"), "it needs other files");
  }

  @Test
  void showsTheSharesOfTheRoofline() {
    // 512 / 6 of 100 GFLOP/s: with 85 operations for each byte, arithmetic is the ceiling.
    String markdown = MarkdownReport.of(document(), 2);
    assertTrue(markdown.contains("85.3%"), markdown);
  }
}
