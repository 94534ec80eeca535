package dev.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.bench.machine.MachineFacts;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.ReportDocument;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes of comparing reports. */
class DiffCommandTest {

  @TempDir Path folder = Path.of("");

  private String report(String name, double... forks) throws IOException {
    Results results = new Results();
    for (double fork : forks) {
      results.add(Measurement.rate("g", "s", "c", "GFLOP/s", new double[] {fork}));
      results.add(Measurement.time("g", "t", "c", "us", new double[] {10, 10.01}));
    }
    Path file = folder.resolve(name);
    ReportDocument.of("2026-01-31", "quick", Environment.current(), MachineFacts.current(), results)
        .write(file);
    return file.toString();
  }

  private static int diff(String before, String after) {
    return Main.commandLine().execute("diff", before, after);
  }

  @Test
  void saysByItsExitCode() throws IOException {
    String before = report("before.json", 100, 100.2, 99.9, 100.1);
    assertEquals(0, diff(before, report("same.json", 100.3, 100.1, 100.2, 100)));
    assertEquals(0, diff(before, report("faster.json", 120.3, 120.1, 120.2, 120)));
    assertEquals(1, diff(before, report("slower.json", 80.3, 80.1, 80.2, 80)));
    assertEquals(3, diff(before, report("noisy.json", 60, 140, 95, 101)));
    assertEquals(3, diff(before, report("single.json", 100)));
  }

  @Test
  void refusesOtherFiles() throws IOException {
    String before = report("before.json", 100, 101);
    assertEquals(2, diff(before, folder.resolve("missing.json").toString()));
    Path other = folder.resolve("other.json");
    Files.writeString(other, "{\"kind\":\"matmul\",\"schema\":1}");
    assertEquals(2, diff(before, other.toString()));
    assertEquals(2, Main.commandLine().execute("diff", before, before, "--threshold", "2"));
  }

  @Test
  void needsSomethingInCommon() throws IOException {
    Results results = new Results();
    results.add(Measurement.rate("other", "s", "c", "GFLOP/s", new double[] {1}));
    Path file = folder.resolve("other.json");
    ReportDocument.of("2026-01-31", "quick", Environment.current(), MachineFacts.current(), results)
        .write(file);
    assertEquals(4, diff(report("before.json", 100, 101), file.toString()));
  }
}
