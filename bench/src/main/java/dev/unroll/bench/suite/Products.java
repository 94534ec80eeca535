package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.matmul.MatmulComparison;
import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.matmul.MatmulResult;
import dev.unroll.bench.matmul.NaiveMatmul;
import dev.unroll.bench.matmul.Shape;
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
  public static final String PACKED = MatmulResult.OURS + " packed";

  private static final List<Shape> QUICK =
      List.of(
          new Shape(32, 32, 32),
          new Shape(64, 64, 64),
          new Shape(256, 256, 256),
          new Shape(512, 512, 512),
          new Shape(1, 1024, 256),
          new Shape(8, 1024, 256),
          new Shape(32, 2048, 512));

  private static final List<Shape> MORE =
      List.of(
          new Shape(17, 31, 13),
          new Shape(48, 48, 48),
          new Shape(97, 97, 97),
          new Shape(128, 128, 128),
          new Shape(200, 200, 200),
          new Shape(1024, 1024, 1024),
          new Shape(128, 4096, 1024),
          new Shape(1, 512, 128),
          new Shape(1, 2600, 650),
          new Shape(2, 1024, 256),
          new Shape(4, 2048, 512),
          new Shape(20, 2600, 650),
          new Shape(64, 2048, 512));

  @Override
  public void measure(Effort effort, Results out) {
    List<MatmulContender> contenders = new ArrayList<>();
    contenders.add(new UnrollMatmul(Packing.BEFORE));
    contenders.add(new UnrollMatmul(Packing.INSIDE));
    contenders.add(new NaiveMatmul());
    if (PeerLibraries.present()) {
      contenders.addAll(PeerLibraries.matmulContenders(1));
      PeerLibraries.describeMatmul(1).forEach(line -> out.note("Peer: " + line));
    }
    MatmulComparison comparison =
        new MatmulComparison(
            contenders,
            FmaPeak.create(),
            new MatmulComparison.Plan(1, effort.rounds(), effort.full() ? 8 : 5, 40));
    comparison.warmUp();
    List<Shape> shapes = new ArrayList<>(QUICK);
    if (effort.full()) {
      shapes.addAll(MORE);
    }
    for (Shape shape : shapes) {
      add(comparison.measure(shape), out);
    }
  }

  private static void add(MatmulResult result, Results out) {
    Shape shape = result.shape();
    double bytes = 4.0 * shape.m() * (shape.k() + shape.n()) + shape.weightBytes();
    for (MatmulResult.Entry entry : result.entries()) {
      out.add(
          Measurement.rate(
                  GROUP,
                  shape.toString(),
                  entry.library() + " " + entry.variant(),
                  Measurement.GFLOPS,
                  entry.rounds())
              .with(Roofline.PEAK, result.peak().median())
              .with(Roofline.FLOPS, shape.flops())
              .with(Roofline.BYTES, bytes)
              .with(Roofline.FOOTPRINT, bytes));
    }
  }
}
