package dev.unroll.bench.study;

import dev.unroll.flow.attractor.Folds;
import dev.unroll.flow.attractor.HysteresisLoop;
import dev.unroll.flow.attractor.OneNeuron;
import dev.unroll.internal.svg.SvgPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** One neuron that feeds itself: attractors, memory, and the gradient that it costs. */
final class DoyaStudy implements Study {

  private static final String DOYA = "Doya 1992";
  private static final String CLOSED = "closed form";
  private static final int MEMORY = 1_000_000;

  private final OneNeuron neuron = new OneNeuron(5, -2.5);

  @Override
  public String name() {
    return "doya";
  }

  @Override
  public String title() {
    return "One neuron with two attractors (w = 5)";
  }

  @Override
  public int parts() {
    return 3;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    progress.accept("folds");
    folds(rows);
    progress.accept("hysteresis");
    HysteresisLoop loop = HysteresisLoop.sweep(neuron, -3, -2, 1000, 4000);
    rows.add(Row.near("jump on the way up, b", -2.3445, middle(loop.jumpUp()), 0.001, "sweep"));
    rows.add(Row.near("jump on the way down, b", -2.6555, middle(loop.jumpDown()), 0.001, "sweep"));
    rows.add(Row.near("area of the loop", 0.21538, loop.area(), 5e-6, "trapezoidal rule"));
    progress.accept("memory");
    memory(rows);
    gradients(rows);
    return new StudyResult(
        name(),
        title(),
        "Between two folds the neuron has two attractors, so it can hold a bit for ever. At an"
            + " attractor differences die out, so the gradient vanishes by a constant factor in"
            + " each step; on the separatrix between them it explodes. Memory and gradient are in"
            + " conflict.",
        rows,
        List.of(bifurcations(loop), conflict()));
  }

  private static double middle(double[] interval) {
    return (interval[0] + interval[1]) / 2;
  }

  private static void folds(List<Row> rows) {
    Folds closed = Folds.of(5);
    Folds found = Folds.locate(5, -5, 0);
    rows.add(
        Row.near(
            "fold that ends the lower attractor, b",
            -2.344389661369312,
            closed.lowerEnds(),
            1e-12,
            CLOSED));
    rows.add(
        Row.near(
            "fold that ends the upper attractor, b",
            -2.655610338630688,
            closed.upperEnds(),
            1e-12,
            CLOSED));
    rows.add(
        Row.near(
            "lower fold, by bisection on the map",
            closed.lowerEnds(),
            found.lowerEnds(),
            1e-10,
            CLOSED));
    rows.add(
        Row.near(
            "upper fold, by bisection on the map",
            closed.upperEnds(),
            found.upperEnds(),
            1e-10,
            CLOSED));
  }

  private void memory(List<Row> rows) {
    double low = neuron.lowest().x();
    double high = neuron.highest().x();
    rows.add(Row.near("lower attractor, x", .1447941083, low, 1e-10, DOYA));
    rows.add(Row.near("upper attractor, x", .8552058917, high, 1e-10, DOYA));
    double set = neuron.after(MEMORY, neuron.after(10, low, 0.6), 0);
    rows.add(Row.near("x, a million steps after a pulse of +0.6", high, set, 1e-12, DOYA));
    double reset = neuron.after(MEMORY, neuron.after(10, set, -0.6), 0);
    rows.add(Row.near("x, a million steps after a pulse of -0.6", low, reset, 1e-12, DOYA));
    rows.add(
        Row.near("weakest bias pulse of 10 steps that flips", 0.25, flips(), 0.05, "bisection"));
  }

  /** The height of the weakest pulse on the net input that moves the neuron to the other side. */
  private double flips() {
    double weak = 0;
    double strong = 1;
    for (int i = 0; i < 40; i++) {
      double height = (weak + strong) / 2;
      double x = neuron.withBias(neuron.b() + height).after(10, neuron.lowest().x(), 0);
      if (neuron.after(1000, x, 0) > 0.5) {
        strong = height;
      } else {
        weak = height;
      }
    }
    return strong;
  }

  private void gradients(List<Row> rows) {
    OneNeuron.Equilibrium high = neuron.highest();
    rows.add(
        Row.near(
            "factor of the gradient at an attractor", 0.619144, high.multiplier(), 5e-7, CLOSED));
    rows.add(
        Row.near(
            "shift of the attractor with b", 0.325133, neuron.sensitivity(high), 5e-7, CLOSED));
    double log = Math.log(high.multiplier());
    rows.add(Row.near("Lyapunov exponent there", -0.479418, log, 5e-7, CLOSED));
    double x = 0.5;
    double byStart = 1;
    double byBias = 0;
    for (int t = 0; t < 50; t++) {
      double multiplier = neuron.multiplier(x);
      byBias = multiplier * byBias + multiplier / neuron.w();
      byStart *= multiplier;
      x = neuron.next(x, 0);
    }
    rows.add(
        Row.relative("dx_50/dx_0 on the separatrix", Math.pow(1.25, 50), byStart, 1e-9, CLOSED));
    rows.add(Row.relative("dx_50/db on the separatrix", 70063.92321624086, byBias, 1e-9, CLOSED));
    double[] ode = neuron.flow(0.5, 0, 10, 4000);
    rows.add(Row.relative("dx/db of the ODE there, t = 10", Math.expm1(2.5), ode[2], 1e-9, CLOSED));
  }

  private String bifurcations(HysteresisLoop loop) {
    Folds folds = Folds.of(5);
    double[] upper = grid(0.7236, 0.98);
    double[] middle = grid(0.2764, 0.7236);
    double[] lower = grid(0.03, 0.2764);
    return new SvgPlot("Equilibria and hysteresis, w = 5", "b", "x")
        .window(-3, -2, 0, 1)
        .line("stable, upper", biases(upper), upper)
        .dashed("unstable", biases(middle), middle)
        .line("stable, lower", biases(lower), lower)
        .dashed("sweep upwards", loop.bias(), loop.up())
        .dashed("sweep downwards", loop.bias(), loop.down())
        .points(
            "folds, in closed form",
            new double[] {folds.upperEnds(), folds.lowerEnds()},
            new double[] {Folds.upperState(5), Folds.lowerState(5)})
        .render();
  }

  private static double[] grid(double from, double to) {
    double[] x = new double[200];
    Arrays.setAll(x, i -> from + (to - from) * i / 199);
    return x;
  }

  private static double[] biases(double[] x) {
    return Arrays.stream(x).map(value -> Folds.bias(5, value)).toArray();
  }

  /** The bit that is held, and the gradient through the same steps. */
  private String conflict() {
    double multiplier = neuron.highest().multiplier();
    double[] lags = new double[61];
    Arrays.setAll(lags, i -> Math.pow(10, i / 10.0));
    double[] state = new double[lags.length];
    double[] vanishing = new double[lags.length];
    double x = neuron.after(10, neuron.lowest().x(), 0.6);
    long done = 0;
    for (int i = 0; i < lags.length; i++) {
      long lag = Math.round(lags[i]);
      x = neuron.after(lag - done, x, 0);
      done = lag;
      state[i] = x;
      vanishing[i] = Math.pow(multiplier, (double) lag);
    }
    return new SvgPlot("The bit is kept, its gradient is not", "steps", "x, |dx_T/dx_0|")
        .logarithmicX()
        .logarithmicY()
        .window(1, MEMORY, 1e-16, 10)
        .line("state after the pulse", lags, state)
        .line("gradient at the attractor, 0.619144^T", lags, vanishing)
        .render();
  }
}
