package dev.unroll.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of the two roofs a kernel is under. */
class RooflineTest {

  private static Measurement kernel(String subject, double peak, double flops, double bytes) {
    return Measurement.rate("matmul", subject, "Unroll", Measurement.GFLOPS, new double[] {50})
        .with(Roofline.PEAK, peak)
        .with(Roofline.FLOPS, flops)
        .with(Roofline.BYTES, bytes)
        .with(Roofline.FOOTPRINT, bytes);
  }

  private static double ceiling(Results results, String subject) {
    return results.find("matmul", subject, "Unroll").orElseThrow().fact(Measurement.CEILING);
  }

  @Test
  void theLesserOfPeakAndBandwidth() {
    Results results = new Results();
    results.add(
        new Curve(
            Ceilings.GROUP,
            "loads",
            "bytes",
            "GB/s",
            new double[] {1e3, 1e6},
            new double[] {100, 20}));
    results.add(kernel("bound by arithmetic", 107, 1e5, 1e3));
    results.add(kernel("bound by memory", 107, 2e6, 1e6));
    Roofline.apply(results);
    assertEquals(107, ceiling(results, "bound by arithmetic"));
    assertEquals(40, ceiling(results, "bound by memory"), 1e-9);
  }

  @Test
  void thePeakIsTheHigherOneOfTwo() {
    Results results = new Results();
    results.add(
        Measurement.rate(
            Peaks.GROUP,
            Peaks.fma(256, 1),
            Ceilings.PROBE,
            Measurement.GFLOPS,
            new double[] {108}));
    results.add(
        Measurement.rate(
            Peaks.GROUP,
            Peaks.fma(256, 2),
            Ceilings.PROBE,
            Measurement.GFLOPS,
            new double[] {216}));
    results.add(kernel("beside a spoilt probe", 87, 1e5, 1e3));
    results.add(kernel("in better times", 109, 1e5, 1e3));
    Roofline.apply(results);
    assertEquals(108, ceiling(results, "beside a spoilt probe"));
    assertEquals(109, ceiling(results, "in better times"));
    assertEquals(
        List.of("beside a spoilt probe", "in better times"), results.subjects("matmul").toList());
  }
}
