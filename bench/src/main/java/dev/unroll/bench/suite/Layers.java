package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.peer.PeerLibraries;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.RecurrentComparison;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.RecurrentResult;
import dev.unroll.bench.recurrent.Task;
import dev.unroll.bench.recurrent.UnrollLayer;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recurrent layers, forward and with the backward pass, one thread, beside plain loops and peers.
 * {@link LayersTwoThreads} has the same on two.
 */
public final class Layers implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "recurrent";

  /** The group of those with the backward pass. */
  public static final String TRAINING = "training";

  private static final double NAIVE_FLOPS = 1e9;

  private static final List<LayerShape> QUICK =
      List.of(
          new LayerShape(20, 1, 64, 128),
          new LayerShape(20, 1, 256, 512),
          new LayerShape(20, 32, 128, 256));

  @Override
  public void measure(Effort effort, Results out) {
    measure(effort, out, 1);
  }

  /** The group of layers on so many threads. */
  public static String on(int threads, String group) {
    return threads == 1 ? group : group + ", " + threads + " threads";
  }

  /** The same for all contenders on {@code threads} threads. */
  static void measure(Effort effort, Results out, int threads) {
    FmaPeak peak = FmaPeak.create();
    peak.warmUp();
    RecurrentComparison comparison = new RecurrentComparison(peak, effort.rounds());
    List<RecurrentContender> peers = new ArrayList<>();
    if (effort.full() && PeerLibraries.present()) {
      peers.addAll(peers(threads));
      PeerLibraries.describeRecurrent(threads).stream()
          .filter(line -> !line.startsWith(PeerLibraries.DEEPLEARNING4J))
          .forEach(line -> out.note("Peer: " + line));
    }
    List<Cell> cells = effort.full() ? List.of(Cell.values()) : List.of(Cell.LSTM);
    for (Cell cell : cells) {
      for (LayerShape shape : effort.full() ? LayerShape.STANDARD : QUICK) {
        measure(comparison, new Task(cell, shape, Pass.FORWARD, threads), peers, out);
        measure(comparison, new Task(cell, shape, Pass.TRAINING, threads), peers, out);
      }
    }
  }

  /**
   * All but Deeplearning4j: it is far behind, and keeps the compiler busy for ten seconds and more
   * at every layer. The commands have it.
   */
  static List<RecurrentContender> peers(int threads) {
    return PeerLibraries.recurrentContenders(threads).stream()
        .filter(peer -> !peer.library().equals(PeerLibraries.DEEPLEARNING4J))
        .toList();
  }

  private static void measure(
      RecurrentComparison comparison, Task task, List<RecurrentContender> peers, Results out) {
    List<RecurrentContender> field = new ArrayList<>(List.of(new UnrollLayer()));
    if (task.flops() <= NAIVE_FLOPS) {
      field.add(new NaiveLayer());
    }
    field.addAll(peers);
    RecurrentResult result = comparison.measure(task, field);
    result.leftOut().forEach(out::note);
    int threads = task.threads();
    String group = on(threads, task.pass() == Pass.TRAINING ? TRAINING : GROUP);
    // Of the weights of a single row each thread reads a part, at a rate of its own.
    double bytes = (double) task.shape().steps() * task.pass().products() * task.recurrentBytes();
    for (RecurrentResult.Entry entry : result.entries()) {
      double[] rates =
          Arrays.stream(entry.rounds()).map(millis -> task.flops() / millis / 1e6).toArray();
      out.add(
          Measurement.rate(group, task.toString(), name(entry), Measurement.GFLOPS, rates)
              .with(Roofline.PEAK, result.peak().median())
              .with(Roofline.FLOPS, task.flops())
              .with(Roofline.BYTES, bytes / threads)
              .with(Roofline.FOOTPRINT, (double) task.recurrentBytes() / threads));
    }
  }

  /** Of ours and the loop there is one way each; of a peer there may be several. */
  private static String name(RecurrentResult.Entry entry) {
    boolean single =
        entry.library().equals(UnrollLayer.LIBRARY) || entry.library().equals(NaiveLayer.LIBRARY);
    return single ? entry.library() : Measurement.contender(entry.library(), entry.variant());
  }
}
