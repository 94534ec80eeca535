package dev.unroll.bench;

import dev.unroll.bench.matmul.TileSpeeds;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Each register tile alone, as a share of the FMA peak: what C2 made of it in this JVM.
 *
 * <p>Other register files are other JVMs: {@code -XX:MaxVectorSize=32}, {@code -XX:UseAVX=2}.
 */
@Command(
    name = "tiles",
    mixinStandardHelpOptions = true,
    description = {
      "Measures every register tile alone, on operands in the caches, in turns with the FMA peak.",
      "One JVM shows one register file: run it again with -XX:MaxVectorSize=32 or -XX:UseAVX=2."
    })
final class TilesCommand implements Callable<Integer> {

  @Option(
      names = "--k",
      defaultValue = "256",
      description = "The length of the chains. Default: ${DEFAULT-VALUE}.")
  int k = 256;

  @Override
  public Integer call() {
    System.out.print(Environment.current().describe());
    TileSpeeds speeds = new TileSpeeds(k);
    String table;
    try (Progress progress = new Progress("Tiles", TileSpeeds.steps())) {
      table = speeds.run(progress);
    }
    System.out.printf("%nPercent of the FMA peak, k = %d, by rows of A and vectors of B%n%n", k);
    System.out.print(table);
    return 0;
  }
}
