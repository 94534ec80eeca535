package dev.unroll.bench.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures in the documentation stand in the raw data. */
class PublishedTest {

  private static final Path REPOSITORY = Path.of("..");

  @TempDir Path folder = Path.of("");

  private static ReportDocument document(double rate) {
    Results results = new Results();
    results.add(
        Measurement.rate("matmul", "8,8,8", "Unroll: packed", "GFLOP/s", new double[] {rate}));
    return ReportDocument.of(
        "2026-01-31", "full", Environment.current(), MachineFacts.current(), results);
  }

  @Test
  void theDocumentationAgreesWithTheData() throws IOException {
    for (String page : List.of("README.md", "BENCHMARKS.md")) {
      assertEquals(List.of(), Published.disagreements(REPOSITORY, REPOSITORY.resolve(page)), page);
    }
    String benchmarks = Files.readString(REPOSITORY.resolve("BENCHMARKS.md"));
    for (String name : Published.names(REPOSITORY)) {
      assertTrue(benchmarks.contains("<!-- report: " + name + " -->"), name + " is not shown");
    }
  }

  @Test
  void whatIsWrittenByHandSurvives() throws IOException {
    Path page = folder.resolve("BENCHMARKS.md");
    Files.writeString(page, "# Benchmarks\n\nWhere we lose.\n");
    Published.publish(folder, "one", document(80.04));
    Published.publish(folder, "two", document(50));
    Files.writeString(page, Files.readString(page) + "\nAfterwards.\n");
    Published.publish(folder, "one", document(90));
    String text = Files.readString(page);
    assertTrue(text.startsWith("# Benchmarks\n\nWhere we lose.\n"), text);
    assertTrue(text.endsWith("\nAfterwards.\n"), text);
    assertTrue(text.contains("90.0") && text.contains("50.0") && !text.contains("80.0"), text);
    assertEquals(List.of("one", "two"), Published.names(folder));
    assertEquals(List.of(), Published.disagreements(folder, page));
  }

  @Test
  void aTouchedFigureIsSeen() throws IOException {
    Path page = folder.resolve("BENCHMARKS.md");
    Files.writeString(page, "# Benchmarks\n");
    Published.publish(folder, "one", document(80.04));
    Files.writeString(page, Files.readString(page).replace("80.0", "81.0"));
    assertEquals(1, Published.disagreements(folder, page).size());
    Published.rewrite(folder, "one");
    assertEquals(List.of(), Published.disagreements(folder, page));
    Path readme = folder.resolve("README.md");
    String mark = "<!-- figure: one matmul/8,8,8/Unroll: packed -->";
    Files.writeString(readme, "It reaches 80.0" + mark + ", about 80 " + mark + " GFLOP/s.\n");
    assertEquals(List.of(), Published.disagreements(folder, readme));
    Files.writeString(readme, "It reaches 80.2" + mark + ".\n");
    assertEquals(1, Published.disagreements(folder, readme).size());
    Files.writeString(readme, "80<!-- figure: one matmul/9,9,9/Unroll: packed -->\n");
    assertEquals(1, Published.disagreements(folder, readme).size());
  }

  @Test
  void needsAPageAndAName() throws IOException {
    assertThrows(IOException.class, () -> Published.publish(folder, "one", document(1)));
    assertThrows(
        IllegalArgumentException.class, () -> Published.publish(folder, "../one", document(1)));
  }
}
