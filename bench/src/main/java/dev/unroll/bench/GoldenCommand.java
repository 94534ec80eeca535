package dev.unroll.bench;

import dev.unroll.bench.golden.GoldenRun;
import dev.unroll.bench.report.Table;
import dev.unroll.testing.golden.GoldenData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Results of PyTorch in double precision, and how far the kernels are from them. */
@Command(
    name = "golden",
    mixinStandardHelpOptions = true,
    description = {
      "Runs recurrent layers whose results PyTorch computed in double precision, forward and "
          + "backward, and prints how far each tensor is off, beside what float arithmetic may be "
          + "off at most.",
      "Exits with 1 when a bound is exceeded."
    })
final class GoldenCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "Files as bench/README.md shows how to write them. Without one, those of the tests.")
  List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    boolean within = true;
    if (files.isEmpty()) {
      for (String name : GoldenData.LAYERS) {
        try (InputStream in = GoldenData.open(name)) {
          within &= report(new GoldenRun(name, in.readAllBytes()), name);
        }
      }
    }
    for (Path file : files) {
      within &= report(new GoldenRun(file.toString(), Files.readAllBytes(file)), file.toString());
    }
    return within ? 0 : 1;
  }

  private static boolean report(GoldenRun run, String name) throws IOException {
    Table table =
        new Table("tensor", "values", "error", "bound", "of its bound", "relative", "limit", "");
    boolean within = true;
    for (GoldenRun.Result result : run.run()) {
      within &= result.within();
      table.row(
          result.name(),
          Integer.toString(result.values()),
          number(result.error()),
          number(result.bound()),
          String.format(Locale.ROOT, "%.2f %%", 100 * result.share()),
          number(result.relative()),
          number(result.limit()),
          result.within() ? "" : "EXCEEDED");
    }
    System.out.println(name + "\n" + table.render());
    return within;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }
}
