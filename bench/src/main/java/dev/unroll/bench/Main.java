package dev.unroll.bench;

import dev.unroll.bench.digits.DigitsResult;
import dev.unroll.bench.digits.DigitsService;
import dev.unroll.bench.digits.DigitsTraining;
import dev.unroll.bench.probe.CopyBandwidth;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.LoadBandwidth;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.tour.Tour;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The command line of the benchmark kit.
 *
 * <p>Without a command: what machine and kernels this is, what the kernels reach of its ceilings, a
 * trained LSTM served from its weights, and the same trained from nothing.
 */
@Command(
    name = "unroll-bench",
    mixinStandardHelpOptions = true,
    version = "unroll-bench 0.1.0",
    description = {
      "What can the JVM do on this machine, and how close do the kernels get?",
      "Without a command: a tour of a minute, with a trained LSTM served and one trained."
    },
    subcommands = {
      MatmulCommand.class,
      ActivationsCommand.class,
      RecurrentCommand.class,
      RaggedCommand.class,
      GoldenCommand.class,
      StudyCommand.class,
      JmhCommand.class,
      TilesCommand.class,
      ReportCommand.class,
      DiffCommand.class,
      HealthCommand.class,
      HelpCommand.class
    })
public final class Main implements Callable<Integer> {

  private static final long[] FOOTPRINTS = {24 << 10, 512 << 10, 8 << 20};
  private static final int SAMPLES = 15;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    FmaPeak peak = FmaPeak.create();
    try (Progress progress = new Progress("Ceilings", 2 + FOOTPRINTS.length)) {
      ceilings(peak, progress);
    }
    String table;
    try (Progress progress = new Progress("Kernels", Tour.steps())) {
      table = new Tour(peak).run(progress);
    }
    System.out.println("\n" + table);
    DigitsResult digits;
    try (Progress progress = new Progress("Digits LSTM", 3)) {
      digits = new DigitsService().run(progress);
    }
    System.out.print(
        "\nA trained LSTM, served from its PyTorch weights, one thread\n" + digits.describe());
    DigitsTraining.Result trained;
    try (Progress progress = new Progress("Digits LSTM, training", DigitsTraining.EPOCHS)) {
      trained = new DigitsTraining(DigitsTraining.SEED).run(DigitsTraining.EPOCHS, progress);
    }
    System.out.print("\nThe same classifier, trained here from nothing, one thread\n");
    System.out.print(trained.describe());
    return 0;
  }

  private static void ceilings(FmaPeak peak, Progress progress) {
    StringBuilder text = new StringBuilder("Ceilings of one thread\n");
    progress.next("arithmetic");
    peak.warmUp();
    text.append("  FMA      ")
        .append(Figures.rate(peak.measure(101).median()))
        .append(" GFLOP/s, ")
        .append(peak.vectorBits() > 0 ? peak.vectorBits() + "-bit vectors\n" : "no vectors\n");
    progress.step();
    for (long bytes : FOOTPRINTS) {
      progress.next("loads");
      if (peak.vectorBits() > 0) {
        text.append("  loads    ")
            .append(Figures.rate(new LoadBandwidth(bytes).measure(SAMPLES).median()))
            .append(" GB/s from ")
            .append(Figures.bytes(bytes))
            .append('\n');
      }
      progress.step();
    }
    progress.next("copies");
    text.append("  copies   ")
        .append(Figures.rate(new CopyBandwidth(8192).measure(SAMPLES).median()))
        .append(" GB/s in cache, reads and writes\n");
    progress.step();
    System.out.print(text);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }
}
