package dev.unroll.bench.recurrent;

import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.probe.Turns;
import dev.unroll.bench.probe.WarmUp;
import dev.unroll.bench.report.Table;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.flow.GradientNorms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What options of training cost: a probe, zoneout, variational dropout, each beside the layer
 * without it.
 *
 * <p>All run in one process and in turns, another one first in each round, and ratios are taken
 * within a round. The layer without options takes part twice: how far its second turn is off the
 * first says what a ratio means.
 */
public final class OptionCosts {

  /** What is compared with {@link #NONE}. */
  enum Option {
    NONE("none"),
    CONTROL("none, again"),
    PROBE("probe"),
    ZONEOUT("zoneout"),
    VARIATIONAL("variational dropout");

    private final String title;

    Option(String title) {
      this.title = title;
    }

    CellSpec applyTo(CellSpec spec) {
      return switch (this) {
        case NONE, CONTROL, PROBE -> spec;
        case ZONEOUT -> spec.withZoneout(SHARE, spec.hasCell() ? SHARE : 0);
        case VARIATIONAL -> spec.withVariationalDropout(SHARE, SHARE);
      };
    }
  }

  /**
   * Nanoseconds of an option, round by round.
   *
   * @param forward of the forward pass
   * @param backward of the backward pass
   */
  record Times(Option option, double[] forward, double[] backward) {}

  private static final float SHARE = 0.25f;
  private static final long TURN_NANOS = 60_000_000L;

  private final int rounds;

  /** Costs, with so many turns of each option. */
  public OptionCosts(int rounds) {
    this.rounds = rounds;
  }

  /** Measures a cell and gives the table's rows. */
  public void measure(Cell cell, LayerShape shape, Table table) {
    List<Times> all = times(cell, shape);
    Times none = all.getFirst();
    for (Times times : all) {
      table.row(
          "%s %s, %s".formatted(cell, shape, times.option().title),
          milliseconds(times.forward()),
          ratio(times.forward(), none.forward()),
          milliseconds(times.backward()),
          ratio(times.backward(), none.backward()));
    }
  }

  /** An empty table. */
  public static Table table() {
    return new Table(
        "layer, option", "forward ms", "times none (rounds)", "backward ms", "times none (rounds)");
  }

  /** Of each option, {@link Option#NONE} first. */
  List<Times> times(Cell cell, LayerShape shape) {
    Layer layer = Layer.random(cell, shape);
    List<Training> field = new ArrayList<>();
    List<Times> all = new ArrayList<>();
    for (Option option : Option.values()) {
      field.add(new Training(layer, option));
      all.add(new Times(option, new double[rounds], new double[rounds]));
    }
    WarmUp.run(field.stream().<Runnable>map(training -> training::run).toList());
    int calls = field.getFirst().callsIn(TURN_NANOS);
    for (int r = 0; r < rounds; r++) {
      for (int who : Turns.order(field.size(), r)) {
        Training training = field.get(who);
        training.run();
        training.forget();
        for (int call = 0; call < calls; call++) {
          training.run();
        }
        all.get(who).forward()[r] = (double) training.forwardNanos / calls;
        all.get(who).backward()[r] = (double) training.backwardNanos / calls;
      }
    }
    return all;
  }

  private static String milliseconds(double[] nanos) {
    return String.format(Locale.ROOT, "%.3f", Spread.median(nanos) / 1e6);
  }

  /** The median over the rounds, and between which ends the middle half of them lies. */
  private static String ratio(double[] nanos, double[] none) {
    double[] ratios = new double[nanos.length];
    Arrays.setAll(ratios, r -> nanos[r] / none[r]);
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f)",
        Spread.median(ratios),
        ratios[ratios.length / 4],
        ratios[ratios.length - 1 - ratios.length / 4]);
  }

  /** A layer with an option. */
  private static final class Training {
    final Layer layer;
    final CellTrainer trainer;
    final WeightSet gradients;
    final float[] y;
    final float[] h;
    final float @Nullable [] c;
    final float[] dx;
    final float[] dh;
    final float @Nullable [] dc;
    final GradientNorms norms;
    long seed;
    long forwardNanos;
    long backwardNanos;

    Training(Layer layer, Option option) {
      this.layer = layer;
      CellSpec spec = option.applyTo(UnrollLayer.spec(layer));
      trainer = CellTrainer.of(spec);
      trainer.load(UnrollLayer.weights(spec, layer));
      norms = new GradientNorms(layer.shape().steps());
      if (option == Option.PROBE) {
        trainer.probe(norms);
      }
      gradients = WeightSet.zeros(spec);
      y = new float[layer.dy().length];
      dx = new float[layer.x().length];
      h = new float[layer.states()];
      dh = new float[layer.states()];
      c = spec.hasCell() ? new float[layer.states()] : null;
      dc = spec.hasCell() ? new float[layer.states()] : null;
    }

    void run() {
      UnrollLayer.zero(h, c);
      UnrollLayer.zero(dh, dc);
      norms.clear();
      LayerShape shape = layer.shape();
      long start = System.nanoTime();
      if (trainer.spec().stochastic()) {
        trainer.masks(++seed, 0, 0);
      }
      trainer.forward(SequenceLayout.TIME_MAJOR, shape.steps(), shape.batch(), layer.x(), y, h, c);
      long turned = System.nanoTime();
      trainer.backward(layer.x(), 0, layer.dy(), 0, dh, 0, dc, 0, dx, 0, gradients, false);
      backwardNanos += System.nanoTime() - turned;
      forwardNanos += turned - start;
    }

    void forget() {
      forwardNanos = 0;
      backwardNanos = 0;
    }

    int callsIn(long nanos) {
      forget();
      run();
      return (int) Math.max(1, nanos / (forwardNanos + backwardNanos));
    }
  }
}
