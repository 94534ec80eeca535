package dev.unroll.bench;

import dev.unroll.bench.matmul.MatmulComparison;
import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulReport;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.matmul.NaiveMatmul;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.Shapes;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.peer.PeerLibraries;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Json;
import dev.unroll.bench.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/**
 * Matrix products against native libraries, in one process, measured in turns.
 *
 * <pre>{@code
 * mvn -q -Ppeers,demo -DskipTests package -Dunroll.args="matmul --variants --json matmul.json"
 * mvn -q -Ppeers,demo -DskipTests package -Dunroll.args="matmul --shape 20,2600,650 --threads 2"
 * }</pre>
 */
@Command(
    name = "matmul",
    mixinStandardHelpOptions = true,
    description = {
      "Compares matrix products with OpenBLAS, MKL and oneDNN, when the build has unpacked them "
          + "(profile 'peers'), in one process and in turns, beside the FMA peak.",
      "Row-major f32. Every product is checked before it is timed."
    })
final class MatmulCommand implements Callable<Integer> {

  @Option(
      names = "--shape",
      paramLabel = "m,n,k",
      converter = ShapeConverter.class,
      description = "A shape to measure, again for more; without it, a group of shapes.")
  List<Shape> shapes = new ArrayList<>();

  @Option(
      names = "--group",
      defaultValue = "ALL",
      description = "A group of shapes: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Shapes group = Shapes.ALL;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads of every contender. Default: ${DEFAULT-VALUE}.")
  int threads = 1;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Turns of every contender at each shape. Default: ${DEFAULT-VALUE}.")
  int rounds = 7;

  @Option(names = "--no-peers", description = "Only our own products and the naive loop.")
  boolean noPeers;

  @Option(names = "--variants", description = "Also print each way of each library.")
  boolean variants;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures as JSON.")
  @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    List<MatmulContender> contenders = new ArrayList<>();
    contenders.add(new UnrollMatmul(Packing.BEFORE));
    contenders.add(new UnrollMatmul(Packing.INSIDE));
    contenders.add(new NaiveMatmul());
    if (!noPeers) {
      if (PeerLibraries.present()) {
        PeerLibraries.describeMatmul(threads)
            .forEach(line -> System.out.println("Peer     " + line));
        contenders.addAll(PeerLibraries.matmulContenders(threads));
      } else {
        System.out.println("No peers: build with -Ppeers to unpack them.");
      }
    }
    List<MatmulResult> results = measure(contenders, shapes.isEmpty() ? group.list() : shapes);
    MatmulReport report = new MatmulReport(results);
    System.out.printf("%nGFLOP/s, %d thread(s), medians of %d turns%n%n", threads, rounds);
    System.out.print(report.table());
    System.out.print(report.means());
    System.out.print(report.leftOut());
    if (variants) {
      System.out.print(report.variants());
    }
    if (json != null) {
      Json.write(json, "matmul", results);
    }
    return 0;
  }

  private List<MatmulResult> measure(List<MatmulContender> contenders, List<Shape> wanted) {
    MatmulComparison comparison =
        new MatmulComparison(
            contenders, FmaPeak.create(), new MatmulComparison.Plan(threads, rounds, 12, 80));
    List<MatmulResult> results = new ArrayList<>();
    try (Progress progress = new Progress("Matrix products", wanted.size() + 1)) {
      progress.next("warming up");
      comparison.warmUp();
      progress.step();
      for (Shape shape : wanted) {
        progress.next(shape.toString());
        results.add(comparison.measure(shape));
        progress.step();
      }
    }
    return results;
  }

  /** Reads {@code m,n,k}. */
  static final class ShapeConverter implements ITypeConverter<Shape> {
    @Override
    public Shape convert(String text) {
      return Shape.parse(text);
    }
  }
}
