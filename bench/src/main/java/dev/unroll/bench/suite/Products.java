package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.matmul.MatmulComparison;
import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.matmul.NaiveMatmul;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.matmul.Shapes;
import dev.unroll.bench.matmul.UnrollMatmul;
import dev.unroll.bench.peer.PeerLibraries;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.List;

/** Matrix products, one thread, beside the naive loop and the peers that are there. */
public final class Products implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "matmul";

  /** Our product with the weights packed beforehand. */
  public static final String PACKED = way(Packing.BEFORE);

  /** The same with the packing inside the timing. */
  public static final String PACKING = way(Packing.INSIDE);

  private static final List<Shape> QUICK =
      List.of(
          new Shape(32, 32, 32),
          new Shape(64, 64, 64),
          new Shape(256, 256, 256),
          new Shape(512, 512, 512),
          new Shape(1, 1024, 256),
          new Shape(8, 1024, 256),
          new Shape(32, 2048, 512));

  @Override
  public void measure(Effort effort, Results out) {
    List<MatmulContender> contenders = new ArrayList<>();
    contenders.add(new UnrollMatmul(Packing.BEFORE));
    contenders.add(new UnrollMatmul(Packing.INSIDE));
    contenders.add(new NaiveMatmul());
    if (effort.full() && PeerLibraries.present()) {
      contenders.addAll(PeerLibraries.matmulContenders(1));
      PeerLibraries.describeMatmul(1).forEach(line -> out.note("Peer: " + line));
    }
    MatmulComparison comparison =
        new MatmulComparison(
            contenders,
            FmaPeak.create(),
            new MatmulComparison.Plan(1, effort.rounds(), effort.full() ? 8 : 5, 40));
    comparison.warmUp();
    for (Shape shape : effort.full() ? Shapes.ALL.list() : QUICK) {
      add(comparison.measure(shape), out);
    }
  }

  private static String way(Packing packing) {
    return Measurement.contender(MatmulResult.OURS, UnrollMatmul.way(packing));
  }

  private static void add(MatmulResult result, Results out) {
    result.leftOut().forEach(out::note);
    Shape shape = result.shape();
    double bytes = 4.0 * shape.m() * (shape.k() + shape.n()) + shape.weightBytes();
    for (MatmulResult.Entry entry : result.entries()) {
      out.add(
          Measurement.rate(
                  GROUP,
                  shape.toString(),
                  Measurement.contender(entry.library(), entry.variant()),
                  Measurement.GFLOPS,
                  entry.rounds())
              .with(Roofline.PEAK, result.peak().median())
              .with(Roofline.FLOPS, shape.flops())
              .with(Roofline.BYTES, bytes)
              .with(Roofline.FOOTPRINT, bytes));
    }
  }
}
