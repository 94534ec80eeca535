package dev.unroll.bench;

import dev.unroll.bench.lstm.LstmComparison;
import dev.unroll.bench.lstm.LstmContender;
import dev.unroll.bench.lstm.LstmShape;
import dev.unroll.bench.lstm.NaiveLstm;
import dev.unroll.bench.lstm.UnrollLstm;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.report.Environment;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Json;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** LSTM layers, forward, beside their ceilings and plain loops. */
@Command(
    name = "lstm",
    mixinStandardHelpOptions = true,
    description = {
      "Times an LSTM layer forward, over the sequence and step by step, beside the naive loops and "
          + "its ceiling: the FMA peak, or for a single row the reading of the weights.",
      "One thread. GFLOP/s count the products alone: 2 T N 4H (I + H)."
    })
final class LstmCommand implements Callable<Integer> {

  private static final List<LstmShape> SHAPES =
      List.of(
          new LstmShape(100, 1, 64, 128),
          new LstmShape(100, 1, 256, 512),
          new LstmShape(100, 32, 128, 256),
          new LstmShape(50, 64, 512, 512),
          new LstmShape(35, 20, 650, 650));

  /** The naive loops take seconds beyond this. */
  private static final double NAIVE_FLOPS = 6e8;

  @Option(
      names = "--shape",
      paramLabel = "T,N,I,H",
      converter = ShapeConverter.class,
      description = "Steps, rows, inputs, units; again for more. Without it, five layers.")
  List<LstmShape> shapes = new ArrayList<>();

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Turns of every contender at each shape. Default: ${DEFAULT-VALUE}.")
  int rounds = 7;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures as JSON.")
  @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    System.out.print(Environment.current().describe());
    FmaPeak peak = FmaPeak.create();
    peak.warmUp();
    LstmComparison comparison = new LstmComparison(peak, rounds);
    List<LstmShape> wanted = shapes.isEmpty() ? SHAPES : shapes;
    List<LstmComparison.Result> results = new ArrayList<>();
    try (Progress progress = new Progress("LSTM layers", wanted.size())) {
      for (LstmShape shape : wanted) {
        progress.next(shape.toString());
        results.add(comparison.measure(shape, contenders(shape)));
        progress.step();
      }
    }
    System.out.printf("%nGFLOP/s, 1 thread, medians of %d turns%n%n", rounds);
    System.out.print(table(results));
    if (json != null) {
      Json.write(json, "lstm", results);
    }
    return 0;
  }

  private static List<LstmContender> contenders(LstmShape shape) {
    List<LstmContender> field = new ArrayList<>();
    field.add(new UnrollLstm(false));
    field.add(new UnrollLstm(true));
    if (shape.flops() <= NAIVE_FLOPS) {
      field.add(new NaiveLstm());
    }
    return field;
  }

  private static String table(List<LstmComparison.Result> results) {
    Table table =
        new Table("layer", "Unroll", "of ceiling", "step by step", "naive", "ceiling", "ms");
    for (LstmComparison.Result result : results) {
      double ours = result.entries().getFirst().gflops().median();
      double naive = result.entries().size() < 3 ? 0 : result.entries().get(2).gflops().median();
      table.row(
          result.shape().toString(),
          Figures.rate(ours),
          Figures.percent(ours / result.ceiling()),
          Figures.rate(result.entries().get(1).gflops().median()),
          Figures.rate(naive),
          Figures.rate(result.ceiling()) + (result.loadBandwidth() == null ? " FMA" : " loads"),
          Figures.rate(result.shape().flops() / ours / 1e6));
    }
    return table.render();
  }

  /** Reads {@code T,N,I,H}. */
  static final class ShapeConverter implements ITypeConverter<LstmShape> {
    @Override
    public LstmShape convert(String text) {
      return LstmShape.parse(text);
    }
  }
}
