package dev.unroll.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The command line of the benchmark kit.
 *
 * <p>Without a command: what machine and kernels this is, what the kernels reach of its ceilings,
 * and a trained LSTM served from its weights.
 */
@Command(
    name = "unroll-bench",
    mixinStandardHelpOptions = true,
    version = "unroll-bench 0.1.0",
    description = {
      "What can the JVM do on this machine, and how close do the kernels get?",
      "Without a command: a tour of a minute."
    },
    subcommands = {
      MatmulCommand.class,
      ActivationsCommand.class,
      JmhCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {

  @Override
  public void run() {
    System.out.print(dev.unroll.bench.report.Environment.current().describe());
  }

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
