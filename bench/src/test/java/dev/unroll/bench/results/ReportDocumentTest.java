package dev.unroll.bench.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.page.MarkdownReport;
import dev.unroll.bench.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDocumentTest {

  private static Measurement rate(double... samples) {
    return Measurement.rate("matmul", "8,8,8", "Unroll: packed", "GFLOP/s", samples);
  }

  private static ReportDocument document() {
    Results results = new Results();
    results.add(rate(1, 2, 3.00004).with("peak", 10).with("flops", 1024));
    results.add(rate(5, 6, 7).with("peak", 20).with("flops", 1024));
    results.add(
        new Curve("warm-up", "tanh", "s", "share", new double[] {1, 2}, new double[] {3, 4}));
    results.note("a note");
    return ReportDocument.of(
        "2026-01-31", "quick", Environment.current(), MachineFacts.current(), results);
  }

  @Test
  void comesBackFromItsFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.json");
    ReportDocument written = document();
    written.write(file);
    ReportDocument read = ReportDocument.read(file);
    assertEquals(written.environment(), read.environment());
    assertEquals(written.machine(), read.machine());
    assertEquals(written.notes(), read.notes());
    assertEquals(1, read.measurements().size());
    Measurement m = read.measurements().getFirst();
    assertEquals("matmul/8,8,8/Unroll: packed", m.key());
    assertEquals(2, m.forks().size());
    assertArrayEquals(new double[] {1, 2, 3}, m.forks().getFirst());
    assertEquals(15, m.fact("peak"));
    assertArrayEquals(new double[] {3, 4}, read.curves().getFirst().y());
    read.write(folder.resolve("again.json"));
    assertEquals(Files.readString(file), Files.readString(folder.resolve("again.json")));
    assertEquals(
        MarkdownReport.of(read, 2),
        MarkdownReport.of(ReportDocument.read(folder.resolve("again.json")), 2));
  }

  @Test
  void refusesOtherFiles(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.json");
    for (String text :
        Arrays.asList(
            "", "{", "[]", "{}", "{\"kind\":\"matmul\",\"schema\":1}", "{\"kind\":\"report\"}")) {
      Files.writeString(file, text);
      assertThrows(IOException.class, () -> ReportDocument.read(file), text);
    }
    Files.writeString(file, "{\"kind\":\"report\",\"schema\":99}");
    IOException refused = assertThrows(IOException.class, () -> ReportDocument.read(file));
    assertTrue(refused.toString().contains("schema 99"), refused::toString);
  }

  @Test
  void theMedianOfJvmsIsThatOfTheirMedians() {
    Measurement m = rate(1, 2, 30).merge(rate(4, 4, 4)).merge(rate(9));
    assertArrayEquals(new double[] {2, 4, 9}, m.forkMedians());
    assertEquals(4, m.median());
  }

  @Test
  void aMeasurementHasSamples() {
    assertThrows(IllegalArgumentException.class, () -> rate());
  }
}
