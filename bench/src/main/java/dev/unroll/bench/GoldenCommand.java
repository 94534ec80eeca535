package dev.unroll.bench;

import dev.unroll.bench.digits.DigitsService;
import dev.unroll.bench.golden.Bf16Cost;
import dev.unroll.bench.golden.GoldenRun;
import dev.unroll.bench.report.Table;
import dev.unroll.cell.WeightStorage;
import dev.unroll.testing.golden.Digits;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Results of PyTorch in double precision, and how far the kernels are from them. */
@Command(
    name = "golden",
    mixinStandardHelpOptions = true,
    description = {
      "Runs recurrent layers whose results PyTorch computed in double precision, forward and "
          + "backward, and prints how far each tensor is off, beside what float arithmetic may be "
          + "off at most.",
      "Exits with 1 when a bound is exceeded.",
      "With --bf16: what weights stored as bfloat16 cost, a difference that has no bound. Exits "
          + "with 1 when they give other bits than f32 arithmetic on rounded weights."
    })
final class GoldenCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "Files as bench/README.md shows how to write them. Without one, those of the tests.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--bf16",
      description =
          "Instead: the largest difference of each output from PyTorch's, with the weights as they"
              + " are and stored as bfloat16; without a file also what the digits model makes of"
              + " it.")
  boolean bf16;

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
    if (bf16 && files.isEmpty()) {
      digits();
    }
    return within ? 0 : 1;
  }

  private boolean report(GoldenRun run, String name) throws IOException {
    if (bf16) {
      System.out.println(name + "\n" + cost(run));
      return true;
    }
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

  private static String cost(GoldenRun run) throws IOException {
    Table table = new Table("tensor", "values", "largest", "f32 off by", "bf16 off by");
    for (Bf16Cost.Row row : run.bf16()) {
      table.row(
          row.name(),
          Integer.toString(row.values()),
          number(row.largest()),
          number(row.floats()),
          number(row.halves()));
    }
    return table.render();
  }

  private static void digits() throws IOException {
    Table table = new Table("digits", "images", "recognised", "largest logit", "off by at most");
    for (WeightStorage storage : WeightStorage.values()) {
      DigitsService.Answers answers = new DigitsService(storage).classify();
      table.row(
          storage == WeightStorage.BFLOAT16 ? "bf16" : "f32",
          Integer.toString(Digits.TEST_IMAGES),
          Integer.toString(answers.correct()),
          number(answers.largestLogit()),
          number(answers.largestLogitError()));
    }
    System.out.println(GoldenData.DIGITS_LSTM + "\n" + table.render());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }
}
