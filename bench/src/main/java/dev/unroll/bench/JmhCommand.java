package dev.unroll.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs JMH with the arguments that follow. */
@Command(
    name = "jmh",
    description = {
      "Runs the JMH benchmarks; what follows goes to JMH as it is.",
      "For example: jmh -l, jmh -h, jmh MatmulBenchmark -f 5 -prof gc"
    })
final class JmhCommand implements Callable<Integer> {

  @Unmatched List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
