package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * How near values and gradients are to the exact ones: each within the bound that follows from the
 * rounding of every operation, and gradients within the limit that is promised.
 */
final class CellAccuracyProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 15;

  /** Multiplications of a pass: the reference makes an object of each number. */
  private static final int WORK = 6_000;

  private static final ErrorModel MODEL =
      ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP);

  /** The promise of {@link CellTrainer}: relative, times sqrt(T H). */
  private static final double GRADIENT_LIMIT = 1e-6;

  @Provide
  Arbitrary<CellCase> bounded() {
    return CellArbitraries.bounded().map(q -> q.within(WORK)).filter(q -> q.rows() <= 300);
  }

  /** Masks pick and scale, and expectations round: that is in the bounds. */
  @Property(tries = TRIES)
  void stochasticCellsStayWithinTheBound(@ForAll("bounded") CellCase q) {
    assertWithinBound(q.stochastic());
  }

  @Example
  void everyStochasticDialectStaysWithinTheBound() {
    for (CellSpec spec : CellSpecs.stochastic(3, 5, 4)) {
      assertWithinBound(CellCase.of(spec, 4, 2));
    }
  }

  @Property(tries = TRIES)
  void valuesAndGradientsStayWithinTheBound(@ForAll("bounded") CellCase q) {
    assertWithinBound(q);
  }

  @Example
  void everyDialectStaysWithinTheBound() {
    for (CellSpec spec : CellSpecs.all(3, 5, 4, 0.125f)) {
      assertWithinBound(CellCase.of(spec, 3, 2));
    }
  }

  @Example
  void aLongSequenceStaysWithinTheBound() {
    for (CellSpec spec : CellSpecs.few(2, 3, 2)) {
      assertWithinBound(CellCase.of(spec, 60, 1));
    }
  }

  private static void assertWithinBound(CellCase q) {
    JudgedCell judge = JudgedCell.of(q);
    CellWeights<Bounded> weights = judge.weights(MODEL, q.weights());
    CellInputs<Bounded> inputs = judge.inputs(MODEL, q.x(), q.h0(), q.c0());
    CellRun run = CellRun.forward(q, TIME_MAJOR);
    CellOutputs<Bounded> exact =
        judge.reference().forward(MODEL, weights, inputs.with(judge.served()));
    assertNamed(judge.outputs(MODEL, run.y(), run.h(), run.c()).named(), exact.named(), q.where());
    CellOutputs<Bounded> dOut = judge.outputs(MODEL, q.dy(), q.dh(), q.dc());
    var gradients = judge.reference().backward(MODEL, weights, inputs.with(judge.trained()), dOut);
    CellGradients got = gradients(q);
    assertNamed(
        judge.inputs(MODEL, got.dx(), got.dh(), got.dc()).named(),
        gradients.inputs().named(),
        q.where());
    assertGradients(judge.weights(MODEL, got.weights()), gradients.weights(), got.weights(), q);
  }

  /** Biases that the cell does not have have no gradients. */
  private static void assertGradients(
      CellWeights<Bounded> got, CellWeights<Bounded> exact, WeightSet set, CellCase q) {
    Map<String, Tensor<Bounded>> expected = exact.named();
    Map<String, Tensor<Bounded>> gotten = got.named();
    if (set.inputBias() == null) {
      expected.remove("b");
      gotten.remove("b");
    }
    if (set.recurrentBias() == null) {
      expected.remove("bR");
      gotten.remove("bR");
    }
    assertNamed(gotten, expected, q.where().with("of", "weights"));
  }

  private static void assertNamed(
      Map<String, Tensor<Bounded>> got, Map<String, Tensor<Bounded>> exact, Reproducer where) {
    assertEquals(exact.keySet(), got.keySet());
    exact.forEach(
        (name, tensor) ->
            FloatAssert.assertWithin(floats(got.get(name)), 0, tensor, where.with("array", name)));
  }

  private static float[] floats(@Nullable Tensor<Bounded> values) {
    double[] wide = values == null ? new double[0] : values.values();
    float[] floats = new float[wide.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) wide[i];
    }
    return floats;
  }

  private static CellGradients gradients(CellCase q) {
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    return CellGradients.of(q, TIME_MAJOR, trainer, CellGradients.Way.PLAIN, null, q.where());
  }

  /** What is promised: relative to the norm of each gradient. */
  @Tag("once")
  @Example
  void gradientsStayWithinThePromisedLimit() {
    for (CellSpec spec : CellSpecs.all(5, 9, 6, 0.25f)) {
      assertPromise(CellCase.of(spec, 12, 3));
    }
    for (CellSpec spec : CellSpecs.few(8, 16, 12)) {
      assertPromise(CellCase.of(spec, 100, 2));
    }
    for (CellSpec spec : CellSpecs.stochastic(8, 16, 12)) {
      assertPromise(CellCase.of(spec, 40, 2));
    }
  }

  private static void assertPromise(CellCase q) {
    JudgedCell judge = JudgedCell.of(q);
    var by = Plain.ARITHMETIC;
    var exact =
        judge
            .reference()
            .backward(
                judge.weights(by, q.weights()),
                judge.inputs(by, q.x(), q.h0(), q.c0()).with(judge.trained()),
                judge.outputs(by, q.dy(), q.dh(), q.dc()));
    CellGradients got = gradients(q);
    double limit = GRADIENT_LIMIT * Math.sqrt((double) q.steps() * q.units());
    assertNear(
        judge.inputs(by, got.dx(), got.dh(), got.dc()).named(), exact.inputs().named(), limit, q);
    Map<String, Tensor<Plain>> weights = judge.weights(by, got.weights()).named();
    if (got.weights().inputBias() == null) {
      weights.remove("b");
    }
    if (got.weights().recurrentBias() == null) {
      weights.remove("bR");
    }
    assertNear(weights, exact.weights().named(), limit, q);
  }

  private static void assertNear(
      Map<String, Tensor<Plain>> got, Map<String, Tensor<Plain>> exact, double limit, CellCase q) {
    got.forEach(
        (name, tensor) -> {
          double[] want = requireNonNull(exact.get(name)).values();
          double[] have = tensor.values();
          double error = 0;
          double norm = 0;
          for (int i = 0; i < want.length; i++) {
            error += (have[i] - want[i]) * (have[i] - want[i]);
            norm += want[i] * want[i];
          }
          double relative = Math.sqrt(error / norm);
          assertTrue(
              relative <= limit || error == 0,
              () -> name + " is off by " + relative + ", allowed " + limit + " " + q.where());
        });
  }

  /**
   * Gradients against differences of values alone: the derivative of {@code dy y + dh h + dc c} in
   * a direction of all weights and inputs at once, by the reference forward in double precision.
   */
  @Tag("once")
  @Example
  void gradientsAreThoseOfTheValues() {
    for (CellSpec spec : CellSpecs.all(3, 5, 4, 0.5f)) {
      assertDirection(CellCase.of(spec, 5, 2));
    }
    for (CellSpec spec : CellSpecs.stochastic(3, 5, 4)) {
      assertDirection(CellCase.of(spec, 5, 2));
    }
  }

  private static void assertDirection(CellCase q) {
    CellGradients got = gradients(q);
    JudgedCell judge = JudgedCell.of(q);
    double step = 1e-5;
    double difference = (loss(q, judge, step) - loss(q, judge, -step)) / (2 * step);
    SplittableRandom random = new SplittableRandom(q.seed());
    double[] product = new double[2];
    add(product, judge.inputs(Plain.ARITHMETIC, got.dx(), got.dh(), got.dc()).named(), random);
    add(product, judge.weights(Plain.ARITHMETIC, got.weights()).named(), random);
    // The size of all terms together: what their rounding, and that of the difference, is about.
    double limit = 1e-6 * Math.sqrt((double) q.steps() * q.units()) * product[1] + 1e-8;
    double error = Math.abs(product[0] - difference);
    assertTrue(
        error <= limit,
        () -> "off by " + error + " of " + difference + ", allowed " + limit + " " + q.where());
  }

  private static void add(
      double[] product, Map<String, Tensor<Plain>> gradients, SplittableRandom random) {
    gradients.forEach(
        (name, tensor) -> {
          for (double value : tensor.values()) {
            double term = value * (random.nextDouble() - 0.5);
            product[0] += term;
            product[1] += Math.abs(term);
          }
        });
  }

  private static double loss(CellCase q, JudgedCell judge, double step) {
    var by = Plain.ARITHMETIC;
    SplittableRandom random = new SplittableRandom(q.seed());
    CellInputs<Plain> inputs = judge.inputs(by, q.x(), q.h0(), q.c0());
    inputs.named().values().forEach(tensor -> move(tensor, step, random));
    CellWeights<Plain> weights = judge.weights(by, q.weights());
    weights
        .named()
        .forEach(
            (name, tensor) -> {
              boolean has =
                  !(name.equals("b") && q.weights().inputBias() == null)
                      && !(name.equals("bR") && q.weights().recurrentBias() == null);
              move(tensor, has ? step : 0, random);
            });
    CellOutputs<Plain> out = judge.reference().forward(weights, inputs.with(judge.trained()));
    CellOutputs<Plain> dOut = judge.outputs(by, q.dy(), q.dh(), q.dc());
    double[] loss = new double[1];
    out.named()
        .forEach(
            (name, tensor) -> {
              Tensor<Plain> d = requireNonNull(dOut.named().get(name));
              for (int i = 0; i < tensor.length(); i++) {
                loss[0] += tensor.at(i).value() * d.at(i).value();
              }
            });
    return loss[0];
  }

  private static void move(Tensor<Plain> tensor, double step, SplittableRandom random) {
    for (int i = 0; i < tensor.length(); i++) {
      double to = tensor.at(i).value() + step * (random.nextDouble() - 0.5);
      tensor.set(Plain.ARITHMETIC.of(to), i);
    }
  }
}
